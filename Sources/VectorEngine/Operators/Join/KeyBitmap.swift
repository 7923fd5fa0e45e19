/// The distinct integer keys of a join's build side, one bit for each integer of their range, and how many keys lie
/// below each word of it: tells in one or two loads whether a key is there, and the how-manieth it is.
///
///     keys 3 7 66     words  bit 3, bit 7 │ bit 2      ranks  0 │ 2      66 is number 2 + 0
///
/// `@unchecked Sendable`: filled in `init` by one task; nothing changes afterwards.
final class KeyBitmap: @unchecked Sendable {
    /// At most that of any key.
    let smallest: Int64
    /// The largest key less `smallest`.
    let range: UInt64
    /// Distinct keys.
    let count: Int
    /// Bits of 64 integers each; where ranks are wanted, the number of keys below follows each word, so that both come with one
    /// load from memory: word i is at place i << `spread`.
    private let words: Column<UInt64>
    private let spread: Int
    private var wordCount: Int { words.count >> spread }

    /// Ranges up to this many integers are always worth a bitmap (1 MB), ...
    private static let rangeAlways: UInt64 = 1 << 23
    /// ... others if there are so few integers for each key.
    private static let rangePerKey: UInt64 = 1_024

    /// Bit 0 of word 0: a multiple of 64, so that the words of two bitmaps can be laid over each other.
    private static func base(_ bounds: ClosedRange<Int64>) -> Int64 { bounds.lowerBound & ~63 }

    /// nil if the keys lie too far apart.
    private static func range(_ bounds: ClosedRange<Int64>, rowCount: Int) -> UInt64? {
        let range = UInt64(bitPattern: bounds.upperBound &- base(bounds))
        guard range < rangeAlways || range / rangePerKey < UInt64(rowCount), range < UInt64(UInt32.max) else {
            return nil
        }
        return range
    }

    /// - Parameter isRanked: `rank(of:)` is wanted, too.
    /// - Returns: nil if the keys lie too far apart.
    init?(
        _ keys: UnsafePointer<Int64>, valid: UnsafePointer<UInt8>, rowCount: Int, within bounds: ClosedRange<Int64>,
        isRanked: Bool
    ) {
        guard let range = KeyBitmap.range(bounds, rowCount: rowCount) else { return nil }
        smallest = KeyBitmap.base(bounds)
        self.range = range
        spread = isRanked ? 1 : 0
        words = KeyBitmap.zeros(range, spread: spread)
        let bits = words.pointer
        let spread = UInt64(self.spread)
        for row in 0..<rowCount where valid[row] != 0 {
            let place = UInt64(bitPattern: keys[row] &- smallest)
            bits[Int(truncatingIfNeeded: (place >> 6) &<< spread)] |= 1 << (place & 63)
        }
        count = KeyBitmap.rank(words, isRanked: isRanked)
    }

    /// Without ranks: the keys of all of them, which lie within the bounds; nil if they lie too far apart.
    init?(_ parts: [KeyBitmap], within bounds: ClosedRange<Int64>) {
        guard let range = KeyBitmap.range(bounds, rowCount: parts.reduce(0) { $0 + $1.count }) else { return nil }
        smallest = KeyBitmap.base(bounds)
        self.range = range
        spread = 0
        words = KeyBitmap.zeros(range, spread: 0)
        for part in parts {
            let first = Int(truncatingIfNeeded: UInt64(bitPattern: part.smallest &- smallest) >> 6)
            let bits = words.pointer + first
            for word in 0..<part.wordCount { bits[word] |= part.words.pointer[word << part.spread] }
        }
        count = KeyBitmap.rank(words, isRanked: false)
    }

    private static func zeros(_ range: UInt64, spread: Int) -> Column<UInt64> {
        let count = (Int(range / 64) + 1) << spread
        let words = Column<UInt64>(capacity: count)
        words.grow(to: count, filling: 0)
        return words
    }

