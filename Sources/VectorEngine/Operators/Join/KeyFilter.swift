/// Which keys the build side of a join has: what a scan that feeds the join drops rows by before it reads their other
/// columns. "No" is certain; without a bitmap only the range is looked at. Immutable, shared by all slices.
package struct KeyFilter: Sendable {
    /// Bounds of the build side's keys, both included; nil: it has none, and nothing matches.
    package let bounds: ClosedRange<Int64>?
    let bitmap: KeyBitmap?

    /// Whether a row group or block with these bounds may have a match.
    package func mayMatch(minimum: Int64, maximum: Int64) -> Bool {
        guard let bounds else { return false }
        return minimum <= bounds.upperBound && maximum >= bounds.lowerBound
    }
}
