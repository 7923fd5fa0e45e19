/// Keyed digests: what proves that somebody knows a key, without showing it.
/// - Source: RFC 2104; RFC 8018, section 5.2.
package enum HMAC {
    /// HMAC-SHA-256: 32 bytes.
    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] { Keyed(key).digest(message) }

    /// PBKDF2 with HMAC-SHA-256: one block of derived key, 32 bytes, as SCRAM-SHA-256 needs it.
    /// - Complexity: O(iterations), about a microsecond each in an optimised build.
    package static func pbkdf2(password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        precondition(iterations >= 1, "\(iterations) iterations")
        let keyed = Keyed(password)
        var last = keyed.digest(salt + [0, 0, 0, 1])
        var result = last
        for _ in 1..<iterations {
            last = keyed.digest(last)
            for index in result.indices { result[index] ^= last[index] }
        }
        return result
    }

    /// A key that is ready for many messages.
    private struct Keyed {
        private let inner, outer: SHA2.Prefix

        init(_ key: [UInt8]) {
            var block = key.count > 64 ? SHA2.sha256(key) : key
            block += [UInt8](repeating: 0, count: 64 - block.count)
            inner = SHA2.Prefix(block.map { $0 ^ 0x36 })
            outer = SHA2.Prefix(block.map { $0 ^ 0x5C })
        }

        func digest(_ message: [UInt8]) -> [UInt8] { outer.digest(inner.digest(message)) }
    }
}
