/// What a filter leaves of columns of integers: rows outside need not be made at all. Those inside are still asked.
package struct ColumnBounds: Hashable, Sendable {
    private var ranges: [Int: ClosedRange<Int64>] = [:]

    package init() {}

    /// nil: nothing is known of the column.
    package subscript(column: Int) -> ClosedRange<Int64>? { ranges[column] }

    /// Keeps what is in `range`, too. nil: nothing is.
    package mutating func limit(_ column: Int, to range: ClosedRange<Int64>?) {
        let known = ranges[column] ?? Int64.min...Int64.max
        guard let range, known.overlaps(range) else {
            // No number of a query, a transaction or a slice is that small.
            ranges[column] = Int64.min...Int64.min
            return
        }
        ranges[column] = known.clamped(to: range)
    }
}
