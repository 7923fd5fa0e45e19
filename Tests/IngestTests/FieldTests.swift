import Ingest
import SQLTypes
import Testing

/// One field of one type: what it is loaded as, or why it is not.
struct FieldCase: Sendable, CustomStringConvertible {
    enum Expectation: Sendable {
        case value(SQLValue)
        case error(LoadErrorCode, String)
    }

    var type: SQLType
    var field: String
    var expected: Expectation
    var options: CopyOptions

    var description: String { "'\(field)' as \(type)" }

    init(
        _ type: SQLType, _ field: String, _ value: SQLValue, _ change: (inout CopyOptions) -> Void = { _ in }
    ) {
        self.type = type
        self.field = field
        expected = .value(value)
        options = .with(change)
    }

    init(
        _ type: SQLType, _ field: String, error: LoadErrorCode, _ reason: String,
        _ change: (inout CopyOptions) -> Void = { _ in }
    ) {
        self.type = type
        self.field = field
        expected = .error(error, reason)
        options = .with(change)
    }
}

private func decimal(_ unscaled: Int128, _ scale: Int) -> SQLValue {
    .decimal(Decimal(unscaled: unscaled, scale: scale))
}
private let price = SQLType.decimal(precision: 8, scale: 2)
private let wide = SQLType.decimal(precision: 38, scale: 4)
private let day: Int64 = 86_400_000_000

