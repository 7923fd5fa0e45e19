import Catalog
import Ingest
import SQLTypes
import Testing

/// The decoders read whole words where they can; what they say must be what the plain readers of SQLTypes say.
@Suite struct DecoderAgreementTests {
    static let types: [SQLType] = [
        .smallint, .integer, .bigint, .decimal(precision: 5, scale: 0), .decimal(precision: 8, scale: 2),
        .decimal(precision: 12, scale: 2), .decimal(precision: 18, scale: 8), .decimal(precision: 19, scale: 9),
        .decimal(precision: 38, scale: 3),
    ]

    @Test(arguments: types)
    func numbers(type: SQLType) {
        var random = SplitMix64(seed: 7)
        let texts = (0..<4_000).map { _ in DecoderAgreementTests.numberText(by: &random) }
        compare(texts, as: type) { try? type.parse(Array($0.utf8)) }
    }

    /// Mostly digits; sometimes a point, a sign or a stray character.
    private static func numberText(by random: inout SplitMix64) -> String {
        let length = 1 + random.below(random.below(4) == 0 ? 22 : 10)
        var text = random.below(4) == 0 ? "-" : ""
        let point = random.below(2) == 0 ? random.below(length + 1) : -1
        let stray = random.below(8) == 0 ? random.below(length) : -1
        for index in 0..<length {
            if index == point { text += "." }
            let characters = Array("0123456789" + (index == stray ? ":/;?p~ +-.eéÿ" : ""))
            text.append(
                index == stray ? characters[10 + random.below(characters.count - 10)] : characters[random.below(10)])
        }
        return text
    }

    @Test func dates() {
        var random = SplitMix64(seed: 8)
        let texts = (0..<20_000).map { index in
            let digits = (0..<8).map { _ in "\(random.below(10))" }
            let year = random.below(3) == 0 ? digits[0..<4].joined() : "\(1900 + random.below(200))"
            let month = random.below(4) == 0 ? digits[4..<6].joined() : "0" + "\(1 + random.below(9))"
            let day = random.below(4) == 0 ? digits[6..<8].joined() : "\(10 + random.below(23))"
            return index % 50 == 0 ? "\(year)-\(month)/\(day)" : "\(year)-\(month)-\(day)"
        }
        compare(texts, as: .date) { text in
            let parts = text.split(separator: "-").compactMap { Int($0) }
            guard parts.count == 3, case let date = CivilDate(year: parts[0], month: parts[1], day: parts[2]),
                date.year > 0, date.isValid
            else { return nil }
            return .date(Int32(date.daysSince2000))
        }
    }

    private func compare(
        _ texts: [String], as type: SQLType, to expected: (String) -> SQLValue?
    ) {
        let lines = texts.enumerated().map { "\($0)|\($1)\n" }.joined()
        let result = load(
            [Array(lines.utf8)], into: table([("i", .integer, false), ("f", type, true)]),
            options: .with {
                $0.ignoresAllErrors = true
                $0.roundDecimals = true
            })
        #expect(result.thrown == nil)
        #expect(result.rows.count + result.errors.count == texts.count)
        var got: [Int64: SQLValue] = [:]
        for row in result.rows { if case .integer(let index) = row[0] { got[index] = row[1] } }
        var differences: [String] = []
        for (index, text) in texts.enumerated() {
            // Blank fields are null to COPY and no number to a CAST.
            let value = text.allSatisfy { $0 == " " } ? .null : expected(text)
            if got[Int64(index)] != value { differences.append("'\(text)': \(String(describing: got[Int64(index)]))") }
        }
        #expect(differences == [])
        #expect(result.rows.count > texts.count / 10)
    }
}
