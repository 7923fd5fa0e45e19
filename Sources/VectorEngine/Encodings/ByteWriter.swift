/// Bytes in the making, numbers little-endian: what blocks, log records and checkpoints are written with.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package var count: Int { bytes.count }

    package mutating func u8(_ value: UInt8) { bytes.append(value) }
    package mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }
    package mutating func u16(_ value: UInt16) { number(value) }
    package mutating func u32(_ value: UInt32) { number(value) }
    package mutating func u64(_ value: UInt64) { number(value) }
    package mutating func i32(_ value: Int32) { number(UInt32(bitPattern: value)) }
    package mutating func i64(_ value: Int64) { number(UInt64(bitPattern: value)) }
    package mutating func i128(_ value: Int128) { number(UInt128(bitPattern: value)) }
    package mutating func f64(_ value: Double) { number(value.bitPattern) }

    /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set. Small numbers are short.
    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The same of a number that may be negative: 0, −1, 1, −2, … are 0, 1, 2, 3, …
    package mutating func signedVarint(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    package mutating func raw(_ source: UnsafeRawBufferPointer) { bytes.append(contentsOf: source) }
    package mutating func raw(_ source: [UInt8]) { bytes.append(contentsOf: source) }

    /// Writes over four bytes that were written before: a length or checksum known only at the end.
    package mutating func patch(u32 value: UInt32, at position: Int) {
        precondition(position >= 0 && position + 4 <= bytes.count, "patch at \(position) of \(bytes.count)")
        for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    }

    private mutating func number<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
