import QueryPlan
import SQLTypes
import VectorEngine

/// Keeps rows for a nested loop or a later scan; on disk from the first batch on that finds no memory.
final class SaveSink: BatchSink {
    private let table: HashTableID
    /// nil: the rows are the slice's own; else how many slices of the node save into one.
    private let participants: Int?
    private let context: SliceContext
    private let workspace: SpillWorkspace
    private let collector: RowCollector

    init(_ table: HashTableID, participants: Int?, _ context: SliceContext) {
        self.table = table
        self.participants = participants
        self.context = context
        workspace = context.workspace()
        collector = RowCollector(workspace)
    }

    var account: MemoryAccount? { workspace.account }
    var spilledBytes: Int64 { workspace.spilledBytes }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        try collector.append(batch)
        return .wantsMore
    }

    func inputEnded() throws(SQLError) {
        let own = try collector.finish(slice: context.slice)
        guard let participants else { return context.hashTables.put(own, as: table, slice: context.slice) }
        guard let parts = context.hashTables.addPart(own, of: table, participants: participants) else { return }
        context.hashTables.put(SavedRows.joined(parts), as: table, slice: nil)
    }
}
