package import SQLTypes

/// Rows of a load, brought into the order of a sort key: in memory, or as runs on disk that are merged. Equal rows stay in
/// the order in which they came. Belongs to one task.
///
/// Runs of an interleaved key follow one another: each has ranks of its own, and zone maps rule out as many of the rows of
/// each as they would of all.
package final class RowOrderer {
    private let order: [SortOrder]
    private let isInterleaved: Bool
    private let types: [SQLType]
    private let workspace: SpillWorkspace
    private let stringCount: Int
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    private var runs: [SpillRun] = []
    package private(set) var algorithm = ""

    package init(
        _ order: [SortOrder], isInterleaved: Bool = false, types: [SQLType], _ workspace: SpillWorkspace
    ) {
        self.order = order
        self.isInterleaved = isInterleaved
        self.types = types
        self.workspace = workspace
        stringCount = types.count { $0.storage == .bytes }
    }

    package var account: MemoryAccount { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }
    package var isEmpty: Bool { batches.isEmpty && runs.isEmpty }

    /// Rows as they came; words and row numbers to sort by. Rows are picked from the batches, which are not joined.
    private var bytesNeeded: Int { byteCount + (12 * stringCount + 48) * rowCount }

    package func append(_ batch: Batch) throws(SQLError) {
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
        let needed = bytesNeeded
        guard !workspace.account.resize(to: needed) else { return }
        workspace.account.force(to: needed)
        if rowCount > workspace.rowsMinimum { try writeRun() }
    }

    private func writeRun() throws(SQLError) {
        guard rowCount > 0 else { return }
        let writer = try workspace.writer()
        try inMemory(partRows: Batch.targetRows) { (sorted) throws(SQLError) in try writer.append(sorted) }
        runs.append(try writer.finish())
        rowCount = 0
        byteCount = 0
        workspace.account.force(to: 0)
    }

    /// All rows in order, `partRows` at a time; nothing is left.
    package func finish(
        partRows: Int, _ body: (_ rows: Batch, _ rowCount: Int) throws(SQLError) -> Void
    ) throws(SQLError) {
        guard !runs.isEmpty else {
            let count = rowCount
            return try inMemory(partRows: partRows) { (sorted) throws(SQLError) in try body(sorted, count) }
        }
        try writeRun()
        algorithm = isInterleaved ? "interleaved runs" : "external merge"
        let count = runs.reduce(0) { $0 + $1.rowCount }
        let merged = isInterleaved ? runs.map { [$0] } : [runs]
        runs = []
        for runs in merged {
            // A run of its own is handed on as it is.
            let merger = RunMerger(runs, by: isInterleaved ? [] : order, types: types, limit: nil, workspace)
            while let batch = try merger.next() { if batch.count > 0 { try body(batch, count) } }
        }
    }

    private func sortedRows(_ all: PartedRows) throws(SQLError) -> [UInt32] {
        let keys = order.map { all.column($0.column) }
        if isInterleaved {
            algorithm = "interleaved"
            return try InterleavedOrder.sortedRows(
                keys: keys, types: order.map(\.type), count: all.count, checkpoint: workspace.checkpoint)
        }
        var sorter = RowSorter(keys: keys, by: order, count: all.count)
        defer { algorithm = sorter.algorithm }
        return try sorter.sortedRows(checkpoint: workspace.checkpoint)
    }

    private func inMemory(partRows: Int, _ body: (Batch) throws(SQLError) -> Void) throws(SQLError) {
        let all = PartedRows(batches, kinds: types.map(\.storage))
        batches = []
        let rows = try sortedRows(all)
        var position = 0
        while position < rows.count {
            try workspace.checkpoint()
            let end = Swift.min(position + partRows, rows.count)
            try body(all.gathered(rows.span.extracting(position..<end)))
            position = end
        }
    }
}
