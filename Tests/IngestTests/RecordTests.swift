import Ingest
import SQLTypes
import Testing

/// Whole files: how they fall into records and fields.
struct FileCase: Sendable, CustomStringConvertible {
    var title: String
    var text: String
    /// Columns a INTEGER, b VARCHAR(20), c VARCHAR(20), printed; nil for NULL.
    var rows: [[String?]]
    /// Line, code.
    var errors: [(Int64, LoadErrorCode)]
    var options: CopyOptions
    var description: String { title }

    init(
        _ title: String, _ text: String, _ rows: [[String?]], errors: [(Int64, LoadErrorCode)] = [],
        _ change: (inout CopyOptions) -> Void = { _ in }
    ) {
        self.title = title
        self.text = text
        self.rows = rows
        self.errors = errors
        options = .with(change)
        options.maximumErrors = 100
    }
}

private let delimitedCases: [FileCase] = [
    FileCase("plain", "1|b|c\n2|d|e\n", [["1", "b", "c"], ["2", "d", "e"]]),
    FileCase("no line end at the end", "1|b|c\n2|d|e", [["1", "b", "c"], ["2", "d", "e"]]),
    FileCase("CRLF", "1|b|c\r\n2|d|e\r\n", [["1", "b", "c"], ["2", "d", "e"]]),
    FileCase("trailing delimiter", "1|b|c|\n2|d|e|\n", [["1", "b", "c"], ["2", "d", "e"]]),
    FileCase("trailing delimiter and CRLF", "1|b|c|\r\n", [["1", "b", "c"]]),
    FileCase("empty file", "", []),
    FileCase("empty fields", "1||\n", [["1", "", ""]]),
    FileCase("byte order mark", "\u{FEFF}1|b|c\n", [["1", "b", "c"]]),
    FileCase("extra column", "1|b|c|d\n2|d|e\n", [["2", "d", "e"]], errors: [(1, .extraColumns)]),
    FileCase("many extra columns", "1|b|c|d|e|f|g|h|i|j\n2|d|e\n", [["2", "d", "e"]], errors: [(1, .extraColumns)]),
    FileCase("missing column", "1|b\n2|d|e\n", [["2", "d", "e"]], errors: [(1, .delimiterNotFound)]),
    FileCase(
        "blank line", "1|b|c\n\n2|d|e\n", [["1", "b", "c"], ["2", "d", "e"]], errors: [(2, .delimiterNotFound)]),
    FileCase("blank lines ignored", "\n1|b|c\n\r\n\n2|d|e\n\n", [["1", "b", "c"], ["2", "d", "e"]]) {
        $0.ignoreBlankLines = true
    },
    FileCase(
        "fill record", "1\n2|d\n3|e|\r\n4|f\r\n", [["1", "", ""], ["2", "d", ""], ["3", "e", ""], ["4", "f", ""]]
    ) {
        $0.fillRecord = true
    },
    FileCase("fill record with nulls", "1\n2|d\n", [["1", nil, nil], ["2", "d", nil]]) {
        $0.fillRecord = true
        $0.emptyAsNull = true
    },
    FileCase("header", "a|b|c\nx\n1|b|c\n", [["1", "b", "c"]]) { $0.ignoredHeaderLines = 2 },
    FileCase("header longer than the file", "a|b|c\n", []) { $0.ignoredHeaderLines = 5 },
    FileCase("lines count with the header", "a|b|c\nx|b|c\n", [], errors: [(2, .invalidDigit)]) {
        $0.ignoredHeaderLines = 1
    },
    FileCase("tab", "1\tb\tc\n", [["1", "b", "c"]]) { $0.delimiter = UInt8(ascii: "\t") },
    FileCase("quotes are data", "1|\"b\"|'c'\n", [["1", "\"b\"", "'c'"]]),
    FileCase("backslashes are data", #"1|a\|b"# + "\n", [["1", #"a\"#, "b"]]),
    FileCase(
        "errors in several lines", "x|b|c\n2|d|e\n3|f\ny|g|h\n", [["2", "d", "e"]],
        errors: [(1, .invalidDigit), (3, .delimiterNotFound), (4, .invalidDigit)]),
]

private let quotedCases: [FileCase] = [
    FileCase("CSV", "1,b,c\n2,\"d,e\",\"f\"\"g\"\n", [["1", "b", "c"], ["2", "d,e", "f\"g"]]) { $0.format = .csv },
    FileCase("CSV line ends in quotes", "1,\"b\nx\r\ny\",c\r\n2,d,e\n", [["1", "b\nx\r\ny", "c"], ["2", "d", "e"]]) {
        $0.format = .csv
    },
    FileCase("CSV blanks around quotes", "1 , \"b\" ,c \n", [["1", "b", "c "]]) { $0.format = .csv },
    FileCase("CSV other quote", "1,%b\"c%,'d'\n", [["1", "b\"c", "'d'"]]) {
        $0.format = .csv
        $0.quote = UInt8(ascii: "%")
    },
    FileCase("CSV empty quotes", "1,\"\",\n", [["1", "", ""]]) { $0.format = .csv },
    FileCase("CSV trailing delimiter", "1,b,c,\n", [["1", "b", "c"]]) { $0.format = .csv },
    FileCase("CSV quote inside", "1,b\"x,c\n2,d,e\n", [["2", "d", "e"]], errors: [(1, .invalidLine)]) {
        $0.format = .csv
    },
    FileCase("CSV text after quote", "1,\"b\"x,c\n2,d,e\n", [["2", "d", "e"]], errors: [(1, .invalidLine)]) {
        $0.format = .csv
    },
    FileCase("CSV quote never closed", "1,b,c\n2,\"d,e\n3,f,g\n", [["1", "b", "c"]], errors: [(2, .invalidLine)]) {
        $0.format = .csv
    },
    FileCase("CSV line numbers", "1,\"b\n\n\",c\nx,d,e\n", [["1", "b\n\n", "c"]], errors: [(4, .invalidDigit)]) {
        $0.format = .csv
    },
    FileCase("CSV blank lines", "\n1,b,c\n", [["1", "b", "c"]]) {
        $0.format = .csv
        $0.ignoreBlankLines = true
    },
    FileCase("CSV tab", "1\t\"b\tb\"\t c\n", [["1", "b\tb", " c"]]) {
        $0.format = .csv
        $0.delimiter = UInt8(ascii: "\t")
    },
    FileCase(
        "escape", #"1|a\|b|c\\d"# + "\n" + #"2|a\"# + "\n" + "b|c\n", [["1", "a|b", #"c\d"#], ["2", "a\nb", "c"]]
    ) {
        $0.escape = true
    },
    FileCase("escape null", #"1|\N|\\N"# + "\n", [["1", nil, nil]]) { $0.escape = true },
    FileCase("escape at the end", #"1|b|c\"#, [], errors: [(1, .invalidLine)]) { $0.escape = true },
    FileCase("escape CRLF", "1|b|c\r\n", [["1", "b", "c"]]) { $0.escape = true },
    FileCase("remove quotes", "1|'b|c'|\"d\"\n2|e'f|g\"\r\n", [["1", "b|c", "d"], ["2", "e'f", "g\""]]) {
        $0.removeQuotes = true
    },
    FileCase("remove quotes CRLF", "1|'b'|'c'\r\n", [["1", "b", "c"]]) { $0.removeQuotes = true },
    FileCase("remove quotes inside", "1|'it's'|c\n", [["1", "it's", "c"]]) { $0.removeQuotes = true },
    FileCase("remove quotes unmatched", "1|'b|c\n2|d|e\n", [["2", "d", "e"]], errors: [(1, .invalidLine)]) {
        $0.removeQuotes = true
    },
    FileCase("remove quotes and escape", #"1|'a\'b'|c"# + "\n", [["1", "a'b", "c"]]) {
        $0.removeQuotes = true
        $0.escape = true
    },
]

@Suite struct RecordTests {
    static let columns = table([
        ("a", .integer, true), ("b", .varchar(length: 20), true), ("c", .varchar(length: 20), true),
    ])

    static func printed(_ rows: [[SQLValue]]) -> [[String?]] {
        rows.map { row in
            row.map { value in
                switch value {
                case .null: nil
                case .integer(let number): "\(number)"
                case .string(let bytes): String(decoding: bytes, as: UTF8.self)
                default: "\(value)"
                }
            }
        }
    }

    @Test(arguments: delimitedCases + quotedCases)
    func file(_ example: FileCase) {
        let result = load([Array(example.text.utf8)], into: RecordTests.columns, options: example.options)
        #expect(result.thrown == nil)
        #expect(RecordTests.printed(result.rows) == example.rows)
        #expect(result.errors.map(\.lineNumber) == example.errors.map(\.0))
        #expect(result.errors.map(\.code) == example.errors.map(\.1))
        #expect(result.progress.records == Int64(example.rows.count))
        #expect(result.progress.textBytes == Int64(example.text.utf8.count))
        #expect(result.files.map(\.errors) == [Int64(example.errors.count)])
    }

    @Test func loadErrorShowsTheLine() throws {
        let text = "1|b|c\n2|d|e\n3|é\t|f\nfour|g|h\n"
        let result = load([Array(text.utf8)], into: RecordTests.columns, options: .with { $0.maximumErrors = 2 })
        let error = try #require(result.errors.first)
        #expect(error.file == "s3://lab/part-0")
        #expect(error.lineNumber == 4)
        #expect(error.column == 0)
        #expect(error.columnName == "a")
        #expect(error.typeName == "int4")
        #expect(error.rawLine == "four|g|h")
        #expect(error.rawFieldValue == "four")
        #expect(LoadError.rawByteLimit == 1_024)
    }

    @Test(arguments: [0, 1, 2, 3])
    func maximumErrors(limit: Int) {
        let text = "x|b|c\n2|d|e\ny|f|g\n"
        let result = load([Array(text.utf8)], into: RecordTests.columns, options: .with { $0.maximumErrors = limit })
        if limit <= 2 {
            #expect(result.thrown?.state == .internalError)
            #expect(
                result.thrown?.message
                    == "Load into table 't' failed.  Check 'stl_load_errors' system table for details.")
            #expect(result.thrown?.detail?.contains("s3://lab/part-0, line 1, column a (int4), value 'x'") == true)
        } else {
            #expect(result.thrown == nil)
            #expect(result.rows.count == 1)
        }
    }

    @Test func columnListAndDefaults() {
        let columns = table([("a", .integer, true), ("b", .varchar(length: 9), false), ("c", .date, true)])
        let result = load(
            [Array("2000-01-03|7\n".utf8)], into: columns, options: CopyOptions(), columns: [2, 0],
            defaults: [.null, SQLValue("dflt"), .null])
        #expect(result.rows == [[.integer(7), SQLValue("dflt"), .date(2)]])
        let refused = load([[]], into: columns, options: CopyOptions(), columns: [2, 0])
        #expect(refused.thrown?.state == .notNullViolation)
    }

    @Test func severalFiles() {
        let result = load(
            ["1|b|c\n", "", "2|d|e", "x|y\n"].map { Array($0.utf8) }, into: RecordTests.columns,
            options: .with { $0.maximumErrors = 2 })
        #expect(RecordTests.printed(result.rows) == [["1", "b", "c"], ["2", "d", "e"]])
        #expect(result.errors.map(\.file) == ["s3://lab/part-3"])
        #expect(result.errors.map(\.lineNumber) == [1])
        #expect(result.progress.filesDone == 4)
        #expect(result.files.map(\.lines) == [1, 0, 1, 1])
    }

    /// Longer than the window, up to the limit and past it.
    @Test func longLines() {
        let columns = table([("a", .integer, true), ("b", .varchar(length: 65_535), true)])
        let long = String(repeating: "x", count: 300_000)
        let tooLong = String(repeating: "y", count: 5 << 20)
        let text = "1|\(long)\n2|b\n3|\(tooLong)\n4|d\n"
        let options = CopyOptions.with {
            $0.truncateColumns = true
            $0.maximumErrors = 5
        }
        let result = load([Array(text.utf8)], into: columns, options: options)
        #expect(result.rows.map { $0[0] } == [.integer(1), .integer(2), .integer(4)])
        #expect(result.errors.map(\.code) == [.invalidLine])
        #expect(result.errors.map(\.lineNumber) == [3])
        #expect(result.progress.lines == 4)
    }

    @Test func batchesAreOfUsefulSize() {
        let text = (0..<10_000).map { "\($0)|b|c\n" }.joined()
        let result = load([Array(text.utf8)], into: RecordTests.columns, options: CopyOptions())
        #expect(result.rows.map { $0[0] } == (0..<10_000).map { .integer($0) })
        #expect(result.batchSizes.dropLast().allSatisfy { (2_048..<3_072).contains($0) })
    }
}
