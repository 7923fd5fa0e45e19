/// The distinct integer keys of a join's build side, one bit for each integer of their range, and how many keys lie
/// below each word of it: tells in one or two loads whether a key is there, and the how-manieth it is.
///
///     keys 3 7 66     words  bit 3, bit 7 │ bit 2      ranks  0 │ 2      66 is number 2 + 0
///
/// `@unchecked Sendable`: filled in `init` by one task; nothing changes afterwards.
final class KeyBitmap: @unchecked Sendable {
    let smallest: Int64
    /// The largest key less the smallest.
    let range: UInt64
    /// Distinct keys.
    let count: Int
    private let words: Column<UInt64>
    private let ranks: Column<UInt32>

    /// Ranges up to this many integers are always worth a bitmap (1 MB), ...
    private static let rangeAlways: UInt64 = 1 << 23
    /// ... others if there are so few integers for each key.
    private static let rangePerKey: UInt64 = 1_024

    /// nil if the keys lie too far apart.
    init?(_ keys: UnsafePointer<Int64>, valid: UnsafePointer<UInt8>, rowCount: Int, within bounds: ClosedRange<Int64>) {
        let range = UInt64(bitPattern: bounds.upperBound &- bounds.lowerBound)
        guard range < KeyBitmap.rangeAlways || range / KeyBitmap.rangePerKey < UInt64(rowCount),
            range < UInt64(UInt32.max)
        else { return nil }
        smallest = bounds.lowerBound
        self.range = range
        let wordCount = Int(range / 64) + 1
        words = Column(capacity: wordCount)
        words.grow(to: wordCount, filling: 0)
        ranks = Column(capacity: wordCount)
        ranks.grow(to: wordCount, filling: 0)
        let bits = words.pointer
        for row in 0..<rowCount where valid[row] != 0 {
            let place = UInt64(bitPattern: keys[row] &- bounds.lowerBound)
            bits[Int(truncatingIfNeeded: place >> 6)] |= 1 << (place & 63)
        }
        var total: UInt32 = 0
        let below = ranks.pointer
        for word in 0..<wordCount {
            below[word] = total
            total &+= UInt32(truncatingIfNeeded: bits[word].nonzeroBitCount)
        }
        count = Int(total)
    }

    var byteCount: Int { words.byteCount + ranks.byteCount }

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
