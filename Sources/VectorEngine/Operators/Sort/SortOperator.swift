package import SQLTypes

/// ORDER BY; collects all its input. With a limit it keeps what may be among the first rows only: whenever enough rows
/// have gathered, they are sorted and the rest is dropped, so it holds no more than a multiple of the limit.
package final class SortOperator: BatchOperator {
    private static let pruneRows = 32_768

    private let order: [SortOrder]
    private let kinds: [StorageKind]
    private let limit: Int?
    private let checkpoint: () throws(SQLError) -> Void
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    private var sorted: Batch?
    private var rows: [UInt32] = []
    private var position = 0
    package private(set) var algorithm = ""

    /// - Parameter checkpoint: called within long sorts; throws if the query is over.
    package init(
        _ order: [SortOrder], types: [SQLType], limit: Int64?, checkpoint: @escaping () throws(SQLError) -> Void
    ) {
        self.order = order
        kinds = types.map(\.storage)
        self.limit = limit.map { Int(Swift.min($0, Int64(Int32.max))) }
        self.checkpoint = checkpoint
    }

    package var isSatisfied: Bool { limit == 0 }
    package var memoryBytes: Int { byteCount + rows.count * 4 }
    /// Rows that wait to be sorted.
    var heldRowCount: Int { rowCount }

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0, limit != 0 else { return }
        guard rowCount + batch.count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows in one sort")
        }
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
        if let limit, rowCount >= SortOperator.pruneRows + 2 * limit { try prune(limit) }
    }

    private func prune(_ limit: Int) throws(SQLError) {
        let all = try joined()
        var sorter = RowSorter(all, by: order)
        let best = try sorter.sortedRows(limit: limit, checkpoint: checkpoint)
        let kept = all.gathered(best.span)
        batches = [kept]
        rowCount = kept.count
        byteCount = kept.wireByteCount
    }

    private func joined() throws(SQLError) -> Batch {
        try Batch.concatenated(batches, kinds: kinds, checkpoint: checkpoint)
    }

    package func inputEnded() throws(SQLError) {
        guard rowCount > 0 else { return }
        let all = try joined()
        batches = []
        var sorter = RowSorter(all, by: order)
        rows = try sorter.sortedRows(limit: limit, checkpoint: checkpoint)
        algorithm = limit == nil ? sorter.algorithm : "top-n, " + sorter.algorithm
        sorted = all
    }

    package func produce() -> Batch? {
        guard let sorted else { return nil }
        guard position < rows.count else {
            self.sorted = nil
            rows = []
            rowCount = 0
            byteCount = 0
            return nil
        }
        let end = Swift.min(position + Batch.targetRows, rows.count)
        defer { position = end }
        return rows.withUnsafeBufferPointer { rows in
            sorted.gathered(Span(_unsafeElements: UnsafeBufferPointer(rebasing: rows[position..<end])))
        }
    }
}
