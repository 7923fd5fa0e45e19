import SQLTypes

/// Merges sorted runs into one order. As many at a time as the memory allows; if there are more, neighbours are merged
/// into longer runs first, so that equal rows stay in the order of their runs. Belongs to one task.
final class RunMerger {
    private static let fanInMaximum = 64

    private let order: [SortOrder]
    private let types: [SQLType]
    private let limit: Int?
    private let workspace: SpillWorkspace
    /// Of this round, not merged yet; and what the round has made.
    private var runs: [SpillRun]
    private var made: [SpillRun] = []
    private let fanIn: Int
    private var source: MergeSource?
    private var writer: SpillRunWriter?
    private var left: Int

    /// - Parameters:
    ///   - runs: each in order; of equal rows those of earlier runs come first.
    ///   - limit: only so many first rows are needed.
    init(_ runs: [SpillRun], by order: [SortOrder], types: [SQLType], limit: Int?, _ workspace: SpillWorkspace) {
        self.order = order
        self.types = types
        self.limit = limit
        self.workspace = workspace
        self.runs = runs
        left = limit ?? .max
        // A batch of each run as it was read, as much again for sort keys, and the output.
        let bytesPerRun = 2 * (runs.map(\.largestFrameBytes).max() ?? 0) + 1
        let fanIn = Swift.max(2, Swift.min(workspace.account.limitBytes / bytesPerRun, RunMerger.fanInMaximum))
        self.fanIn = fanIn
        workspace.account.force(to: Swift.min(fanIn, runs.count) * bytesPerRun)
    }

    /// The next rows; nil after the last; an empty batch while runs are merged for a later round.
    func next() throws(SQLError) -> Batch? {
        try workspace.checkpoint()
        if let source {
            guard left > 0, case .batch(let batch) = try source.next() else { return try endMerge() }
            let taken = batch.count <= left ? batch : batch.slice(0..<left)
            left -= taken.count
            guard let writer else { return taken }
            try writer.append(taken)
            return .stillWorking
        }
        guard !runs.isEmpty else { return nil }
        let isLast = made.isEmpty && runs.count <= fanIn
        let group = Array(runs.prefix(fanIn))
        runs.removeFirst(group.count)
        source = MergeSource(group.map { SpillRunSource([$0]) }, by: order, types: types)
        left = limit ?? .max
        if !isLast { writer = try workspace.writer() }
        return .stillWorking
    }

    private func endMerge() throws(SQLError) -> Batch? {
        source = nil
        guard let writer else {
            runs = []
            workspace.account.force(to: 0)
            return nil
        }
        made.append(try writer.finish())
        self.writer = nil
        if runs.isEmpty {
            runs = made
            made = []
        } else if runs.count == 1 {
            made += runs
            runs = made
            made = []
        }
        return .stillWorking
    }
}
