/// Some integer keys in as few bits as tell most strangers apart: a filter that stays in the second-level cache where the
/// exact `KeyBitmap` of the same keys does not, or where there is none because they lie too far apart. "No" is certain.
///
/// A key has three bits of one word, so a test is one load. With 5 to 10 bits a key 2 to 6 of 100 strangers pass, with 16 to
/// 32 less than 1.
///
/// `@unchecked Sendable`: filled in `init` by one task; nothing changes afterwards.
/// - Source: Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", JEA 2009 (register-blocked).
final class KeyBloom: @unchecked Sendable {
    private let words: Column<UInt64>
    private let shift: UInt64

    /// Bitmaps up to this many bytes are near enough by themselves.
    private static let bitmapBytesMinimum = 1 << 20

    /// nil: it would not be much smaller than the bitmap.
    init?(_ bitmap: KeyBitmap) {
        guard bitmap.wordBytes > KeyBloom.bitmapBytesMinimum else { return nil }
        var bits = 6
        while 1 << bits < bitmap.count / 10 { bits += 1 }
        guard 8 << bits <= bitmap.wordBytes / 4 else { return nil }
        shift = UInt64(64 - bits)
        words = Column(capacity: 1 << bits)
        words.grow(to: 1 << bits, filling: 0)
        let target = words.pointer
        let shift = self.shift
        bitmap.forEachKey { key in
            let hash = Reader.hash(key)
            target[Int(truncatingIfNeeded: hash >> shift)] |= Reader.bits(hash, shift)
        }
    }

    /// Of keys that have no bitmap; nil: they are so many that it would not stay in the cache.
    init?(_ keys: UnsafePointer<Int64>, valid: UnsafePointer<UInt8>, rowCount: Int) {
        var bits = 6
        while 1 << bits < rowCount / 4 { bits += 1 }
        guard 8 << bits <= KeyBloom.bitmapBytesMinimum else { return nil }
        shift = UInt64(64 - bits)
        words = Column(capacity: 1 << bits)
        words.grow(to: 1 << bits, filling: 0)
        let target = words.pointer
        let shift = self.shift
        for row in 0..<rowCount where valid[row] != 0 {
            let hash = Reader.hash(keys[row])
            target[Int(truncatingIfNeeded: hash >> shift)] |= Reader.bits(hash, shift)
        }
    }

    /// What any of them has; nil: they are not of one size.
    init?(_ parts: [KeyBloom]) {
        guard let first = parts.first, parts.allSatisfy({ $0.shift == first.shift }) else { return nil }
        shift = first.shift
        words = Column(capacity: first.words.count)
        words.grow(to: first.words.count, filling: 0)
        for part in parts {
            for word in 0..<words.count { words.pointer[word] |= part.words.pointer[word] }
        }
    }

    var byteCount: Int { words.byteCount }

    /// As values that loops keep in registers; valid while the filter lives.
    @inline(__always)
    var reader: Reader { Reader(words: UnsafePointer(words.pointer), shift: shift) }

    struct Reader {
        fileprivate let words: UnsafePointer<UInt64>
        fileprivate let shift: UInt64

        /// 1 if the key may be there, else 0. Without branches.
        @inline(__always)
        func mayContain(_ key: Int64) -> UInt64 {
            let hash = Reader.hash(key)
            let bits = Reader.bits(hash, shift)
            return words[Int(truncatingIfNeeded: hash >> shift)] & bits == bits ? 1 : 0
        }

        /// The upper bits are good: they say which word, the ones after them which bits of it.
        @inline(__always)
        fileprivate static func hash(_ key: Int64) -> UInt64 { UInt64(bitPattern: key) &* 0x9E37_79B9_7F4A_7C15 }

        @inline(__always)
        fileprivate static func bits(_ hash: UInt64, _ shift: UInt64) -> UInt64 {
            let rest = hash >> (shift &- 18)
            return 1 << (rest & 63) | 1 << (rest >> 6 & 63) | 1 << (rest >> 12 & 63)
        }
    }
}
