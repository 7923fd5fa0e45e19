import Testing

@testable import BlueshiftCLI

@Suite struct SLTFileTests {
    private let text = """
        # Purpose.
        cluster nodes=1,2 slices=4

        statement ok
        CREATE TABLE t (a INT)

        statement error 22012
        SELECT 1 / 0
        ---- division

        query IT rowsort
        SELECT a,
               b FROM t
        ----
        1|x

        explain expect=DS_DIST_NONE
        SELECT 1
        """

    @Test func recordsAreRead() throws {
        let file = try SLTFile(text: text)
        #expect(file.shapes.map { "\($0.nodes)x\($0.slices)" } == ["1x4", "2x4"])
        #expect(
            file.records.map(\.kind) == [
                .statement, .error(sqlState: "22012"), .query(kinds: "IT", isSorted: true),
                .explain(expect: "DS_DIST_NONE"),
            ])
        #expect(file.records[1].expected == ["division"])
        #expect(file.records[2].sql == "SELECT a,\n       b FROM t")
        #expect(file.records[2].expected == ["1|x"])
    }

    @Test func answersReplaceTheExpectedPart() throws {
        let changed = try SLTFile(text: text).replacing([2: ["2|y", "3|z"], 3: ["plan"]])
        let again = try SLTFile(text: changed)
        #expect(again.records[2].expected == ["2|y", "3|z"])
        #expect(again.records[3].expected == ["plan"])
        #expect(again.records[1].expected == ["division"])
    }

    @Test(arguments: [
        "statement error\nSELECT 1", "query X\nSELECT 1", "nonsense\nSELECT 1", "statement ok\n",
        "cluster nodes=0", "query I sideways\nSELECT 1",
    ])
    func mistakesAreNamed(text: String) {
        #expect(throws: SLTFile.Failure.self) { try SLTFile(text: text) }
    }
}