private let numberCases: [FieldCase] = [
    FieldCase(.integer, "0", .integer(0)),
    FieldCase(.integer, "-7", .integer(-7)),
    FieldCase(.integer, "+7", .integer(7)),
    FieldCase(.integer, "  42 ", .integer(42)),
    FieldCase(.integer, "12345678", .integer(12_345_678)),
    FieldCase(.integer, "2147483647", .integer(2_147_483_647)),
    FieldCase(.integer, "-2147483648", .integer(-2_147_483_648)),
    FieldCase(.integer, "00000000000000000000012", .integer(12)),
    FieldCase(.integer, "", .null),
    FieldCase(.integer, "   ", .null),
    FieldCase(.integer, #"\N"#, .null),
    FieldCase(.integer, "0", .null) { $0.nullMarker = Array("0".utf8) },
    FieldCase(.integer, "a", error: .invalidDigit, "Invalid digit, Value 'a', Pos 0, Type: Integer"),
    FieldCase(.integer, "12x4", error: .invalidDigit, "Invalid digit, Value 'x', Pos 2, Type: Integer"),
    FieldCase(.integer, " 1.5", error: .invalidDigit, "Invalid digit, Value '.', Pos 2, Type: Integer"),
    FieldCase(.integer, "1234567;", error: .invalidDigit, "Invalid digit, Value ';', Pos 7, Type: Integer"),
    FieldCase(.integer, "-", error: .invalidDigit, "Invalid digit, Value '', Pos 1, Type: Integer"),
    FieldCase(
        .integer, "2147483648", error: .integerOverflow, "Overflow, Value '2147483648', Pos 10, Type: Integer"),
    FieldCase(.smallint, "32767", .integer(32_767)),
    FieldCase(.smallint, "-32769", error: .integerOverflow, "Overflow, Value '-32769', Pos 6, Type: Short"),
    FieldCase(.bigint, "9223372036854775807", .integer(.max)),
    FieldCase(.bigint, "-9223372036854775808", .integer(.min)),
    FieldCase(.bigint, "1234567890123456", .integer(1_234_567_890_123_456)),
    FieldCase(.bigint, "12345678901234567", .integer(12_345_678_901_234_567)),
    FieldCase(
        .bigint, "9223372036854775808", error: .integerOverflow,
        "Overflow, Value '9223372036854775808', Pos 19, Type: Long"),
    FieldCase(price, "17", decimal(1_700, 2)),
    FieldCase(price, "17.5", decimal(1_750, 2)),
    FieldCase(price, "17.55", decimal(1_755, 2)),
    FieldCase(price, "-0.04", decimal(-4, 2)),
    FieldCase(price, ".5", decimal(50, 2)),
    FieldCase(price, "999999.99", decimal(99_999_999, 2)),
    FieldCase(price, "17.559", decimal(1_755, 2)),
    FieldCase(price, "17.559", decimal(1_756, 2)) { $0.roundDecimals = true },
    FieldCase(price, "", .null),
    FieldCase(price, "1000000", error: .outOfRange, "Overflow for NUMERIC(8,2)"),
    FieldCase(price, "1000000.00", error: .outOfRange, "Overflow for NUMERIC(8,2)"),
    FieldCase(price, "1,5", error: .invalidDigit, "Invalid digit, Value ',', Pos 1, Type: Decimal"),
    FieldCase(price, "1.2.3", error: .invalidDigit, "Invalid digit, Value '.', Pos 3, Type: Decimal"),
    FieldCase(.decimal(precision: 12, scale: 2), "123456.78", decimal(12_345_678, 2)),
    FieldCase(.decimal(precision: 12, scale: 2), "1234567.89", decimal(123_456_789, 2)),
    FieldCase(.decimal(precision: 5, scale: 0), "12345", decimal(12_345, 0)),
    FieldCase(.decimal(precision: 18, scale: 10), "1.5", decimal(15_000_000_000, 10)),
    FieldCase(wide, "12.3456", decimal(123_456, 4)),
    FieldCase(
        wide, "1234567890123456789012345678901234.5678",
        decimal(12_345_678_901_234_567_890_123_456_789_012_345_678, 4)),
    FieldCase(.double, "1.5e3", .double(1_500)),
    FieldCase(.double, "-0.25", .double(-0.25)),
    FieldCase(.double, "x", error: .invalidFloat, "Invalid digit, Value 'x', Pos 0, Type: Double"),
    FieldCase(.real, "0.1", .real(0.1)),
    FieldCase(.boolean, "t", .boolean(true)),
    FieldCase(.boolean, "TRUE", .boolean(true)),
    FieldCase(.boolean, "Y", .boolean(true)),
    FieldCase(.boolean, "0", .boolean(false)),
    FieldCase(.boolean, "no", .boolean(false)),
    FieldCase(.boolean, "", .null),
    FieldCase(.boolean, "2", error: .invalidBoolean, "Unknown boolean format"),
]

private let dateCases: [FieldCase] = [
    FieldCase(.date, "2000-01-01", .date(0)),
    FieldCase(.date, "1999-12-31", .date(-1)),
    FieldCase(.date, "2008-02-29", .date(2_981)),
    FieldCase(.date, "0001-01-01", .date(-730_119)),
    FieldCase(.date, "2000-01-02 10:00:00", .date(1)),
    FieldCase(.date, " 2000-01-02 ", .date(1)),
    FieldCase(.date, "", .null),
    FieldCase(.date, "2007-02-29", error: .invalidDate, "Invalid Date Format or Value [YYYY-MM-DD]"),
    FieldCase(.date, "1900-02-29", error: .invalidDate, "Invalid Date Format or Value [YYYY-MM-DD]"),
    FieldCase(.date, "2008-13-01", error: .invalidDate, "Invalid Date Format or Value [YYYY-MM-DD]"),
    FieldCase(.date, "2008-04-31", error: .invalidDate, "Invalid Date Format or Value [YYYY-MM-DD]"),
    FieldCase(.date, "2008-00-01", error: .invalidDate, "Invalid Date Format or Value [YYYY-MM-DD]"),
    FieldCase(.date, "2008-1-1", error: .invalidDate, "Invalid date format - length must be 10 or more"),
    FieldCase(.date, "00/00/00", .null) {
        $0.acceptsAnyDate = true
        $0.dateFormat = "auto"
    },
    FieldCase(.date, "02/29/2008", .date(2_981)) { $0.dateFormat = "MM/DD/YYYY" },
    FieldCase(.date, "2/9/2008", .date(2_961)) { $0.dateFormat = "MM/DD/YYYY" },
    FieldCase(.date, "080215", .date(2_967)) { $0.dateFormat = "YYMMDD" },
    FieldCase(.date, "960108", .date(-1_454)) { $0.dateFormat = "YYMMDD" },
    FieldCase(.date, "15-Feb-2008", .date(2_967)) { $0.dateFormat = "DD-MON-YYYY" },
    FieldCase(.date, "02-15-2008", error: .invalidDate, "Invalid date format or value") {
        $0.dateFormat = "MM/DD/YYYY"
    },
    FieldCase(.date, "J2451187", .date(-358)) { $0.dateFormat = "auto" },
    FieldCase(.timestamp, "2000-01-02 00:00:01", .timestamp(day + 1_000_000)),
    FieldCase(.timestamp, "2000-01-02 00:00:01.25", .timestamp(day + 1_250_000)),
    FieldCase(.timestamp, "1999-12-31 23:59:59", .timestamp(-1_000_000)),
    FieldCase(
        .timestamp, "2000-01-02", error: .invalidTimestamp,
        "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"),
    FieldCase(
        .timestamp, "2000-01-02 24:00:01", error: .invalidTimestamp,
        "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"),
    FieldCase(.timestamp, "2000-01-02", .timestamp(day)) { $0.timeFormat = "auto" },
    FieldCase(.timestamp, "01/02/2000 01:02:03", .timestamp(day + 3_723_000_000)) {
        $0.timeFormat = "MM/DD/YYYY HH:MI:SS"
    },
    FieldCase(.timestamp, "01/02/2000 12:00:00 AM", .timestamp(day)) { $0.timeFormat = "MM/DD/YYYY HH12:MI:SS AM" },
    FieldCase(.timestamp, "946684801", .timestamp(1_000_000)) { $0.timeFormat = "epochsecs" },
    FieldCase(.timestamp, "946684801500", .timestamp(1_500_000)) { $0.timeFormat = "epochmillisecs" },
    FieldCase(.timestamptz, "2000-01-01 01:00:00+01", .timestamptz(0)),
    FieldCase(.timestamptz, "2000-01-02 00:00:00", .timestamptz(day)),
    FieldCase(.time, "01:02:03", .time(3_723_000_000)),
    FieldCase(.time, "01:02:03.5", .time(3_723_500_000)),
]

private let name = SQLType.varchar(length: 5)
private let code = SQLType.char(length: 3)

private let stringCases: [FieldCase] = [
    FieldCase(name, "abc", SQLValue("abc")),
    FieldCase(name, "abcde", SQLValue("abcde")),
    FieldCase(name, "abc  ", SQLValue("abc  ")),
    FieldCase(name, "abc  ", SQLValue("abc")) { $0.trimBlanks = true },
    FieldCase(name, "abc    ", SQLValue("abc  ")),
    FieldCase(name, "", SQLValue("")),
    FieldCase(name, "", .null) { $0.emptyAsNull = true },
    FieldCase(name, "", .null) { $0.nullMarker = [] },
    FieldCase(name, "  ", SQLValue("  ")),
    FieldCase(name, "  ", .null) { $0.blanksAsNull = true },
    FieldCase(name, #"\N"#, .null),
    FieldCase(name, #"\N"#, SQLValue(#"\N"#)) { $0.nullMarker = Array("none".utf8) },
    FieldCase(name, "none", .null) { $0.nullMarker = Array("none".utf8) },
    FieldCase(name, "\0", .null) { $0.nullMarker = [0] },
    FieldCase(name, "é", SQLValue("é")),
    FieldCase(name, "éééé", error: .outOfRange, "String length exceeds DDL length"),
    FieldCase(name, "éééé", SQLValue("éé")) { $0.truncateColumns = true },
    FieldCase(name, "abcdef", error: .outOfRange, "String length exceeds DDL length"),
    FieldCase(name, "abcdef", SQLValue("abcde")) { $0.truncateColumns = true },
    FieldCase(code, "ab ", SQLValue("ab")),
    FieldCase(code, "ab   ", SQLValue("ab")),
    FieldCase(code, "abcd", error: .outOfRange, "Char length exceeds DDL length"),
    FieldCase(code, "ab d", SQLValue("ab")) { $0.truncateColumns = true },
    FieldCase(
        code, "é", error: .invalidUTF8,
        "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: c3 a9"),
    FieldCase(
        .varchar(length: 100), "The quick brown fox jumps over the lazy dog",
        SQLValue("The quick brown fox jumps over the lazy dog")),
]

@Suite struct FieldTests {
    @Test(arguments: numberCases + dateCases + stringCases)
    func field(_ example: FieldCase) {
        var options = example.options
        options.maximumErrors = 10
        let table = table([("a", .integer, false), ("f", example.type, true), ("z", .integer, false)])
        let result = load([Array("1|\(example.field)|3\n".utf8)], into: table, options: options)
        #expect(result.thrown == nil)
        switch example.expected {
        case .value(let value):
            #expect(result.errors == [])
            #expect(result.rows == [[.integer(1), value, .integer(3)]])
        case .error(let code, let reason):
            #expect(result.rows == [])
            #expect(result.errors.map(\.code) == [code])
            #expect(result.errors.first?.reason == String(reason.prefix(100)))
            #expect(result.errors.first?.columnName == "f")
            #expect(result.errors.first?.lineNumber == 1)
        }
    }

    @Test func notNull() {
        let table = table([("a", .integer, false), ("b", .varchar(length: 5), false)])
        let options = CopyOptions.with {
            $0.maximumErrors = 10
            $0.emptyAsNull = true
        }
        let result = load([Array("1|x\n|x\n2|\n3|y\n".utf8)], into: table, options: options)
        #expect(result.rows == [[.integer(1), SQLValue("x")], [.integer(3), SQLValue("y")]])
        #expect(result.errors.map(\.code) == [.missingNotNull, .missingNotNull])
        #expect(result.errors.map(\.columnName) == ["a", "b"])
        #expect(result.errors.map(\.lineNumber) == [2, 3])
    }

    @Test func invalidUTF8() {
        let table = table([("a", .varchar(length: 20), true)])
        let text: [UInt8] = Array("ab".utf8) + [0xA4, 0xE0, 0xA1] + Array("c\n".utf8)
        let refused = load([text], into: table, options: .with { $0.maximumErrors = 2 })
        #expect(refused.errors.map(\.code) == [.invalidUTF8])
        #expect(
            refused.errors.first?.reason
                == "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: a4 (error 3)")
        #expect(refused.errors.first?.position == 2)
        let mended = load([text], into: table, options: .with { $0.replacementCharacter = UInt8(ascii: "^") })
        #expect(mended.rows == [[SQLValue("ab^^^c")]])
        #expect(mended.progress.replacedRecords == 1)
    }
}
