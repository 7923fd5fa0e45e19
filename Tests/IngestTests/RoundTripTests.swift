import Catalog
import Ingest
import SQLTypes
import Testing

/// What is printed is read back, whatever the syntax, with and without compression, over block and window borders.
@Suite struct RoundTripTests {
    static let columns = table([
        ("k", .bigint, true), ("s", .smallint, true), ("d", .decimal(precision: 12, scale: 2), true),
        ("t", .date, true),
        ("ts", .timestamp, true), ("c", .char(length: 10), true), ("v", .varchar(length: 60), true),
        ("b", .boolean, true),
        ("w", .decimal(precision: 30, scale: 6), true), ("f", .double, true),
    ])

    enum Syntax: CaseIterable { case delimited, csv, escape }

    static func randomValue(_ type: SQLType, by random: inout SplitMix64, _ syntax: Syntax) -> SQLValue {
        if random.below(10) == 0 { return .null }
        let shift = random.below(63)
        switch type {
        case .bigint: return .integer(Int64(bitPattern: random.next()) >> shift)
        case .smallint: return .integer(Int64(Int16(truncatingIfNeeded: random.next()) >> (shift % 15)))
        case .decimal(let precision, let scale):
            let limit = precision == 12 ? Int128(999_999_999_999) : Int128(Int64.max) * 1_000
            let wide = Int128(Int64(bitPattern: random.next()) >> shift) * (precision == 12 ? 1 : 997)
            return .decimal(Decimal(unscaled: wide % limit, scale: scale))
        case .date: return .date(Int32(random.below(200_000)) - 100_000)
        case .timestamp:
            let microseconds = Int64(random.below(1 << 55)) - (1 << 54)
            return .timestamp(random.below(2) == 0 ? microseconds : microseconds / 1_000_000 * 1_000_000)
        case .char: return .string(randomText(upTo: 10, by: &random, syntax, isASCII: true))
        case .varchar: return .string(randomText(upTo: 20, by: &random, syntax, isASCII: random.below(4) > 0))
        case .boolean: return .boolean(random.below(2) == 0)
        default: return .double(Double(Int64(bitPattern: random.next()) >> shift) / 1_024)
        }
    }

    static func randomText(upTo limit: Int, by random: inout SplitMix64, _ syntax: Syntax, isASCII: Bool) -> [UInt8] {
        var letters = Array("abcxyz  0189.-".unicodeScalars)
        if !isASCII { letters += Array("éß€𝄞".unicodeScalars) }
        if syntax != .delimited { letters += Array("|,\"\n\\\r'".unicodeScalars) }
        var text = ""
        for _ in 0..<random.below(limit + 1) { text.unicodeScalars.append(letters[random.below(letters.count)]) }
        var bytes = Array(text.utf8)
        // CHAR is stored without them.
        if isASCII { while bytes.last == 0x20 { bytes.removeLast() } }
        return bytes
    }

    static func print(_ value: SQLValue, _ type: SQLType, _ syntax: Syntax) -> [UInt8] {
        if value.isNull { return Array("<null>".utf8) }
        if case .double(let number) = value { return Array("\(number)".utf8) }
        let text = value.text(as: type)
        // CHAR is printed with its padding.
        guard case .string(let bytes) = value else { return text }
        switch syntax {
        case .delimited: return bytes
        case .csv: return [0x22] + bytes.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
        case .escape: return bytes.flatMap { #"|\"#.utf8.contains($0) || $0 == 10 || $0 == 13 ? [0x5C, $0] : [$0] }
        }
    }

    @Test(arguments: UInt64(0)..<8, Syntax.allCases)
    func roundTrip(seed: UInt64, syntax: Syntax) throws {
        var random = SplitMix64(seed: seed)
        let types = RoundTripTests.columns.columns.map(\.type)
        let rowCount = [0, 1, 50, 1_024, 1_025, 2_500, 3_000, 4_000][Int(seed)]
        var rows: [[SQLValue]] = []
        var text: [UInt8] = []
        let delimiter = UInt8(ascii: syntax == .csv ? "," : "|")
        for _ in 0..<rowCount {
            let row = types.map { RoundTripTests.randomValue($0, by: &random, syntax) }
            for (index, value) in row.enumerated() {
                if index > 0 { text.append(delimiter) }
                text += RoundTripTests.print(value, types[index], syntax)
            }
            text.append(UInt8(ascii: "\n"))
            rows.append(row)
        }
        var options = CopyOptions.with { $0.nullMarker = Array("<null>".utf8) }
        if syntax == .csv { options.format = .csv }
        if syntax == .escape { options.escape = true }
        if seed % 2 == 1 {
            options.compression = .gzip
            text = try gzip(text)
        }
        let result = load([text], into: RoundTripTests.columns, options: options)
        #expect(result.thrown == nil)
        #expect(result.rows.count == rows.count)
        for (index, (got, wanted)) in zip(result.rows, rows).enumerated() where got != wanted {
            Issue.record("row \(index): \(got), not \(wanted)")
            break
        }
    }

    /// No bytes, however odd, may stop the process; what is rejected is reported.
    @Test(arguments: UInt64(0)..<60)
    func garbage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet: [UInt8] = [
            10, 13, 0x22, 0x27, 0x5C, 0x7C, 0x2C, 0x20, 0x30, 0x39, 0x2D, 0x2E, 0x61, 0, 0x80, 0xC3, 0xE2, 0xF0, 0xFF,
        ]
        let text = (0..<random.below(3_000)).map { _ in alphabet[random.below(alphabet.count)] }
        for syntax in Syntax.allCases {
            var options = CopyOptions.with { $0.ignoresAllErrors = true }
            if syntax == .csv { options.format = .csv }
            if syntax == .escape { options.escape = true }
            options.fillRecord = seed % 3 == 0
            options.removeQuotes = seed % 2 == 0 && syntax != .csv
            if seed % 5 == 0 { options.replacementCharacter = UInt8(ascii: "?") }
            let result = load([text], into: RoundTripTests.columns, options: options)
            #expect(result.thrown == nil)
            #expect(result.progress.textBytes == Int64(text.count))
        }
    }
}
