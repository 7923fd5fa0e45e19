package import SQLTypes

/// Window functions: collects its input, which comes sorted by partition and order, and adds a column for each call.
package final class WindowOperator: BatchOperator {
    private let partition: [SortOrder]
    private let order: [SortOrder]
    private let calls: [WindowSpecification]
    private let kinds: [StorageKind]
    private let checkpoint: () throws(SQLError) -> Void
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    private var result: Batch?
    private var position = 0

    /// - Parameter checkpoint: called between two calls; throws if the query is over.
    package init(
        partition: [SortOrder], order: [SortOrder], calls: [WindowSpecification], types: [SQLType],
        checkpoint: @escaping () throws(SQLError) -> Void
    ) {
        self.partition = partition
        self.order = order
        self.calls = calls
        kinds = types.map(\.storage)
        self.checkpoint = checkpoint
    }

    package var memoryBytes: Int { byteCount }

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0 else { return }
        guard rowCount + batch.count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows in one window")
        }
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
    }

    package func inputEnded() throws(SQLError) {
        guard rowCount > 0 else { return }
        // A wide type may come narrow in some batches.
        let parts = batches.map { batch in
            Batch(
                columns: zip(batch.columns, kinds).map { $0.kind == $1 ? $0 : $0.widened(to: $1) }, count: batch.count)
        }
        batches = []
        let all = Batch.concatenated(parts, kinds: kinds)
        let rows = WindowRows(all, partition: partition, order: order)
        var columns = all.columns
        for call in calls {
            try checkpoint()
            columns.append(try WindowFunctions.evaluate(call, all, rows))
        }
        let result = Batch(columns: columns, count: all.count)
        byteCount = result.wireByteCount
        self.result = result
    }

    package func produce() -> Batch? {
        guard let result, position < result.count else {
            result = nil
            return nil
        }
        let end = Swift.min(position + Batch.targetRows, result.count)
        defer { position = end }
        return Batch(columns: result.columns.map { $0.slice(position..<end) }, count: end - position)
    }
}
