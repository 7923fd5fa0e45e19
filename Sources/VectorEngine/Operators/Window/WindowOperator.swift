package import SQLTypes

/// Window functions over input that comes sorted by partition and order; adds a column for each call.
///
/// It holds the partitions that it has not handed on: whenever enough rows have come, those of all partitions but the
/// last are worked out. A partition that finds no memory goes to disk as its rows come, and `SpilledWindow` works it out
/// frame by frame when it is complete.
package final class WindowOperator: BatchOperator {
    /// Rows that are worked out together, if partitions are small.
    private static let rowsWanted = 65_536
    /// What a row takes while calls are worked out: bounds of partition, peers and frame, values, results.
    private static let workBytesPerRow = 160

    private let partition: [SortOrder]
    private let order: [SortOrder]
    private let calls: [WindowSpecification]
    private let kinds: [StorageKind]
    private let workspace: SpillWorkspace
    /// Columns that partition, order or a call reads.
    private let needed: [Int]
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    /// Rows at which the held ones are looked through for a partition that has ended.
    private var lookAt: Int
    /// The rows of the current partition, all of which are on disk then.
    private var spilling: Spilling?
    private var output: (any WindowOutput)?
    /// Came after the partition that is being handed out.
    private var waiting: Batch?

    private struct Spilling {
        let rows: SpillRunWriter
        /// The needed columns once more, if there are others.
        let looked: SpillRunWriter?
        /// Of the partition's columns.
        var changes: RowChanges
    }

    package init(
        partition: [SortOrder], order: [SortOrder], calls: [WindowSpecification], types: [SQLType],
        _ workspace: SpillWorkspace
    ) {
        self.partition = partition
        self.order = order
        self.calls = calls
        kinds = types.map(\.storage)
        self.workspace = workspace
        needed = Set((partition + order).map(\.column) + calls.flatMap(\.arguments)).sorted()
        lookAt = Swift.max(WindowOperator.rowsWanted, workspace.rowsMinimum)
    }

    package var account: MemoryAccount? { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }
    package var algorithm: String { spilledBytes > 0 ? "rows on disk" : "" }

    // MARK: Input

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0 else { return }
        guard rowCount + batch.count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows in one window")
        }
        // A wide type may come narrow in some batches.
        let batch = Batch(
            columns: zip(batch.columns, kinds).map { $0.kind == $1 ? $0 : $0.widened(to: $1) }, count: batch.count)
        if spilling != nil { return try consumeSpilled(batch) }
        hold(batch)
        let isGranted = workspace.account.resize(to: bytesNeeded)
        if isGranted && rowCount < lookAt { return }
        if try handOnEnded() { return }
        lookAt = 2 * rowCount
        if isGranted { return }
        guard rowCount > workspace.rowsMinimum else { return workspace.account.force(to: bytesNeeded) }
        try spill()
    }

    private func hold(_ batch: Batch) {
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
    }

    private var bytesNeeded: Int { 2 * byteCount + WindowOperator.workBytesPerRow * rowCount }

    /// The rows that are held, which are of one partition, go to disk.
    private func spill() throws(SQLError) {
        let all = needed.count == kinds.count
        spilling = Spilling(
            rows: try workspace.writer(), looked: all ? nil : try workspace.writer(), changes: RowChanges(partition))
        let held = batches
        batches = []
        rowCount = 0
        byteCount = 0
        for batch in held {
            try workspace.checkpoint()
            try write(batch)
        }
        guard let last = held.last else { return }
        _ = spilling?.changes.next(last.slice(last.count - 1..<last.count))
        workspace.account.force(to: 0)
    }

    private func write(_ batch: Batch) throws(SQLError) {
        try spilling?.rows.append(batch)
        try spilling?.looked?.append(Batch(columns: needed.map { batch.columns[$0] }, count: batch.count))
    }

    private func consumeSpilled(_ batch: Batch) throws(SQLError) {
        guard let start = spilling?.changes.firstChange(batch) else { return try write(batch) }
        if start > 0 { try write(batch.slice(0..<start)) }
        waiting = batch.slice(start..<batch.count)
        try handOnSpilled()
    }

    private func handOnSpilled() throws(SQLError) {
        guard let spilling else { return }
        self.spilling = nil
        let rows = try spilling.rows.finish()
        output = try SpilledWindow(
            rows, looked: try spilling.looked?.finish() ?? rows, needed: needed, kinds: kinds, order: order,
            calls: calls, workspace)
    }

    // MARK: Working out

    /// Hands on all partitions but the last of those held in memory; false if there is one only.
    private func handOnEnded() throws(SQLError) -> Bool {
        let all = try Batch.concatenated(batches, kinds: kinds, checkpoint: workspace.checkpoint)
        batches = [all]
        let keys = partition.map { SortKeyColumn(all.columns[$0.column], $0, usesRanks: true) }
        var start = all.count - 1
        while start > 0, keys.allSatisfy({ $0.compare(start, $0, start - 1) == 0 }) { start -= 1 }
        guard start > 0 else { return false }
        // In memory of its own: a slice would keep all rows.
        let rows = (start..<all.count).map { UInt32(truncatingIfNeeded: $0) }
        let rest = all.gathered(rows.span)
        batches = [all.slice(0..<start)]
        try handOnAll()
        // Its memory is that of all rows until they are handed out.
        waiting = rest
        return true
    }

    private func handOnAll() throws(SQLError) {
        let held = try Batch.concatenated(batches, kinds: kinds, checkpoint: workspace.checkpoint)
        batches = []
        output = HeldWindowOutput(Batch(columns: held.columns + (try results(held)), count: held.count))
        rowCount = 0
        byteCount = 0
        lookAt = Swift.max(WindowOperator.rowsWanted, workspace.rowsMinimum)
    }

    private func results(_ all: Batch) throws(SQLError) -> [Vector] {
        let rows = try WindowRows(all, partition: partition, order: order, checkpoint: workspace.checkpoint)
        var columns: [Vector] = []
        for call in calls {
            try workspace.checkpoint()
            columns.append(try WindowFunctions.evaluate(call, all, rows, checkpoint: workspace.checkpoint))
        }
        return columns
    }

    package func inputEnded() throws(SQLError) {
        if spilling != nil { return try handOnSpilled() }
        if rowCount > 0 { try handOnAll() }
    }

    // MARK: Output

    package func produce() throws(SQLError) -> Batch? {
        while let output {
            if let batch = try output.next() { return batch }
            self.output = nil
            if let waiting {
                self.waiting = nil
                hold(waiting)
                workspace.account.force(to: bytesNeeded)
            } else {
                workspace.account.force(to: 0)
            }
        }
        return nil
    }
}

/// Rows with their results, in batches.
protocol WindowOutput: AnyObject {
    func next() throws(SQLError) -> Batch?
}

private final class HeldWindowOutput: WindowOutput {
    private let rows: Batch
    private var position = 0

    init(_ rows: Batch) { self.rows = rows }

    func next() -> Batch? {
        guard position < rows.count else { return nil }
        let end = Swift.min(position + Batch.targetRows, rows.count)
        defer { position = end }
        return rows.slice(position..<end)
    }
}
