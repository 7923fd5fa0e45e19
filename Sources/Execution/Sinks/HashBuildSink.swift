import QueryPlan
import SQLTypes
import VectorEngine

/// Collects the build side of a hash join and builds its table when the input ends: the slice's own at once, a
/// replicated one in the task that comes last.
final class HashBuildSink: BatchSink {
    private let build: HashBuild
    private let context: SliceContext
    private let participants: Int
    /// Input columns that the table needs, each once.
    private let needed: [Int]
    private var batches: [Batch] = []
    private var byteCount = 0
    private(set) var algorithm = ""

    init(_ build: HashBuild, participants: Int, _ context: SliceContext) {
        self.build = build
        self.participants = participants
        self.context = context
        needed = Set(build.keys + build.payload).sorted()
    }

    var memoryBytes: Int { byteCount }

    func consume(_ batch: Batch) -> SinkResult {
        let kept = Batch(columns: needed.map { batch.columns[$0] }, count: batch.count)
        batches.append(kept)
        byteCount += kept.wireByteCount
        return .wantsMore
    }

    func inputEnded() throws(SQLError) {
        let own = SavedRows(slice: context.slice, batches: batches)
        batches = []
        guard build.isReplicated else {
            let table = try makeTable(own)
            return context.hashTables.put(table, as: build.table, slice: context.slice)
        }
        guard let parts = context.hashTables.addPart(own, of: build.table, participants: participants) else { return }
        context.hashTables.put(try makeTable(SavedRows.joined(parts)), as: build.table, slice: nil)
    }

    private func makeTable(_ rows: SavedRows) throws(SQLError) -> JoinTable {
        let cancellation = context.cancellation
        let places = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
        let table = try JoinTable(
            rows, keys: build.keys.compactMap { places[$0] }, keyTypes: build.keyTypes,
            payload: build.payload.compactMap { places[$0] }, payloadTypes: build.payloadTypes,
            filtered: build.ownFilters + build.sharedFilters
        ) { () throws(SQLError) in try cancellation.check() }
        byteCount = table.memoryBytes
        algorithm = table.algorithm
        return table
    }
}

/// Keeps rows for a nested loop.
final class SaveSink: BatchSink {
    private let table: HashTableID
    /// nil: the rows are the slice's own; else how many slices of the node save into one.
    private let participants: Int?
    private let context: SliceContext
    private var batches: [Batch] = []
    private(set) var memoryBytes = 0

    init(_ table: HashTableID, participants: Int?, _ context: SliceContext) {
        self.table = table
        self.participants = participants
        self.context = context
    }

    func consume(_ batch: Batch) -> SinkResult {
        batches.append(batch)
        memoryBytes += batch.wireByteCount
        return .wantsMore
    }

    func inputEnded() {
        let own = SavedRows(slice: context.slice, batches: batches)
        batches = []
        guard let participants else { return context.hashTables.put(own, as: table, slice: context.slice) }
        guard let parts = context.hashTables.addPart(own, of: table, participants: participants) else { return }
        context.hashTables.put(SavedRows.joined(parts), as: table, slice: nil)
    }
}
