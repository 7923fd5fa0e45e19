import Catalog
import Ingest
import SQLTypes
import Testing

@Suite struct FixedWidthTests {
    private static func load(_ text: String, _ change: (inout CopyOptions) -> Void = { _ in }) -> LoadResult {
        var options = CopyOptions.with { $0.format = .fixedWidth("a:3,b:4,c:2") }
        change(&options)
        return IngestTests.load([Array(text.utf8)], into: RecordTests.columns, options: options)
    }

    private static let cases: [(String, [[SQLValue]])] = [
        ("", []),
        ("  1abcd x\n", [[.integer(1), .string(Array("abcd".utf8)), .string(Array(" x".utf8))]]),
        ("100é€𝄞zyy\r\n", [[.integer(100), .string(Array("é€𝄞z".utf8)), .string(Array("yy".utf8))]]),
        ("   ab  cc", [[.null, .string(Array("ab  ".utf8)), .string(Array("cc".utf8))]]),
        ("001abcde\n", [[.integer(1), .string(Array("abcd".utf8)), .string(Array("e".utf8))]]),
    ]

    @Test(arguments: cases)
    func fields(text: String, rows: [[SQLValue]]) {
        let result = FixedWidthTests.load(text)
        #expect(result.thrown == nil)
        #expect(result.rows == rows)
    }

    @Test func linesOfTheWrongLength() {
        let text = "  1abcdxx\n  2ab\n  3abcdxxx\n\nx  abcdxx\n  4abcdxx\n"
        let result = FixedWidthTests.load(text) { $0.ignoresAllErrors = true }
        #expect(result.errors.map(\.lineNumber) == [2, 3, 4, 5])
        #expect(result.rows.map { $0[0] } == [.integer(1), .integer(4)])
        let filled = FixedWidthTests.load("  2ab\n  1\n") { $0.fillRecord = true }
        #expect(filled.thrown == nil)
        #expect(filled.rows.map { $0[0] } == [.integer(2), .integer(1)])
    }

    @Test func manyRowsOverBlocksAndWindows() {
        let text = (0..<60_000).map { "\($0 % 900 + 100)é\($0 % 9)\($0 % 7)zq\($0 % 5)\n" }.joined()
        let result = FixedWidthTests.load(text)
        #expect(result.thrown == nil)
        #expect(result.rows.map { $0[0] } == (0..<60_000).map { .integer(Int64($0 % 900 + 100)) })
        #expect(result.rows.last?[2] == .string(Array("q4".utf8)))
    }
}
