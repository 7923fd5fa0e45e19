import SQLTypes

/// Tells, of rows that come in an order, which differ from the row before in the columns of that order; over batches.
struct RowChanges {
    private let order: [SortOrder]
    /// Of the last row seen, which is its only row; empty before the first.
    private var last: [SortKeyColumn] = []
    private var hasRows = false

    init(_ order: [SortOrder]) { self.order = order }

    /// One flag for each row; the very first row differs. Columns have to be of one kind in all batches.
    mutating func next(_ batch: Batch) -> [Bool] {
        guard batch.count > 0 else { return [] }
        let keys = order.map { SortKeyColumn(batch.columns[$0.column], $0, usesRanks: false) }
        let hadRows = hasRows
        let before = last
        var flags = [Bool](repeating: false, count: batch.count)
        flags[0] = !hadRows || !zip(keys, before).allSatisfy { $0.compare(0, $1, 0) == 0 }
        for row in 1..<batch.count { flags[row] = keys.contains { $0.compare(row, $0, row - 1) != 0 } }
        let end = batch.slice(batch.count - 1..<batch.count)
        // In memory of its own: a slice would keep the batch.
        let row: [UInt32] = [0]
        last = order.map { SortKeyColumn(end.columns[$0.column].gathered(row.span), $0, usesRanks: false) }
        hasRows = true
        return flags
    }

    /// Where in `batch` the first row differs from the one before; nil: nowhere.
    mutating func firstChange(_ batch: Batch) -> Int? { next(batch).firstIndex(of: true) }
}
