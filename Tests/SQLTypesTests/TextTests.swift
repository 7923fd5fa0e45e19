import Testing

@testable import SQLTypes

struct TextTests {
    @Test(arguments: [
        (SQLType.boolean, "TRUE", "t"), (.boolean, " yes ", "t"), (.boolean, "1", "t"), (.boolean, "n", "f"),
        (.boolean, "0", "f"), (.boolean, "oui", "22P02 invalid input syntax for type boolean: \"oui\""),
        (.smallint, "-32768", "-32768"),
        (.smallint, "32768", "22003 value \"32768\" is out of range for type smallint"),
        (.integer, " +17 ", "17"),
        (.integer, "2147483648", "22003 value \"2147483648\" is out of range for type integer"),
        (.integer, "", "22P02 invalid input syntax for integer: \"\""),
        (.integer, "1x", "22P02 invalid input syntax for integer: \"1x\""),
        (.integer, "-", "22P02 invalid input syntax for integer: \"-\""),
        (.bigint, "9223372036854775807", "9223372036854775807"),
        (.bigint, "-9223372036854775808", "-9223372036854775808"),
        (.bigint, "9223372036854775808", "22003 value \"9223372036854775808\" is out of range for type bigint"),
        (.decimal(precision: 8, scale: 2), "4323.8951", "4323.90"),
        (.decimal(precision: 8, scale: 2), "20.259", "20.26"),
        (.decimal(precision: 5, scale: 2), "100.8976", "100.90"),
        (.decimal(precision: 4, scale: 1), "109.652", "109.7"),
        (.decimal(precision: 2, scale: 1), "123.456", "22003 Numeric data overflow (result precision)"),
        (.decimal(precision: 5, scale: 2), "-.005", "-0.01"), (.decimal(precision: 5, scale: 2), "-.004", "0.00"),
        (.decimal(precision: 5, scale: 2), "1e2", "100.00"), (.decimal(precision: 5, scale: 2), "12345e-3", "12.35"),
        (.decimal(precision: 5, scale: 2), "5.", "5.00"),
        (.decimal(precision: 5, scale: 2), ".", "22P02 invalid input syntax for type numeric: \".\""),
        (.decimal(precision: 5, scale: 2), "1e", "22P02 invalid input syntax for type numeric: \"1e\""),
        (.decimal(precision: 5, scale: 2), "", "22P02 invalid input syntax for type numeric: \"\""),
        (.decimal(precision: 19, scale: 0), "9223372036854775807", "9223372036854775807"),
        (.decimal(precision: 19, scale: 0), "9223372036854775808", "22003 Numeric data overflow (result precision)"),
        (.decimal(precision: 19, scale: 18), "9.223372036854775807", "9.223372036854775807"),
        (
            .decimal(precision: 38, scale: 0), "99999999999999999999999999999999999999",
            "99999999999999999999999999999999999999"
        ),
        (
            .decimal(precision: 38, scale: 0), "100000000000000000000000000000000000000",
            "22003 Numeric data overflow (result precision)"
        ),
        (
            .decimal(precision: 38, scale: 37), "-1.2345678901234567890123456789012345678999",
            "-1.2345678901234567890123456789012345679"
        ),
        (.decimal(precision: 38, scale: 1), "1e99999999999999999999", "22003 Numeric data overflow (result precision)"),
        (.decimal(precision: 38, scale: 1), "1e-99999999999999999999", "0.0"),
        (.decimal(precision: 38, scale: 1), "0e999", "0.0"),
        (.double, "0.1", "0.1"), (.double, "1e15", "1e+15"), (.double, "123456789012345", "123456789012345"),
        (.double, "1e-5", "1e-05"), (.double, "0.0001", "0.0001"), (.double, "0.30000000000000004", "0.3"),
        (.double, "3.14159265358979323846", "3.14159265358979"), (.double, "nan", "NaN"),
        (.double, "-Infinity", "-Infinity"),
        (.double, "-0", "-0"), (.double, "1e400", "22003 value \"1e400\" is out of range for type double precision"),
        (.double, "1e-400", "22003 value \"1e-400\" is out of range for type double precision"),
        (.double, "0x10", "22P02 invalid input syntax for type double precision: \"0x10\""),
        (.double, "5e-324", "4.94065645841247e-324"), (.double, "999999999999999.9", "1e+15"),
        (.double, "1.000000000000005", "1.00000000000001"), (.double, "100000000000000", "100000000000000"),
        (.real, "3.14159274", "3.14159"), (.real, "1234567", "1.23457e+06"), (.real, "0.1", "0.1"),
        (.real, "1e40", "22003 value \"1e40\" is out of range for type real"),
        (.char(length: 5), "ab", "ab   "), (.char(length: 3), "abc  ", "abc"),
        (.char(length: 3), "abcd", "22001 value too long for type character(3)"),
        (.char(length: 3), "é", "22021 CHAR string contains invalid ASCII character 195"),
        (.varchar(length: 3), "abc  ", "abc"), (.varchar(length: 3), "a  ", "a  "),
        (.varchar(length: 3), "abcd", "22001 value too long for type character varying(3)"),
        (.varchar(length: 3), "éé", "22001 value too long for type character varying(3)"),
        (.varchar(length: 3), "", ""), (.varbyte(length: 4), "abc", "616263"),
    ])
    func readsAndShows(type: SQLType, input: String, expected: String) {
        #expect(roundTrip(input, as: type) == expected)
    }

