package import SQLTypes

/// Window functions over input that comes sorted by partition and order; adds a column for each call.
///
/// It holds the partitions that it has not handed on: whenever enough rows have come, those of all partitions but the
/// last are worked out. Of a partition that finds no memory the rows go to disk, and only the columns that the calls look
/// at stay: these a partition must have memory for.
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
    /// All columns of the held rows, which then are of one partition, and `batches` have the needed ones only.
    private var writer: SpillRunWriter?
    private var output: (any WindowOutput)?
    /// Came after the partition that is being handed out.
    private var waiting: Batch?

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
        if writer != nil { return try consumeSpilled(batch) }
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

    /// The rows that are held become one partition's on disk.
    private func spill() throws(SQLError) {
        let writer = try workspace.writer()
        for batch in batches {
            try workspace.checkpoint()
            try writer.append(batch)
        }
        self.writer = writer
        batches = batches.map { narrowed($0) }
        byteCount = batches.reduce(0) { $0 + $1.wireByteCount }
        try reserveSpilled()
    }

    private func narrowed(_ batch: Batch) -> Batch {
        Batch(columns: needed.map { batch.columns[$0] }, count: batch.count)
    }

    private func reserveSpilled() throws(SQLError) {
        let bytes = bytesNeeded
        guard !workspace.account.resize(to: bytes) else { return }
        // What a partition needs at least: all of it, in the columns that are looked at.
        throw SQLError(
            .outOfMemory, "out of memory",
            detail: "A window partition of \(rowCount) rows and more needs \(bytes) bytes for its functions.",
            hint: "Partition by more columns, or give the cluster more memory.")
    }

    private func consumeSpilled(_ batch: Batch) throws(SQLError) {
        guard let last = batches.last else { throw SQLError.internalError("a spilled window without rows") }
        let start = firstOfNextPartition(after: last, in: batch)
        let own = start.map { batch.slice(0..<$0) } ?? batch
        if own.count > 0 {
            try writer?.append(own)
            hold(narrowed(own))
            try reserveSpilled()
        }
        guard let start else { return }
        waiting = batch.slice(start..<batch.count)
        try handOnAll()
    }

    /// Where in `batch` another partition begins than that of the last row before; nil: nowhere.
    private func firstOfNextPartition(after last: Batch, in batch: Batch) -> Int? {
        for column in partition {
            guard let place = needed.firstIndex(of: column.column) else { continue }
            let before = SortKeyColumn(
                last.columns[place].slice(last.count - 1..<last.count), column, usesRanks: false)
            let key = SortKeyColumn(batch.columns[column.column], column, usesRanks: false)
            // Sorted by partition: if the last row is of the old one, all are.
            if key.compare(batch.count - 1, before, 0) == 0 { continue }
            return (0..<batch.count).first { row in
                partition.contains { column in
                    guard let place = needed.firstIndex(of: column.column) else { return false }
                    let before = last.columns[place].slice(last.count - 1..<last.count)
                    return SortKeyColumn(batch.columns[column.column].slice(row..<row + 1), column, usesRanks: false)
                        .compare(0, SortKeyColumn(before, column, usesRanks: false), 0) != 0
                }
            }
        }
        return nil
    }

    // MARK: Working out

    /// Hands on all partitions but the last of those held in memory; false if there is one only.
    private func handOnEnded() throws(SQLError) -> Bool {
        let all = Batch.concatenated(batches, kinds: kinds)
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
        let spilled = try writer?.finish()
        writer = nil
        let kinds = spilled == nil ? self.kinds : needed.map { self.kinds[$0] }
        let held = Batch.concatenated(batches, kinds: kinds)
        batches = []
        let results = try results(spilled == nil ? held : widened(held))
        output =
            spilled.map { SpilledWindowOutput($0, results) }
            ?? HeldWindowOutput(Batch(columns: held.columns + results, count: held.count))
        rowCount = 0
        byteCount = 0
        lookAt = Swift.max(WindowOperator.rowsWanted, workspace.rowsMinimum)
    }

    /// The needed columns at their places; of the others nobody will ask.
    private func widened(_ held: Batch) -> Batch {
        var columns = kinds.map { Vector.nulls(kind: $0, count: held.count) }
        for (place, column) in needed.enumerated() { columns[column] = held.columns[place] }
        return Batch(columns: columns, count: held.count)
    }

    private func results(_ all: Batch) throws(SQLError) -> [Vector] {
        let rows = WindowRows(all, partition: partition, order: order)
        var columns: [Vector] = []
        for call in calls {
            try workspace.checkpoint()
            columns.append(try WindowFunctions.evaluate(call, all, rows))
        }
        return columns
    }

    package func inputEnded() throws(SQLError) {
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
private protocol WindowOutput: AnyObject {
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

private final class SpilledWindowOutput: WindowOutput {
    private let rows: SpillRunSource
    private let results: [Vector]
    private var position = 0

    init(_ run: SpillRun, _ results: [Vector]) {
        rows = SpillRunSource([run])
        self.results = results
    }

    func next() throws(SQLError) -> Batch? {
        guard let batch = try rows.nextBatch() else { return nil }
        let range = position..<position + batch.count
        position += batch.count
        return Batch(columns: batch.columns + results.map { $0.slice(range) }, count: batch.count)
    }
}
