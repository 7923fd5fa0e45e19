import SQLTypes

/// MD5, SHA1, SHA2, CRC32: the digest of a string's bytes as lower-case hexadecimal digits.
/// - Source: Redshift developer guide, "Hash functions", "CRC32".
enum Digests {
    static let all: [ScalarFunction] = [
        ScalarFunction(FunctionSignature("md5", resolve: resolve(length: 32))) { call throws(SQLError) in
            try hexadecimal(call, MD5.digest)
        },
        ScalarFunction(FunctionSignature("sha1", "sha", "func_sha1", resolve: resolve(length: 40))) {
            call throws(SQLError) in
            try hexadecimal(call, SHA1.digest)
        },
        ScalarFunction(FunctionSignature("crc32", resolve: resolve(length: 8))) { call throws(SQLError) in
            try hexadecimal(call) { bytes in
                withUnsafeBytes(of: CRC32C.checksum(bytes).bigEndian) { Array($0) }
            }
        },
        sha2,
    ]

    /// 0 bits mean 256; a number of bits that there is no SHA-2 for gives the empty string.
    private static let sha2 = ScalarFunction(
        FunctionSignature("sha2") { types in
            guard types.count == 2, let text = Accepts.bytes(types[0]), Accepts.integer(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [text, .bigint], result: .varchar(length: 128))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let bits = call.integers(1)
        return try call.makeStrings { row, text in
            let size = bits[row] == 0 ? 256 : Int(truncatingIfNeeded: bits[row])
            if let digest = SHA2.digest(source[row].bytes, bits: size) { TextWriter.append(hex: digest, to: &text) }
            return true
        }
    }

    private static func resolve(length: Int) -> @Sendable ([SQLType]) -> FunctionSignature.Resolution? {
        { types in
            guard types.count == 1, let text = Accepts.bytes(types[0]) else { return nil }
            return .init(arguments: [text], result: .varchar(length: length))
        }
    }

    private static func hexadecimal(
        _ call: FunctionCall, _ digest: (UnsafeBufferPointer<UInt8>) -> [UInt8]
    ) throws(SQLError) -> Vector {
        let source = call.strings(0)
        return try call.makeStrings { row, text in
            TextWriter.append(hex: digest(source[row].bytes), to: &text)
            return true
        }
    }
}

extension Accepts {
    /// A string, or a VARBYTE as it is.
    static func bytes(_ type: SQLType) -> SQLType? {
        if case .varbyte = type { return type }
        return string(type)
    }
}
