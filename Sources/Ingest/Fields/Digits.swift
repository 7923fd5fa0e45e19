/// Decimal digits, eight at a time in one 64-bit word. Text is loaded by whole words: 8 bytes from a field's start on
/// must be readable even if the field is shorter.
/// - Source: Lemire, "Quickly parsing eight digits", 2018; Mula, "SIMD-ized parsing".
enum Digits {
    /// `count` (1 ... 8) characters, the first in the lowest byte, moved to the upper end of the word over `0`
    /// characters.
    @inline(__always)
    static func load(_ text: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let word = UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
        return word &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    }

    /// The character `0` in each of the upper `count` (1 ... 8) bytes.
    @inline(__always)
    static func zeros(count: Int) -> UInt64 {
        0x3030_3030_3030_3030 &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    }

    /// Whether each byte is 0 ... 9.
    @inline(__always)
    static func areDigits(_ word: UInt64) -> Bool {
        ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080 == 0
    }

    /// Eight digits 0 ... 9, the most significant in the lowest byte.
    @inline(__always)
    static func value(_ digits: UInt64) -> Int64 {
        var word = digits
        word = (word &* 2_561) &>> 8 & 0x00FF_00FF_00FF_00FF
        word = (word &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
        word = (word &* 42_949_672_960_001) &>> 32
        return Int64(bitPattern: word)
    }

    /// `count` characters, 1 ... 16, all digits; nil otherwise.
    @inline(__always)
    static func parse(_ text: UnsafePointer<UInt8>, count: Int) -> Int64? {
        if count <= 8 {
            guard count > 0 else { return nil }
            let word = load(text, count: count) ^ zeros(count: count)
            return areDigits(word) ? value(word) : nil
        }
        guard count <= 16 else { return nil }
        let upper = load(text, count: count &- 8) ^ zeros(count: count &- 8)
        let lower = load(text + (count &- 8), count: 8) ^ zeros(count: 8)
        guard areDigits(upper), areDigits(lower) else { return nil }
        return value(upper) &* 100_000_000 &+ value(lower)
    }
}
