import SQLTypes

/// TO_HEX, FROM_HEX, TO_VARBYTE, FROM_VARBYTE, GETBIT, STRTOL: numbers and bytes as digits of other bases.
/// - Source: Redshift developer guide, "TO_HEX", "FROM_HEX", "TO_VARBYTE", "FROM_VARBYTE", "GETBIT", "STRTOL".
enum BinaryFunctions {
    static let all: [ScalarFunction] = [toHex, fromHex, toVarbyte, fromVarbyte, getbit, strtol]

    /// Negative numbers in two's complement of the type's width. A VARBYTE byte by byte.
    private static let toHex = ScalarFunction(
        FunctionSignature("to_hex") { types in
            guard types.count == 1 else { return nil }
            if case .varbyte(let length) = types[0] {
                return .init(arguments: types, result: Accepts.varchar(2 * length))
            }
            return types[0].isInteger ? .init(arguments: types, result: .varchar(length: 16)) : nil
        }
    ) { call throws(SQLError) in
        if call.argumentTypes[0].storage == .bytes {
            let source = call.strings(0)
            return try call.makeStrings { row, text in
                TextWriter.append(hex: Array(source[row].bytes), to: &text)
                return true
            }
        }
        let values = call.integers(0)
        let mask: UInt64 =
            switch call.argumentTypes[0].storage {
            case .int16: 0xFFFF
            case .int32: 0xFFFF_FFFF
            default: .max
            }
        return try call.makeStrings { row, text in
            text.append(contentsOf: String(UInt64(bitPattern: values[row]) & mask, radix: 16).utf8)
            return true
        }
    }

    private static let fromHex = ScalarFunction(
        FunctionSignature("from_hex") { types in
            guard types.count == 1, types[0].isString, let text = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [text], result: .varbyte(length: max(1, (Accepts.length(text) + 1) / 2)))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeStrings { row, bytes throws(SQLError) in
            try append(digits: source[row].bytes, bitsPerDigit: 4, to: &bytes)
            return true
        }
    }

    private enum Format { case hexadecimal, binary, utf8, base64 }

