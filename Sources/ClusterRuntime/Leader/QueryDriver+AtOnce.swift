import Execution
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

extension QueryDriver {
    /// Runs a segment that needs no slice (`PlanFacts.immediate`) on the calling thread, by the same operators and with
    /// the same trace as on the leader's slice.
    func runAtOnce(_ segment: Segment, _ facts: PlanFacts, memory: NodeMemory) throws(SQLError) -> SliceTrace {
        var evaluation = opening.evaluation
        evaluation.leader = virtualTables
        evaluation.randomSeed ^= DistributionHash.hash(Int64(SliceTrace.leaderSlice))
        let own = QueryMemory(memory, sliceCount: 1, operatorCount: facts.leaderOperatorCount)
        let context = SliceContext(
            slice: SliceTrace.leaderSlice, node: Slice.leaderNode, shape: opening.shape, routing: opening.routing,
            version: opening.version, store: nil, nodeStore: nil, exchanges: NoExchanges(),
            hashTables: HashTableRegistry(), virtualTables: virtualTables, inserted: InsertedRowGroups(),
            results: results, evaluation: evaluation, memory: own.slice(0), cancellation: CancellationFlag())
        var trace = SliceTrace(node: Slice.leaderNode, slice: SliceTrace.leaderSlice, segment: segment.number)
        let startNs = monotonicNs()
        trace.startNs = Int64(clamping: startNs) - Int64(clamping: opening.startNs)
        let task = try SegmentTask(segment: segment, context: context)
        // The channel may be full of the one batch that there is; it has taken it.
        while try task.run(untilNs: .max) != .finished {}
        let endNs = monotonicNs()
        trace.endNs = Int64(clamping: endNs) - Int64(clamping: opening.startNs)
        trace.runNs = Int64(endNs - startNs)
        trace.steps = task.steps
        return trace
    }
}

/// Of a segment that neither sends nor receives.
private struct NoExchanges: ExchangePorts {
    func output(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeOutput { throw none(id) }
    func input(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeInput { throw none(id) }
    func inputsBySender(_ id: ExchangeID, slice: Int) throws(SQLError) -> [any ExchangeInput] { throw none(id) }

    private func none(_ id: ExchangeID) -> SQLError {
        .internalError("exchange \(id.rawValue) of a segment that runs alone")
    }
}
