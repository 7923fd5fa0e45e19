import SQLTypes

/// QUOTE_IDENT, QUOTE_LITERAL.
/// - Source: Redshift developer guide, "QUOTE_IDENT", "QUOTE_LITERAL".
enum Quote {
    /// Quotes only what is no identifier as it stands: lower-case letters, `_`, and behind the first, digits and `$`.
    static let identifier = function("quote_ident") { bytes, text in
        let isPlain = bytes.enumerated().allSatisfy { index, byte in
            let isLetter = byte &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
            let isLater = byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "$")
            return isLetter || (index > 0 && isLater)
        }
        guard bytes.isEmpty || !isPlain else {
            text.append(contentsOf: bytes)
            return
        }
        append(bytes, between: UInt8(ascii: "\""), doubling: [UInt8(ascii: "\"")], to: &text)
    }

    static let literal = function("quote_literal") { bytes, text in
        let quote = UInt8(ascii: "'")
        append(bytes, between: quote, doubling: [quote, UInt8(ascii: "\\")], to: &text)
    }

    private static func append(
        _ bytes: UnsafeBufferPointer<UInt8>, between quote: UInt8, doubling: [UInt8], to text: inout [UInt8]
    ) {
        text.append(quote)
        for byte in bytes {
            if doubling.contains(byte) { text.append(byte) }
            text.append(byte)
        }
        text.append(quote)
    }

    private static func function(
        _ name: String, _ quote: @escaping @Sendable (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Void
    ) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 1, let type = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [type], result: Accepts.varchar(Accepts.length(type) * 2 + 2))
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let source = call.strings(0)
            return try call.makeStrings { row, text in
                quote(source[row].bytes, &text)
                return true
            }
        }
    }
}