    private static func format(_ name: [UInt8]) throws(SQLError) -> Format {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "hex": return .hexadecimal
        case "binary": return .binary
        case "utf8", "utf-8", "utf_8": return .utf8
        case "base64": return .base64
        case let other: throw SQLError(.invalidParameterValue, "unrecognized binary format \"\(other)\"")
        }
    }

    private static let toVarbyte = ScalarFunction(
        FunctionSignature("to_varbyte") { types in
            guard types.count == 2, types[0].isString, types[1].isString, let text = Accepts.string(types[0]) else {
                return nil
            }
            return .init(
                arguments: [text, .varchar(length: 16)], result: .varbyte(length: Accepts.length(text)))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let formats = call.strings(1)
        return try call.makeStrings { row, bytes throws(SQLError) in
            let text = source[row].bytes
            switch try format(Array(formats[row].bytes)) {
            case .hexadecimal: try append(digits: text, bitsPerDigit: 4, to: &bytes)
            case .binary: try append(digits: text, bitsPerDigit: 1, to: &bytes)
            case .utf8: bytes.append(contentsOf: text)
            case .base64: try Base64.append(decoded: text, to: &bytes)
            }
            return true
        }
    }

    private static let fromVarbyte = ScalarFunction(
        FunctionSignature("from_varbyte") { types in
            guard types.count == 2, types[1].isString, let bytes = Accepts.bytes(types[0]) else { return nil }
            return .init(arguments: [bytes, .varchar(length: 16)], result: Accepts.longText)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let formats = call.strings(1)
        return try call.makeStrings { row, text throws(SQLError) in
            let bytes = source[row].bytes
            switch try format(Array(formats[row].bytes)) {
            case .hexadecimal: TextWriter.append(hex: Array(bytes), to: &text)
            case .binary:
                for byte in bytes {
                    for bit in (0..<8).reversed() { text.append(UInt8(ascii: byte >> bit & 1 == 1 ? "1" : "0")) }
                }
            case .utf8:
                let copy = Array(bytes)
                if let offset = UTF8Bytes.firstInvalidOffset(in: copy.span) { throw .invalidUTF8(copy[offset]) }
                text = copy
            case .base64: Base64.append(bytes, to: &text)
            }
            return true
        }
    }

    /// Too few digits for whole bytes are filled up with zeros on the left.
    private static func append(
        digits: UnsafeBufferPointer<UInt8>, bitsPerDigit: Int, to bytes: inout [UInt8]
    ) throws(SQLError) {
        let perByte = 8 / bitsPerDigit
        var missing = digits.count % perByte == 0 ? 0 : perByte - digits.count % perByte
        var byte: UInt8 = 0
        for digit in digits {
            guard let value = self.digit(digit), value < 1 << bitsPerDigit else {
                throw SQLError(
                    .invalidTextRepresentation,
                    "invalid \(bitsPerDigit == 4 ? "hexadecimal" : "binary") digit: "
                        + "\"\(String(decoding: [digit], as: UTF8.self))\"")
            }
            byte = byte << UInt8(bitsPerDigit) | UInt8(value)
            missing += 1
            if missing == perByte {
                bytes.append(byte)
                (byte, missing) = (0, 0)
            }
        }
    }

    /// 0…35 of `0`…`9`, `a`…`z` in any case.
    private static func digit(_ byte: UInt8) -> Int? {
        if byte &- UInt8(ascii: "0") < 10 { return Int(byte &- UInt8(ascii: "0")) }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 ? Int(letter) + 10 : nil
    }

    /// Bit 0 is the last byte's lowest.
    private static let getbit = ScalarFunction(
        FunctionSignature("getbit") { types in
            guard types.count == 2, case .varbyte = types[0], Accepts.integer(types[1]) != nil else { return nil }
            return .init(arguments: [types[0], .bigint], result: .integer)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let indexes = call.integers(1)
        return try call.makeIntegers { row throws(SQLError) in
            let bytes = source[row].bytes
            let index = indexes[row]
            guard index >= 0, index < Int64(bytes.count) * 8 else {
                throw SQLError(
                    .invalidParameterValue, "bit index \(index) out of valid range, 0..\(bytes.count * 8 - 1)")
            }
            return Int64(bytes[bytes.count - 1 - Int(index / 8)] >> UInt8(index % 8) & 1)
        }
    }

    /// Blanks, a sign, `0x` for base 16, and digits; 0 if the string is empty or begins with a null character.
    private static let strtol = ScalarFunction(
        FunctionSignature("strtol") { types in
            guard types.count == 2, let text = Accepts.string(types[0]), Accepts.integer(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [text, .bigint], result: .bigint)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let bases = call.integers(1)
        return try call.makeIntegers { row throws(SQLError) in
            guard (2...36).contains(bases[row]) else {
                throw SQLError(.invalidParameterValue, "base must be between 2 and 36")
            }
            return try number(source[row].bytes, base: Int(bases[row]))
        }
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, base: Int) throws(SQLError) -> Int64 {
        var index = 0
        while index < text.count, text[index] == 0x20 || (9...13).contains(text[index]) { index += 1 }
        guard index < text.count, text[index] != 0 else { return 0 }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        if base == 16, index + 2 < text.count, text[index] == UInt8(ascii: "0"), text[index + 1] | 0x20 == 0x78 {
            index += 2
        }
        let start = index
        var value: Int64 = 0
        while index < text.count, let digit = digit(text[index]), digit < base {
            let (tenfold, overflow1) = value.multipliedReportingOverflow(by: Int64(base))
            // Counted down, for there is one negative number more.
            let (sum, overflow2) = tenfold.subtractingReportingOverflow(Int64(digit))
            guard !overflow1, !overflow2 else { throw .outOfRange(.bigint) }
            value = sum
            index += 1
        }
        guard index == text.count, index > start else {
            throw SQLError(
                .invalidTextRepresentation,
                "the input \(String(decoding: text, as: UTF8.self)) is not valid to be converted to base \(base)")
        }
        guard isNegative || value != .min else { throw .outOfRange(.bigint) }
        return isNegative ? value : -value
    }
}

/// Base64 with padding.
/// - Source: RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func append(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for index in 0..<3 {
                word = word << 8 | (index < group.count ? UInt32(group[start + index]) : 0)
            }
            for index in 0..<4 {
                let place = Int(word >> UInt32(18 - 6 * index) & 63)
                text.append(index <= group.count ? alphabet[place] : UInt8(ascii: "="))
            }
        }
    }

    static func append(decoded text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) throws(SQLError) {
        let invalid = SQLError(.invalidTextRepresentation, "invalid base64 string")
        guard text.count % 4 == 0 else { throw invalid }
        var word: UInt32 = 0
        var digits = 0
        var padding = 0
        for byte in text {
            let value: Int
            if byte == UInt8(ascii: "=") {
                padding += 1
                value = 0
            } else {
                guard padding == 0, let place = alphabet.firstIndex(of: byte) else { throw invalid }
                value = place
            }
            word = word << 6 | UInt32(value)
            digits += 1
            guard digits % 4 == 0 else { continue }
            guard padding <= 2, padding == 0 || digits == text.count else { throw invalid }
            for index in 0..<(3 - padding) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * index))) }
            word = 0
        }
    }
}
