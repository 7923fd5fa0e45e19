/// The hash of joins and groups. Other constants and another mixing than the distribution hash: on one slice all rows
/// agree in bits of that one. Never stored; nothing that a user sees depends on it.
/// - Source: multiply and fold, as in wyhash (Wang Yi, public domain).
enum KeyHash {
    private static let first: UInt64 = 0xA076_1D64_78BD_642F
    private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB
    static let null: UInt64 = 0x8EBC_6AF0_9C88_C6E3

    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    static func hash(_ value: Int64) -> UInt64 { fold(UInt64(bitPattern: value) ^ first, second) }

    /// Equal to the hash of the Int64 of that value, where there is one.
    @inline(__always)
    static func hash(_ value: Int128) -> UInt64 {
        let low = Int64(truncatingIfNeeded: value)
        let high = Int64(truncatingIfNeeded: value >> 64)
        let hashed = hash(low)
        return high == low >> 63 ? hashed : combine(hashed, hash(high))
    }

    @inline(__always)
    static func combine(_ seed: UInt64, _ hashed: UInt64) -> UInt64 { fold(seed ^ second, hashed ^ first) }

    /// All bytes count: trailing blanks are cut by the caller.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = UInt64(truncatingIfNeeded: bytes.count) ^ first
        var position = 0
        while position &+ 8 <= raw.count {
            state = fold(state ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self), second)
            position &+= 8
        }
        var tail: UInt64 = 0
        while position < raw.count {
            tail = tail << 8 | UInt64(raw[position])
            position &+= 1
        }
        return fold(state ^ tail, first)
    }
}
