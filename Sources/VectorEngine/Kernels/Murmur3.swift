/// MurmurHash3, the variant of 32 bits for x86.
/// - Source: Austin Appleby, MurmurHash3 (public domain); Apache Iceberg specification, appendix B.
enum Murmur3 {
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
        var hash = seed
        let whole = bytes.count & ~3
        for offset in stride(from: 0, to: whole, by: 4) {
            hash ^= scrambled(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            hash = (hash << 13 | hash >> 19) &* 5 &+ 0xE654_6B64
        }
        var tail: UInt32 = 0
        for index in stride(from: bytes.count - 1, through: whole, by: -1) { tail = tail << 8 | UInt32(bytes[index]) }
        if whole < bytes.count { hash ^= scrambled(tail) }
        hash ^= UInt32(truncatingIfNeeded: bytes.count)
        hash = (hash ^ (hash >> 16)) &* 0x85EB_CA6B
        hash = (hash ^ (hash >> 13)) &* 0xC2B2_AE35
        return hash ^ (hash >> 16)
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        let product = block &* 0xCC9E_2D51
        return (product << 15 | product >> 17) &* 0x1B87_3593
    }

    /// Integers of all widths, dates, times and timestamps hash as 64 bits.
    static func hash(_ value: Int64, seed: UInt32) -> UInt32 {
        withUnsafeBytes(of: value.littleEndian) { hash($0, seed: seed) }
    }

    /// Of the shortest big-endian two's complement: how decimals hash.
    static func hash(minimalBytesOf value: Int128, seed: UInt32) -> UInt32 {
        var count = 1
        while count < 16, value >> Int128(8 * count - 1) != 0, value >> Int128(8 * count - 1) != -1 { count += 1 }
        let bytes = (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> Int128(8 * $0)) }
        return bytes.withUnsafeBytes { hash($0, seed: seed) }
    }
}
