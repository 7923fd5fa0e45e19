import Blueshift
import Testing

@testable import BlueshiftCLI

@Suite struct ErrorReportTests {
    @Test func caretStandsUnderThePlace() {
        let statement = "select 1\nfrom nowhere"
        let error = SQLError(.undefinedTable, "relation \"nowhere\" does not exist", position: 15)
        #expect(
            errorReport(error, statement: statement) == """
                ERROR:  relation "nowhere" does not exist
                LINE 2: from nowhere
                             ^
                SQLSTATE: 42P01
                """)
    }

    @Test func positionsAreInScalarsAndWideOnesTakeTwoColumns() {
        let error = SQLError(.syntaxError, "syntax error", position: 11)
        let lines = errorReport(error, statement: "select '語' x y").split(separator: "\n")
        #expect(lines[2] == "                   ^")
    }

    @Test func placesOutsideTheTextAreLeftOut() {
        let error = SQLError(.syntaxError, "syntax error at end of input", hint: "more", position: 99)
        #expect(
            errorReport(error, statement: "select")
                == "ERROR:  syntax error at end of input\nHINT:  more\nSQLSTATE: 42601")
    }

    @Test func longLinesAreCutAroundThePlace() {
        let statement = "select " + String(repeating: "a, ", count: 200) + "b"
        let lines = errorReport(SQLError(.syntaxError, "x", position: 500), statement: statement).split(separator: "\n")
        #expect(lines[1].count <= 108)
        #expect(lines[2].count <= 108)
    }
}
