/// The 64-bit FNV-1a hash. Going on from another hash gives the hash of both inputs one after the other.
/// - Source: RFC 9923, "The FNV Non-Cryptographic Hash Algorithm".
enum FNV1a {
    static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let prime: UInt64 = 0x0000_0100_0000_01B3

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, from seed: UInt64) -> UInt64 {
        var hash = seed
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* prime }
        return hash
    }

    /// Of the `width` low bytes of an integer, least significant first.
    static func hash(_ value: Int128, width: Int, from seed: UInt64) -> UInt64 {
        var hash = seed
        var rest = UInt128(bitPattern: value)
        for _ in 0..<width {
            hash = (hash ^ UInt64(UInt8(truncatingIfNeeded: rest))) &* prime
            rest >>= 8
        }
        return hash
    }
}
