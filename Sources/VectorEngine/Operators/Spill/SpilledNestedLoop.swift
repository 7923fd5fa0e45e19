package import SQLTypes

/// A nested loop over saved rows that are on disk: input is collected to a block, and all saved rows pass it, a batch at a
/// time (block nested loop).
package final class SpilledNestedLoop: BatchOperator {
    package typealias MakeLoop = (SavedRows, JoinType) throws(SQLError) -> NestedLoopOperator
    /// Rows of a block, if the memory is there.
    private static let blockRows = 16 * Batch.targetRows

    private let saved: SavedRows
    private let type: JoinType
    private let kinds: [StorageKind]
    private let workspace: SpillWorkspace
    private let makeLoop: MakeLoop
    private var block: [Batch] = []
    private var blockRowCount = 0
    private var blockBytes = 0
    /// While a block is joined: the saved rows that are to come, the loop over the current ones, the next batch of it.
    private var rest: SavedRowsReader?
    private var loop: NestedLoopOperator?
    private var next = 0
    private var underway = false
    /// Rows of the block that have met a saved row.
    private var matched: [[UInt8]] = []
    /// The block's rows that only the last look decides: next batch.
    private var leftover: Int?

    /// - Parameter makeLoop: a loop over these saved rows, of the kind that is said.
    package init(
        _ saved: SavedRows, kinds: [StorageKind], type: JoinType, _ workspace: SpillWorkspace,
        makeLoop: @escaping MakeLoop
    ) {
        self.saved = saved
        self.kinds = kinds
        self.type = type
        self.workspace = workspace
        self.makeLoop = makeLoop
    }

    package var account: MemoryAccount? { workspace.account }
    package var algorithm: String { "block nested loop" }
    package var isSatisfied: Bool { saved.rowCount == 0 && (type == .inner || type == .semi) }

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0 else { return }
        block.append(batch)
        blockRowCount += batch.count
        blockBytes += batch.wireByteCount
        let isFull = !workspace.account.resize(to: blockBytes) || blockRowCount >= SpilledNestedLoop.blockRows
        if isFull { start() }
    }

    package func inputEnded() { if !block.isEmpty { start() } }

    private func start() {
        workspace.account.force(to: blockBytes)
        rest = SavedRowsReader(saved)
        matched = block.map { [UInt8](repeating: 0, count: $0.count) }
    }

    package func produce() throws(SQLError) -> Batch? {
        while true {
            try workspace.checkpoint()
            if let leftover { return try produceLeftover(leftover) }
            guard let rest else { return nil }
            if let loop {
                if let output = try loop.produce() { return type == .inner || type == .left ? output : .stillWorking }
                if underway { note(loop) }
                guard next < block.count else {
                    self.loop = nil
                    continue
                }
                loop.consume(block[next])
                underway = true
                next += 1
                continue
            }
            if let batch = try rest.next() {
                // Rows without a partner are a matter for the end.
                let pieceType: JoinType = type == .inner || type == .left ? .inner : .semi
                loop = try makeLoop(SavedRows(slice: 0, batches: [batch]), pieceType)
                next = 0
                continue
            }
            self.rest = nil
            if type == .inner { endBlock() } else { leftover = 0 }
        }
    }

    private func note(_ loop: NestedLoopOperator) {
        underway = false
        let flags = loop.matchedRows
        for row in matched[next - 1].indices { matched[next - 1][row] |= flags[row] }
    }

    private func produceLeftover(_ index: Int) throws(SQLError) -> Batch? {
        guard index < block.count else {
            leftover = nil
            endBlock()
            return nil
        }
        leftover = index + 1
        let wanted: UInt8 = type == .semi ? 1 : 0
        let rows = matched[index].indices.filter { matched[index][$0] == wanted }
            .map { UInt32(truncatingIfNeeded: $0) }
        guard !rows.isEmpty else { return .stillWorking }
        let batch = block[index].gathered(rows.span)
        guard type == .left else { return batch }
        let nulls = kinds.map { Vector.nulls(kind: $0, count: batch.count) }
        return Batch(columns: batch.columns + nulls, count: batch.count)
    }

    private func endBlock() {
        block = []
        matched = []
        blockRowCount = 0
        blockBytes = 0
        workspace.account.force(to: 0)
    }
}

/// All saved rows, those on disk first. Belongs to one task.
package final class SavedRowsReader {
    private let saved: SavedRows
    private let spilled: SpillRunSource
    private var position = 0

    package init(_ saved: SavedRows) {
        self.saved = saved
        spilled = SpillRunSource(saved.runs)
    }

    /// nil after the last.
    package func next() throws(SQLError) -> Batch? {
        if let batch = try spilled.nextBatch() { return batch }
        guard position < saved.batches.count else { return nil }
        defer { position += 1 }
        return saved.batches[position]
    }
}
