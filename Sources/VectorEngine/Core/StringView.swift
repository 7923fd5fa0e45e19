/// One string of a vector, 16 bytes: where its bytes are, how many, and the first four for quick comparisons.
///
/// The address points into a buffer that the vector (or dictionary) keeps alive in `owners`; an empty string has address 0.
/// - Source: Neumann, Freitag, "Umbra: A Disk-Based System with In-Memory Performance", CIDR 2020.
package struct StringView: BitwiseCopyable, Sendable {
    @usableFromInline let address: UInt
    @usableFromInline let length: UInt32
    /// First four bytes, big-endian, zero-padded: compares as unsigned like the bytes do.
    package let prefix: UInt32

    /// The bytes must stay where they are while a view to them is in use.
    @inlinable
    package init(_ start: UnsafePointer<UInt8>?, count: Int) {
        assert(count >= 0 && count <= Int(UInt32.max), "a string of \(count) bytes")
        guard let start, count > 0 else {
            address = 0
            length = 0
            prefix = 0
            return
        }
        address = UInt(bitPattern: start)
        length = UInt32(truncatingIfNeeded: count)
        if count >= 4 {
            prefix = UInt32(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt32.self))
            return
        }
        var head: UInt32 = 0
        for index in 0..<4 {
            head = head << 8 | (index < count ? UInt32(start[index]) : 0)
        }
        prefix = head
    }

    @inlinable
    package var count: Int { Int(length) }

    @inlinable
    package var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafePointer(bitPattern: address), count: Int(length))
    }

    /// Length without trailing blanks: what equality, order and hashing look at.
    @inlinable
    package var trimmedCount: Int {
        let bytes = self.bytes
        var count = bytes.count
        while count > 0 && bytes[count - 1] == 0x20 { count -= 1 }
        return count
    }
}
