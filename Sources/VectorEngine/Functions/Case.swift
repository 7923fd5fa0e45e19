import SQLTypes

/// UPPER, LOWER, INITCAP. Letters past ASCII are mapped one to one where Unicode's simple mapping is a single
/// character.
/// - Source: Redshift developer guide, "LOWER", "UPPER", "INITCAP".
enum Case {
    static let upper = function("upper") { text, bytes in
        guard isASCII(bytes) else { return append(bytes, isUpper: { _ in true }, to: &text) }
        for byte in bytes { text.append(byte &- UInt8(ascii: "a") < 26 ? byte & 0xDF : byte) }
    }
    static let lower = function("lower") { text, bytes in
        guard isASCII(bytes) else { return append(bytes, isUpper: { _ in false }, to: &text) }
        for byte in bytes { text.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) }
    }
    /// Everything but letters and digits separates words.
    static let initcap = function("initcap") { text, bytes in
        var isInWord = false
        append(
            bytes,
            isUpper: { scalar in
                let isLetterOrDigit = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                defer { isInWord = isLetterOrDigit }
                return !isInWord
            }, to: &text)
    }

    private static func function(
        _ name: String, _ map: @escaping @Sendable (inout [UInt8], UnsafeBufferPointer<UInt8>) -> Void
    ) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 1, let type = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [type], result: type)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let source = call.strings(0)
            return try call.makeStrings { row, text throws(SQLError) in
                map(&text, source[row].bytes)
                return true
            }
        }
    }

    private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        return all < 0x80
    }

    private static func append(
        _ bytes: UnsafeBufferPointer<UInt8>, isUpper: (Unicode.Scalar) -> Bool, to text: inout [UInt8]
    ) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            let wantsUpper = isUpper(scalar)
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                let isLower = byte &- UInt8(ascii: "a") < 26
                let isUpperLetter = byte &- UInt8(ascii: "A") < 26
                text.append(wantsUpper ? (isLower ? byte & 0xDF : byte) : (isUpperLetter ? byte | 0x20 : byte))
                continue
            }
            let mapped = wantsUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
            text.append(contentsOf: mapped.unicodeScalars.count == 1 ? Array(mapped.utf8) : Array(String(scalar).utf8))
        }
    }
}