    /// Writes the ranks and returns how many keys there are.
    private static func rank(_ words: Column<UInt64>, isRanked: Bool) -> Int {
        let bits = words.pointer
        var total = 0
        guard isRanked else {
            for word in 0..<words.count { total &+= bits[word].nonzeroBitCount }
            return total
        }
        for place in Swift.stride(from: 0, to: words.count, by: 2) {
            bits[place &+ 1] = UInt64(truncatingIfNeeded: total)
            total &+= bits[place].nonzeroBitCount
        }
        return total
    }

    /// Whether one of these integers, which lie within the bitmap's range, is a key.
    func hasKey(in keys: ClosedRange<Int64>) -> Bool {
        let first = UInt64(bitPattern: keys.lowerBound &- smallest)
        let last = Swift.min(UInt64(bitPattern: keys.upperBound &- smallest), range)
        guard first <= last else { return false }
        let (start, end) = (Int(first >> 6), Int(last >> 6))
        for word in start...end {
            var bits = words.pointer[word << spread]
            if word == start { bits &= UInt64.max << (first & 63) }
            if word == end { bits &= UInt64.max >> (63 - (last & 63)) }
            if bits != 0 { return true }
        }
        return false
    }

    var byteCount: Int { words.byteCount }
    /// Of the bits alone.
    var wordBytes: Int { wordCount * 8 }

    /// Each key once, ascending.
    func forEachKey(_ body: (Int64) -> Void) {
        for word in 0..<wordCount {
            var bits = words.pointer[word << spread]
            while bits != 0 {
                body(smallest &+ Int64(truncatingIfNeeded: word << 6 + bits.trailingZeroBitCount))
                bits &= bits &- 1
            }
        }
    }

    /// As values that loops keep in registers; valid while the bitmap lives.
    @inline(__always)
    var reader: Reader {
        Reader(smallest: smallest, range: range, words: words.pointer, spread: UInt64(spread))
    }

    struct Reader {
        let smallest: Int64
        let range: UInt64
        let words: UnsafePointer<UInt64>
        /// 1 if there are ranks.
        let spread: UInt64

        init(smallest: Int64, range: UInt64, words: UnsafePointer<UInt64>, spread: UInt64) {
            self.smallest = smallest
            self.range = range
            self.words = words
            self.spread = spread
        }

        /// 1 if the key is there, else 0. Without branches.
        @inline(__always)
        func contains(_ key: Int64) -> UInt64 {
            let distance = UInt64(bitPattern: key &- smallest)
            let isInside: UInt64 = distance <= range ? 1 : 0
            let place = distance <= range ? distance : 0
            return words[Int(truncatingIfNeeded: (place >> 6) &<< spread)] >> (place & 63) & isInside
        }

        /// The number of keys below this one, or `missing` if it is not there. Without branches; the bitmap is ranked.
        @inline(__always)
        func place(of key: Int64, orElse missing: Int) -> Int {
            let distance = UInt64(bitPattern: key &- smallest)
            let isInside: UInt64 = distance <= range ? 1 : 0
            let place = distance <= range ? distance : 0
            let word = Int(truncatingIfNeeded: (place >> 6) << 1)
            let bits = words[word]
            let below = (bits & ((1 << (place & 63)) &- 1)).nonzeroBitCount
            let rank = Int(truncatingIfNeeded: words[word &+ 1]) &+ below
            return bits >> (place & 63) & isInside != 0 ? rank : missing
        }

        /// The number of keys below this one, which is there; the bitmap is ranked.
        @inline(__always)
        func rank(of key: Int64) -> Int {
            let place = UInt64(bitPattern: key &- smallest)
            let word = Int(truncatingIfNeeded: (place >> 6) << 1)
            let below = words[word] & ((1 << (place & 63)) &- 1)
            return Int(truncatingIfNeeded: words[word &+ 1]) &+ below.nonzeroBitCount
        }
    }
}
