import QueryPlan
import SQLTypes
import VectorEngine

/// Collects the build side of a hash join and builds its table when the input ends: the slice's own at once, a
/// replicated one in the task that comes last. Rows that find no memory go to disk, and the join with them: a replicated
/// build is on disk as a whole if any of its slices had to.
final class HashBuildSink: BatchSink {
    private let build: HashBuild
    private let context: SliceContext
    private let participants: Int
    /// Input columns that the table needs, each once.
    private let needed: [Int]
    private let layout: SpilledBuild.Layout
    private let workspace: SpillWorkspace
    private let collector: BuildCollector
    private(set) var algorithm = ""
    private(set) var slotUse: SlotUse?

    init(_ build: HashBuild, participants: Int, _ context: SliceContext) {
        self.build = build
        self.participants = participants
        self.context = context
        needed = Set(build.keys + build.payload).sorted()
        let places = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
        layout = SpilledBuild.Layout(
            keys: build.keys.compactMap { places[$0] }, keyTypes: build.keyTypes,
            payload: build.payload.compactMap { places[$0] }, payloadTypes: build.payloadTypes)
        workspace = context.workspace()
        collector = BuildCollector(layout, workspace)
    }

    var account: MemoryAccount? { collector.account }
    var spilledBytes: Int64 { workspace.spilledBytes }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        try collector.append(Batch(columns: needed.map { batch.columns[$0] }, count: batch.count))
        return .wantsMore
    }

    func inputEnded() throws(SQLError) {
        let part: BuildPart
        if let spilled = try collector.takeSpilled(slice: context.slice) {
            part = .spilled(spilled)
        } else {
            part = .rows(collector.takeRows(slice: context.slice), collector.account)
        }
        guard build.isReplicated else {
            return context.hashTables.put(try finished([part]), as: build.table, slice: context.slice)
        }
        guard let parts = context.hashTables.addPart(part, of: build.table, participants: participants) else { return }
        context.hashTables.put(try finished(parts), as: build.table, slice: nil)
    }

    private func finished(_ parts: [BuildPart]) throws(SQLError) -> JoinBuild {
        var rows: [SavedRows] = []
        var accounts: [MemoryAccount] = []
        for case .rows(let part, let account) in parts {
            rows.append(part)
            accounts.append(account)
        }
        guard rows.count == parts.count else { return .spilled(try spilled(parts)) }
        let cancellation = context.cancellation
        let table = try JoinTable(
            SavedRows.joined(rows), keys: layout.keys, keyTypes: layout.keyTypes, payload: layout.payload,
            payloadTypes: layout.payloadTypes, use: use, filtered: build.ownFilters + build.sharedFilters,
            isOrdered: build.feedsMerge
        ) { () throws(SQLError) in try cancellation.check() }
        algorithm = table.algorithm
        slotUse = table.slotUse
        for account in accounts {
            account.force(to: table.memoryBytes / accounts.count)
            account.settle()
        }
        return .table(table, accounts)
    }

    private var use: JoinTable.Use {
        switch build.use {
        case .rows: .rows
        case .matches: .matches
        case .presence: .presence
        }
    }

    private func spilled(_ parts: [BuildPart]) throws(SQLError) -> SpilledBuild {
        var spilled: [SpilledPart] = []
        for part in parts {
            switch part {
            case .spilled(let own): spilled.append(own)
            case .rows(let rows, let account):
                spilled.append(try BuildCollector.spilled(rows, account: account, layout: layout, workspace))
            }
        }
        algorithm = "partitioned on disk"
        return SpilledBuild(spilled, layout: layout)
    }
}
