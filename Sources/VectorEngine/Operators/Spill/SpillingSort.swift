package import SQLTypes

/// ORDER BY of any number of rows: a `SortOperator` as long as its memory suffices; then what it has collected is sorted
/// and written as a run, again and again, and the runs are merged.
/// - Source: Knuth, "The Art of Computer Programming", volume 3, 5.4 (external sorting).
package final class SpillingSort: BatchOperator {
    private let order: [SortOrder]
    private let types: [SQLType]
    private let limit: Int64?
    private let workspace: SpillWorkspace
    private let stringCount: Int
    private var sorter: SortOperator
    private var runs: [SpillRun] = []
    private var merger: RunMerger?

    package init(_ order: [SortOrder], types: [SQLType], limit: Int64?, _ workspace: SpillWorkspace) {
        self.order = order
        self.types = types
        self.limit = limit
        self.workspace = workspace
        stringCount = types.count { $0.storage == .bytes }
        sorter = SortOperator(order, types: types, limit: limit, checkpoint: workspace.checkpoint)
    }

    package var isSatisfied: Bool { sorter.isSatisfied }
    package var account: MemoryAccount? { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }
    package var algorithm: String { spilledBytes == 0 ? sorter.algorithm : "external merge" }

    /// Rows, all of them once more when they are joined for sorting, and words and row numbers to sort by.
    private var bytesNeeded: Int {
        let rows = sorter.heldRowCount
        return 2 * (sorter.memoryBytes + 12 * stringCount * rows) + 48 * rows
    }

    package func consume(_ batch: Batch) throws(SQLError) {
        try sorter.consume(batch)
        let needed = bytesNeeded
        guard !workspace.account.resize(to: needed) else { return }
        if sorter.heldRowCount >= workspace.rowsMinimum {
            try writeRun()
        } else {
            workspace.account.force(to: needed)
        }
    }

    private func writeRun() throws(SQLError) {
        guard sorter.heldRowCount > 0 else { return }
        workspace.account.force(to: bytesNeeded)
        try sorter.inputEnded()
        let writer = try workspace.writer()
        while let sorted = sorter.produce() {
            try workspace.checkpoint()
            try writer.append(sorted)
        }
        runs.append(try writer.finish())
        sorter = SortOperator(order, types: types, limit: limit, checkpoint: workspace.checkpoint)
        workspace.account.force(to: 0)
    }

    package func inputEnded() throws(SQLError) {
        guard !runs.isEmpty else { return try sorter.inputEnded() }
        try writeRun()
        merger = RunMerger(
            runs, by: order, types: types, limit: limit.map { Int(clamping: $0) }, workspace)
        runs = []
    }

    package func produce() throws(SQLError) -> Batch? {
        guard let merger else {
            let output = sorter.produce()
            if output == nil { workspace.account.force(to: bytesNeeded) }
            return output
        }
        return try merger.next()
    }
}
