package import SQLTypes

/// Keeps rows in memory, or, from the first refusal on, all of them on disk; in order. Belongs to one task.
package final class RowCollector {
    private let workspace: SpillWorkspace
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    private var writer: SpillRunWriter?

    package init(_ workspace: SpillWorkspace) { self.workspace = workspace }

    package func append(_ batch: Batch) throws(SQLError) {
        if let writer { return try writer.append(batch) }
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
        // A nested loop joins the batches to one, which may live beside them.
        let needed = 2 * byteCount
        guard !workspace.account.resize(to: needed) else { return }
        guard rowCount > workspace.rowsMinimum else { return workspace.account.force(to: needed) }
        let writer = try workspace.writer()
        self.writer = writer
        for batch in batches {
            try workspace.checkpoint()
            try writer.append(batch)
        }
        batches = []
        workspace.account.force(to: 0)
    }

    package func finish(slice: Int) throws(SQLError) -> SavedRows {
        workspace.account.settle()
        defer { batches = [] }
        return SavedRows(
            slice: slice, batches: batches,
            runs: try writer.map { (writer) throws(SQLError) in [try writer.finish()] } ?? [],
            accounts: [workspace.account])
    }
}
