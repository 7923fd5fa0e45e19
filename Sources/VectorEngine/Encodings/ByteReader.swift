package import SQLTypes

/// Reads what `ByteWriter` wrote. Each length and offset is checked: whatever the bytes are, reading throws and never
/// leaves them. Valid only while the memory it was given is.
package struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    package private(set) var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var remaining: Int { bytes.count - position }

    /// The next `count` bytes.
    package mutating func raw(_ count: Int) throws(SQLError) -> UnsafeRawBufferPointer {
        guard count >= 0 && count <= remaining else {
            throw .corrupt("\(count) bytes wanted at offset \(position), \(remaining) there")
        }
        let start = position
        position += count
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
    }

    package mutating func u8() throws(SQLError) -> UInt8 { try raw(1)[0] }
    package mutating func u16() throws(SQLError) -> UInt16 {
        UInt16(littleEndian: try raw(2).loadUnaligned(as: UInt16.self))
    }
    package mutating func u32() throws(SQLError) -> UInt32 {
        UInt32(littleEndian: try raw(4).loadUnaligned(as: UInt32.self))
    }
    package mutating func u64() throws(SQLError) -> UInt64 {
        UInt64(littleEndian: try raw(8).loadUnaligned(as: UInt64.self))
    }
    package mutating func i32() throws(SQLError) -> Int32 { Int32(bitPattern: try u32()) }
    package mutating func i64() throws(SQLError) -> Int64 { Int64(bitPattern: try u64()) }
    package mutating func i128() throws(SQLError) -> Int128 {
        Int128(littleEndian: try raw(16).loadUnaligned(as: Int128.self))
    }
    package mutating func f64() throws(SQLError) -> Double { Double(bitPattern: try u64()) }

    package mutating func varint() throws(SQLError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
            guard shift < 64 else { throw .corrupt("a number of more than 64 bits at offset \(position)") }
        }
        throw .corrupt("a number is cut off at offset \(position)")
    }

    package mutating func signedVarint() throws(SQLError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: (value >> 1) ^ (~(value & 1) &+ 1))
    }

    package mutating func bool() throws(SQLError) -> Bool {
        switch try u8() {
        case 0: return false
        case 1: return true
        case let other: throw .corrupt("\(other) for a truth value")
        }
    }

    /// A count of things that take at least `bytesEach` bytes each, so that a wrong count is found before memory is
    /// reserved for it.
    package mutating func count(bytesEach: Int) throws(SQLError) -> Int {
        let count = Int(try u32())
        guard count <= remaining / max(bytesEach, 1) else {
            throw .corrupt("a count of \(count) with \(remaining) bytes left")
        }
        return count
    }

    package func expectEnd() throws(SQLError) {
        guard remaining == 0 else { throw .corrupt("\(remaining) bytes too many") }
    }
}

extension SQLError {
    /// Bytes at rest that cannot be what was written. Who knows which file and block they are from adds that.
    package static func corrupt(_ reason: String) -> SQLError { SQLError(.dataCorrupted, reason) }
}
