/// Which keys the build side of a join has, in one key column: what a scan that feeds the join drops rows by before it
/// reads their other columns. "No" is certain; without a bitmap some strangers pass. Immutable, shared by all slices.
package struct KeyFilter: Sendable {
    /// Bounds of the build side's keys, both included; nil: it has none, and nothing matches.
    package let bounds: ClosedRange<Int64>?
    let bitmap: KeyBitmap?
    /// Worth a look before the bitmap, or instead of one; nil: the bitmap is small itself, or there are too many keys.
    let bloom: KeyBloom?

    init(bounds: ClosedRange<Int64>?, bitmap: KeyBitmap?) {
        self.init(bounds: bounds, bitmap: bitmap, bloom: bitmap.flatMap { KeyBloom($0) })
    }

    private init(bounds: ClosedRange<Int64>?, bitmap: KeyBitmap?, bloom: KeyBloom?) {
        self.bounds = bounds
        self.bitmap = bitmap
        self.bloom = bloom
    }

    /// Of the rows none of whose keys is null. The column is one of words.
    init(_ keys: KeyBlock, column: Int) {
        let bounds = KeyFilter.bounds(keys, column: column)
        let bitmap = bounds.flatMap { bounds in
            KeyBitmap(
                keys.words(column), valid: keys.valid, rowCount: keys.count, within: bounds, isRanked: false)
        }
        if bounds != nil, bitmap == nil {
            let bloom = KeyBloom(keys.words(column), valid: keys.valid, rowCount: keys.count)
            self.init(bounds: bounds, bitmap: nil, bloom: bloom)
        } else {
            self.init(bounds: bounds, bitmap: bitmap)
        }
    }

    /// Of the rows none of whose keys is null; nil: there are none.
    static func bounds(_ keys: KeyBlock, column: Int) -> ClosedRange<Int64>? {
        let words = keys.words(column)
        let valid = keys.valid
        var smallest = Int64.max
        var largest = Int64.min
        for row in 0..<keys.count where valid[row] != 0 {
            smallest = Swift.min(smallest, words[row])
            largest = Swift.max(largest, words[row])
        }
        return smallest <= largest ? smallest...largest : nil
    }

    /// What any of them lets pass; nothing if there are none.
    package static func union(_ filters: [KeyFilter]) -> KeyFilter {
        let some = filters.filter { $0.bounds != nil }
        guard some.count > 1 else { return some.first ?? KeyFilter(bounds: nil, bitmap: nil) }
        let smallest = some.compactMap(\.bounds?.lowerBound).min() ?? 0
        let largest = some.compactMap(\.bounds?.upperBound).max() ?? 0
        let bitmaps = some.compactMap(\.bitmap)
        if bitmaps.count == some.count {
            return KeyFilter(bounds: smallest...largest, bitmap: KeyBitmap(bitmaps, within: smallest...largest))
        }
        let blooms = bitmaps.isEmpty ? some.compactMap(\.bloom) : []
        return KeyFilter(
            bounds: smallest...largest, bitmap: nil, bloom: blooms.count == some.count ? KeyBloom(blooms) : nil)
    }

    /// Whether a row group or block with these bounds, both included, may have a match.
    package func mayMatch(minimum: Int64, maximum: Int64) -> Bool {
        guard let bounds, minimum <= bounds.upperBound, maximum >= bounds.lowerBound else { return false }
        guard let bitmap, minimum <= maximum else { return true }
        return bitmap.hasKey(in: max(minimum, bounds.lowerBound)...min(maximum, bounds.upperBound))
    }
}
