import SQLTypes

/// SOUNDEX and DIFFERENCE: the American Soundex code of a string's ASCII letters; everything else is left out, blanks
/// too.
/// - Source: Redshift developer guide, "SOUNDEX", "DIFFERENCE"; United States National Archives, "Soundex System".
enum SoundexFunctions {
    /// The empty string if there are no letters.
    static let soundex = ScalarFunction(
        FunctionSignature("soundex") { types in
            guard types.count == 1, let text = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [text], result: .varchar(length: 4))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeStrings { row, text in
            text.append(contentsOf: code(source[row].bytes))
            return true
        }
    }

    /// How many of the four characters agree; 1 if neither string has letters, 0 if one of them has none.
    static let difference = ScalarFunction(
        FunctionSignature("difference") { types in
            guard types.count == 2, let left = Accepts.string(types[0]), let right = Accepts.string(types[1]) else {
                return nil
            }
            return .init(arguments: [left, right], result: .integer)
        }
    ) { call throws(SQLError) in
        let left = call.strings(0)
        let right = call.strings(1)
        return try call.makeIntegers { row in
            let codes = (code(left[row].bytes), code(right[row].bytes))
            if codes.0.isEmpty, codes.1.isEmpty { return 1 }
            return Int64(zip(codes.0, codes.1).count { $0 == $1 })
        }
    }

    /// The digits of the letters from A; 0: a vowel, which separates equal digits; 9: H or W, which do not.
    private static let digits = Array("01230129022455012623019202".utf8)

    private static func code(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let zero = UInt8(ascii: "0")
        var code: [UInt8] = []
        var last = zero
        for byte in bytes {
            let letter = (byte | 0x20) &- UInt8(ascii: "a")
            guard letter < 26 else { continue }
            let digit = digits[Int(letter)]
            if code.isEmpty {
                code.append(byte & 0xDF)
                last = digit
                continue
            }
            if digit == UInt8(ascii: "9") { continue }
            if digit != zero, digit != last { code.append(digit) }
            last = digit
            if code.count == 4 { break }
        }
        if !code.isEmpty { code += repeatElement(zero, count: 4 - code.count) }
        return code
    }
}