    @Test func copyCutsDecimalDigits() throws {
        let type = SQLType.decimal(precision: 8, scale: 2)
        for (text, unscaled) in [("20.259", 2_025), ("-20.259", -2_025), ("0.009", 0)] {
            let value = try type.parse(Array(text.utf8).span, rounding: .towardZero)
            #expect(value == .decimal(Decimal(unscaled: Int128(unscaled), scale: 2)))
        }
    }

    /// Fast path and general scan give one answer: blanks around the text force the latter.
    @Test func bothDecimalPathsAgree() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<3_000 {
            let scale = random.below(19)
            let whole = random.below(8) == 0 ? "" : String(random.next() >> UInt64(random.below(64)))
            let fraction = String(random.next() >> UInt64(random.below(64)))
            let text = (random.below(2) == 0 ? "-" : "") + whole + (random.below(4) == 0 ? "" : ".\(fraction)")
            for rounding in [Rounding.halfAwayFromZero, .towardZero] {
                let fast = NumberText.decimal(Array(text.utf8).span, precision: 38, scale: scale, rounding: rounding)
                let slow = NumberText.decimal(
                    Array(" \(text) ".utf8).span, precision: 38, scale: scale, rounding: rounding)
                #expect(fast == slow, "\(text) at scale \(scale)")
            }
        }
    }

    @Test func integersRoundTrip() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<2_000 {
            let value = Int64(bitPattern: random.next()) >> Int64(random.below(64))
            #expect(NumberText.integer(Array(String(value).utf8).span) == .value(value))
            #expect(show(.integer(value), as: .bigint) == String(value))
        }
    }

    @Test func decimalsRoundTrip() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            let bits = Int128(truncatingIfNeeded: random.next()) << 64 | Int128(random.next())
            let unscaled = (bits >> Int128(random.below(127))) % PowersOfTen.int128[38]
            let type = SQLType.decimal(precision: 38, scale: random.below(38))
            let value = SQLValue.decimal(Decimal(unscaled: unscaled, scale: type.scale))
            #expect((try? type.parse(value.text(as: type))) == value)
        }
    }

    /// Our formatting against the C library's, through doubles with few and with all digits.
    @Test func floatsPrintAsTheCLibraryDoes() {
        var random = SplitMix64(seed: 4)
        for round in 0..<4_000 {
            let value: Double
            switch round % 4 {
            case 0: value = Double(bitPattern: random.next())
            case 1: value = Double(random.int64(in: -1_000_000...1_000_000)) / 1_000
            case 2: value = 1 + Double(random.below(2_000)) * 0x1p-52
            default: value = random.unitDouble() * 1e6
            }
            guard value.isFinite, value != 0 else { continue }
            let expected = String(decoding: Platform.shortestGeneral(value, significantDigits: 15), as: UTF8.self)
            #expect(show(.double(value), as: .double) == expected)
            let narrow = Float(value)
            guard narrow.isFinite, narrow != 0 else { continue }
            let six = String(decoding: Platform.shortestGeneral(Double(narrow), significantDigits: 6), as: UTF8.self)
            #expect(show(.real(narrow), as: .real) == six)
        }
    }

    @Test func doublesReadAsSwiftReadsThem() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<2_000 {
            let text = "\(random.next() >> UInt64(random.below(64))).\(random.below(100_000))e\(random.below(60) - 30)"
            #expect(NumberText.double(Array(text.utf8).span) == .value(Double(text) ?? .nan))
        }
    }

    @Test(arguments: ["", "plain ascii, longer than eight", "€uro déjà 漢字 😀"])
    func acceptsUTF8(text: String) {
        #expect(UTF8Bytes.firstInvalidOffset(in: Array(text.utf8).span) == nil)
        #expect(UTF8Bytes.characterCount(Array(text.utf8).span) == text.unicodeScalars.count)
    }

    @Test(
        arguments: [
            ([0x80], 0), ([0x41, 0xC0, 0x80], 1), ([0xE0, 0x80, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0x41, 0xE2, 0x82], 1),
            ([0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0xFF], 9), ([0xC3, 0xA9, 0xC3], 2),
            ([0xE2, 0x82, 0x41], 0), ([0xF0, 0x9F, 0x98, 0x41], 0),
        ] as [([UInt8], Int)])
    func findsInvalidUTF8(bytes: [UInt8], offset: Int) {
        #expect(UTF8Bytes.firstInvalidOffset(in: bytes.span) == offset)
    }

    /// Against the standard library's decoder, on random bytes that are mostly near UTF-8.
    @Test func utf8AgreesWithTheStandardLibrary() {
        var random = SplitMix64(seed: 6)
        for _ in 0..<3_000 {
            var bytes = Array("aé€😀 漢 plain text".utf8.shuffledSlightly(&random))
            if random.below(2) == 0 { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            #expect((UTF8Bytes.firstInvalidOffset(in: bytes.span) == nil) == isValid, "\(bytes)")
        }
    }
}

extension Sequence<UInt8> {
    fileprivate func shuffledSlightly(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(self)
        if random.below(3) == 0 { bytes.swapAt(random.below(bytes.count), random.below(bytes.count)) }
        return bytes
    }
}
