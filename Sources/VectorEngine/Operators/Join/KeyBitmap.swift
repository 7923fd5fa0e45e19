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
    private let words: Column<UInt64>
    /// Empty if nobody asks for ranks.
    private let ranks: Column<UInt32>

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
        words = KeyBitmap.zeros(range)
        let bits = words.pointer
        for row in 0..<rowCount where valid[row] != 0 {
            let place = UInt64(bitPattern: keys[row] &- smallest)
            bits[Int(truncatingIfNeeded: place >> 6)] |= 1 << (place & 63)
        }
        (ranks, count) = KeyBitmap.ranks(words, areWanted: isRanked)
    }

    /// Without ranks: the keys of all of them, which lie within the bounds; nil if they lie too far apart.
    init?(_ parts: [KeyBitmap], within bounds: ClosedRange<Int64>) {
        guard let range = KeyBitmap.range(bounds, rowCount: parts.reduce(0) { $0 + $1.count }) else { return nil }
        smallest = KeyBitmap.base(bounds)
        self.range = range
        words = KeyBitmap.zeros(range)
        for part in parts {
            let first = Int(truncatingIfNeeded: UInt64(bitPattern: part.smallest &- smallest) >> 6)
            let bits = words.pointer + first
            for word in 0..<part.words.count { bits[word] |= part.words.pointer[word] }
        }
        (ranks, count) = KeyBitmap.ranks(words, areWanted: false)
    }

    private static func zeros(_ range: UInt64) -> Column<UInt64> {
        let wordCount = Int(range / 64) + 1
        let words = Column<UInt64>(capacity: wordCount)
        words.grow(to: wordCount, filling: 0)
        return words
    }

    private static func ranks(_ words: Column<UInt64>, areWanted: Bool) -> (Column<UInt32>, Int) {
        let ranks = Column<UInt32>(capacity: areWanted ? words.count : 1)
        guard areWanted else {
            var total = 0
            for word in 0..<words.count { total &+= words.pointer[word].nonzeroBitCount }
            return (ranks, total)
        }
        let below = ranks.extend(by: words.count)
        var total: UInt32 = 0
        for word in 0..<words.count {
            below[word] = total
            total &+= UInt32(truncatingIfNeeded: words.pointer[word].nonzeroBitCount)
        }
        return (ranks, Int(total))
    }

    /// Whether one of these integers, which lie within the bitmap's range, is a key.
    func hasKey(in keys: ClosedRange<Int64>) -> Bool {
        let first = UInt64(bitPattern: keys.lowerBound &- smallest)
        let last = Swift.min(UInt64(bitPattern: keys.upperBound &- smallest), range)
        guard first <= last else { return false }
        let (start, end) = (Int(first >> 6), Int(last >> 6))
        for word in start...end {
            var bits = words.pointer[word]
            if word == start { bits &= UInt64.max << (first & 63) }
            if word == end { bits &= UInt64.max >> (63 - (last & 63)) }
            if bits != 0 { return true }
        }
        return false
    }

    var byteCount: Int { wordBytes + ranks.byteCount }
    var wordBytes: Int { words.count * 8 }

    /// Each key once, ascending.
    func forEachKey(_ body: (Int64) -> Void) {
        for word in 0..<words.count {
            var bits = words.pointer[word]
            while bits != 0 {
                body(smallest &+ Int64(truncatingIfNeeded: word << 6 + bits.trailingZeroBitCount))
                bits &= bits &- 1
            }
        }
    }

    /// As values that loops keep in registers; valid while the bitmap lives.
    @inline(__always)
    var reader: Reader {
        Reader(smallest: smallest, range: range, words: words.pointer, ranks: ranks.pointer)
    }

    struct Reader {
        let smallest: Int64
        let range: UInt64
        let words: UnsafePointer<UInt64>
        let ranks: UnsafePointer<UInt32>

        init(smallest: Int64, range: UInt64, words: UnsafePointer<UInt64>, ranks: UnsafePointer<UInt32>) {
            self.smallest = smallest
            self.range = range
            self.words = words
            self.ranks = ranks
        }

        /// 1 if the key is there, else 0. Without branches.
        @inline(__always)
        func contains(_ key: Int64) -> UInt64 {
            let distance = UInt64(bitPattern: key &- smallest)
            let isInside: UInt64 = distance <= range ? 1 : 0
            let place = distance <= range ? distance : 0
            return words[Int(truncatingIfNeeded: place >> 6)] >> (place & 63) & isInside
        }

        /// The number of keys below this one, or `missing` if it is not there. Without branches.
        @inline(__always)
        func place(of key: Int64, orElse missing: Int) -> Int {
            let distance = UInt64(bitPattern: key &- smallest)
            let isInside: UInt64 = distance <= range ? 1 : 0
            let place = distance <= range ? distance : 0
            let word = Int(truncatingIfNeeded: place >> 6)
            let bits = words[word]
            let rank = Int(ranks[word]) &+ (bits & ((1 << (place & 63)) &- 1)).nonzeroBitCount
            return bits >> (place & 63) & isInside != 0 ? rank : missing
        }

        /// The number of keys below this one, which is there.
        @inline(__always)
        func rank(of key: Int64) -> Int {
            let place = UInt64(bitPattern: key &- smallest)
            let word = Int(truncatingIfNeeded: place >> 6)
            let below = words[word] & ((1 << (place & 63)) &- 1)
            return Int(ranks[word]) + below.nonzeroBitCount
        }
    }
}
