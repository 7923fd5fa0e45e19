import SQLTypes

/// A partition of a join whose build side cannot be dealt into smaller ones: it is cut into pieces that fit, and all
/// probe rows pass each piece. What a probe row has met in any piece is kept, a bit a row, for the kinds of join that ask
/// for it; they hand those rows on in a last pass.
final class ChunkedJoin: PartitionJoin {
    private let probe: [SpillRun]
    private let layout: SpilledBuild.Layout
    private let type: JoinType
    private let workspace: SpillWorkspace
    private let makeJoin: SpilledHashJoin.MakeJoin
    private let build: SpillRunSource
    /// Read for the last piece, and too much for it.
    private var ahead: Batch?
    private var join: HashJoinOperator?
    private var probeRows: SpillRunSource
    private var probeBatch: Batch?
    private var hasEnded = false
    /// The number of the current probe batch's first row, and which probe rows have met one.
    private var firstRow = 0
    private let matched: Column<UInt64>
    private var isLastPass = false

    init(
        build: [SpillRun], probe: [SpillRun], layout: SpilledBuild.Layout, type: JoinType, _ workspace: SpillWorkspace,
        makeJoin: @escaping SpilledHashJoin.MakeJoin
    ) throws(SQLError) {
        self.probe = probe
        self.layout = layout
        self.type = type
        self.workspace = workspace
        self.makeJoin = makeJoin
        self.build = SpillRunSource(build)
        probeRows = SpillRunSource(probe)
        let rows = probe.reduce(0) { $0 + $1.rowCount }
        matched = Column(capacity: rows / 64 + 1)
        matched.grow(to: rows / 64 + 1, filling: 0)
    }

    /// What a piece does: outer joins leave unmatched probe rows to the last pass, semi and anti joins everything.
    private var pieceType: JoinType {
        switch type {
        case .inner, .left: .inner
        case .right, .full: .right
        case .semi, .anti, .nullAwareAnti: .semi
        case .buildSemi, .buildAnti: type
        }
    }

    private var handsOnPieces: Bool { pieceType != .semi }

    func next() throws(SQLError) -> Batch? {
        if isLastPass { return try nextOfLastPass() }
        guard let join else { return try startPiece() ? .stillWorking : startLastPass() }
        if let output = try join.produce() { return handsOnPieces ? output : .stillWorking }
        noteMatches(join)
        if hasEnded {
            self.join = nil
            return .stillWorking
        }
        if let batch = try probeRows.nextBatch() {
            probeBatch = batch
            try join.consume(batch)
        } else {
            hasEnded = true
            join.inputEnded()
        }
        return .stillWorking
    }

    private func noteMatches(_ join: HashJoinOperator) {
        guard let probeBatch, !type.showsOnlyBuild else { return }
        let flags = join.matchedProbeRows
        let bits = matched.pointer
        for row in 0..<probeBatch.count where flags[row] != 0 {
            bits[(firstRow + row) >> 6] |= 1 << UInt64((firstRow + row) & 63)
        }
        firstRow += probeBatch.count
        self.probeBatch = nil
    }

    /// The next piece of the build; false: there is none.
    private func startPiece() throws(SQLError) -> Bool {
        var batches: [Batch] = []
        var rows = 0
        var bytes = 0
        workspace.account.force(to: matched.byteCount)
        while let batch = try nextOfBuild() {
            try workspace.checkpoint()
            let (moreRows, moreBytes) = (rows + batch.count, bytes + batch.wireByteCount + 16 * batch.count)
            let needed = BuildCollector.bytesToBuild(rows: moreRows, bytes: moreBytes, keys: layout.keys.count)
            if !workspace.account.resize(to: matched.byteCount + needed) {
                guard batches.isEmpty || moreRows <= workspace.rowsMinimum else {
                    ahead = batch
                    break
                }
                workspace.account.force(to: matched.byteCount + needed)
            }
            batches.append(batch)
            (rows, bytes) = (moreRows, moreBytes)
        }
        guard !batches.isEmpty else { return false }
        join = try makeJoin(try layout.table(of: batches, workspace), pieceType)
        rewindProbe()
        return true
    }

    private func nextOfBuild() throws(SQLError) -> Batch? {
        guard let ahead else { return try build.nextBatch() }
        self.ahead = nil
        return ahead
    }

    private func rewindProbe() {
        probeRows = SpillRunSource(probe)
        probeBatch = nil
        firstRow = 0
        hasEnded = false
    }

    // MARK: The last pass

    private func startLastPass() throws(SQLError) -> Batch? {
        switch type {
        case .inner, .right, .buildSemi, .buildAnti: return nil
        case .left, .full, .semi, .anti, .nullAwareAnti: break
        }
        isLastPass = true
        rewindProbe()
        // Over no build rows: a left join hands rows on with nulls, an anti join as they are.
        join = try makeJoin(try layout.table(of: [Batch](), workspace), type == .left || type == .full ? .left : .anti)
        return .stillWorking
    }

    private func nextOfLastPass() throws(SQLError) -> Batch? {
        guard let join else { return nil }
        if let output = try join.produce() { return output }
        guard let batch = try probeRows.nextBatch() else {
            self.join = nil
            return nil
        }
        let wanted: UInt64 = type == .semi ? 1 : 0
        let bits = matched.pointer
        let rows = (0..<batch.count).compactMap { row in
            let place = firstRow + row
            return bits[place >> 6] >> UInt64(place & 63) & 1 == wanted ? UInt32(truncatingIfNeeded: row) : nil
        }
        firstRow += batch.count
        if !rows.isEmpty { try join.consume(rows.count == batch.count ? batch : batch.gathered(rows.span)) }
        return .stillWorking
    }
}
