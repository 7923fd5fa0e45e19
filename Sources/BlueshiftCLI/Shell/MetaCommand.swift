import Blueshift
import FoundationEssentials

/// A line that begins with a backslash: psql's commands as far as they make sense here.
struct MetaCommand {
    private let name: String
    private let argument: String

    /// nil if the line is not one.
    init?(_ line: String) {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        guard trimmed.first == "\\" else { return nil }
        let parts = trimmed.dropFirst().split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        name = parts.first.map(String.init) ?? ""
        var rest = parts.count > 1 ? Substring(parts[1]) : ""
        while let last = rest.last, last == " " || last == ";" { rest.removeLast() }
        argument = String(rest)
    }

    static let help = """
        \\d              list tables          \\d NAME      columns of a table
        \\dt             list tables
        \\x              one column a line    \\timing      time of each statement
        \\i FILE         run a file           \\format F    table, csv, json or markdown
        \\?              this help            \\q           quit
        """

    /// False to quit.
    func run(on runner: StatementRunner, runStatements: ([String]) async -> Void) async -> Bool {
        switch name {
        case "q", "quit": return false
        case "?", "help": runner.output.line(MetaCommand.help)
        case "x": toggle(\.isExpanded, "Expanded display", runner)
        case "timing": toggle(\.isTiming, "Timing", runner)
        case "format": setFormat(runner)
        case "i": await include(runStatements)
        case "dt": _ = await runner.run(MetaCommand.listTables)
        case "d" where argument.isEmpty: _ = await runner.run(MetaCommand.listTables)
        case "d": await describe(runner)
        default: printToStandardError("invalid command \\\(name); try \\? for help")
        }
        runner.output.flush()
        return true
    }

    private func toggle(
        _ setting: ReferenceWritableKeyPath<StatementRunner, Bool>, _ title: String, _ runner: StatementRunner
    ) {
        runner[keyPath: setting].toggle()
        runner.output.line("\(title) is \(runner[keyPath: setting] ? "on" : "off").")
    }

    private func setFormat(_ runner: StatementRunner) {
        guard let format = ResultFormat(rawValue: argument) else {
            printToStandardError("\\format takes \(ResultFormat.allCases.map(\.rawValue).joined(separator: ", "))")
            return
        }
        runner.format = format
    }

    private func include(_ runStatements: ([String]) async -> Void) async {
        guard let data = FileManager.default.contents(atPath: argument) else {
            printToStandardError("\(argument): cannot be read")
            return
        }
        var script = SQLScript()
        do throws(SQLError) {
            await runStatements(try script.append(Array(data)) + script.finish())
        } catch {
            printToStandardError(errorReport(error, statement: ""))
        }
    }

    private static let listTables = """
        SELECT schema AS "Schema", "table" AS "Name", diststyle AS "Distribution", sortkey1 AS "Sort key", \
        tbl_rows AS "Rows" FROM svv_table_info ORDER BY 1, 2
        """

    private func describe(_ runner: StatementRunner) async {
        let parts = argument.lowercased().split(separator: ".", maxSplits: 1).map(String.init)
        let table = (parts.last ?? "").replacing("'", with: "''")
        let schema = parts.count == 2 ? " AND schemaname = '\(parts[0].replacing("'", with: "''"))'" : ""
        _ = await runner.run(
            """
            SELECT "column" AS "Column", type AS "Type", encoding AS "Encoding", distkey AS "Distkey", \
            sortkey AS "Sortkey", "notnull" AS "Not null" FROM pg_table_def WHERE tablename = '\(table)'\(schema)
            """)
    }
}
