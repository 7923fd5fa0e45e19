import SQLTypes

/// TEXT_TO_INT_ALT, TEXT_TO_NUMERIC_ALT: numbers as Teradata writes them, with the sign on either side. Blank text is
/// 0. Formats are not supported.
/// - Source: Redshift developer guide, "TEXT_TO_INT_ALT", "TEXT_TO_NUMERIC_ALT".
enum TeradataNumbers {
    /// Fraction digits are cut off.
    static let integer = ScalarFunction(
        FunctionSignature("text_to_int_alt") { types in
            guard types.count == 1, types[0].isString, let text = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [text], result: .integer)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeExact { row throws(SQLError) in
            try number(source[row].bytes, scale: 0, rounding: { _, _ in false })
        }
    }

    /// (text [, precision, scale]), both constants; rounds half to even. DECIMAL(38,0) by default.
    static let numeric = ScalarFunction(
        FunctionSignature(
            "text_to_numeric_alt",
            resolveWithLiterals: { types, values in
                guard types.count == 1 || types.count == 3, types[0].isString, let text = Accepts.string(types[0])
                else {
                    return nil
                }
                guard types.count == 3 else {
                    return .init(arguments: [text], result: .decimal(precision: 38, scale: 0))
                }
                guard case .integer(let precision)? = values[1], case .integer(let scale)? = values[2],
                    (1...38).contains(precision), (0...min(precision, 37)).contains(scale)
                else { return nil }
                return .init(
                    arguments: [text, .integer, .integer],
                    result: .decimal(precision: Int(precision), scale: Int(scale)))
            })
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let scale = call.resultType.scale
        return try call.makeExact { row throws(SQLError) in
            try number(source[row].bytes, scale: scale) { quotient, fraction in
                fraction > 0 || (fraction == 0 && quotient % 2 != 0)
            }
        }
    }

    /// `[sign]digits[.digits][E[sign]digits][sign]` at `scale`.
    /// - Parameter rounding: whether what is cut off counts up, from the digits kept and how what is cut off compares
    ///   with one half: less than 0, 0 or more.
    private static func number(
        _ text: UnsafeBufferPointer<UInt8>, scale: Int, rounding: (Int128, Int) -> Bool
    ) throws(SQLError) -> Int128 {
        func invalid() -> SQLError {
            SQLError(
                .invalidTextRepresentation,
                "invalid input syntax for a number: \"\(String(decoding: text, as: UTF8.self))\"")
        }
        func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
        var rest = text[...]
        while rest.first == 0x20 { rest.removeFirst() }
        while rest.last == 0x20 { rest.removeLast() }
        if rest.isEmpty { return 0 }
        var isNegative = false
        if isSign(rest.first) {
            isNegative = rest.removeFirst() == UInt8(ascii: "-")
        } else if isSign(rest.last) {
            isNegative = rest.removeLast() == UInt8(ascii: "-")
        }
        var digits: [UInt8] = []
        var pointPlace: Int?
        while let byte = rest.first, byte &- UInt8(ascii: "0") < 10 || (byte == UInt8(ascii: ".") && pointPlace == nil)
        {
            rest.removeFirst()
            if byte == UInt8(ascii: ".") { pointPlace = digits.count } else { digits.append(byte - UInt8(ascii: "0")) }
        }
        guard !digits.isEmpty else { throw invalid() }
        var exponent = 0
        if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            guard let value = Int(String(decoding: rest, as: UTF8.self)), value.magnitude <= 1_000 else {
                throw invalid()
            }
            exponent = value
        } else if !rest.isEmpty {
            throw invalid()
        }
        // So many digits are kept; zeros fill up what is missing.
        let kept = (pointPlace ?? digits.count) + exponent + scale
        var value: Int128 = 0
        for place in 0..<max(kept, 0) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow, tenfold <= Int128.max - 9 else { throw .decimalPrecisionOverflow }
            value = tenfold + Int128(place < digits.count ? digits[place] : 0)
        }
        let cut = kept < 0 ? [] : digits[min(kept, digits.count)...]
        if rounding(value, comparedWithHalf(cut)) { value += 1 }
        return isNegative ? -value : value
    }

    private static func comparedWithHalf(_ cut: ArraySlice<UInt8>) -> Int {
        guard let first = cut.first, first >= 5 else { return -1 }
        return first > 5 || cut.dropFirst().contains { $0 != 0 } ? 1 : 0
    }
}
