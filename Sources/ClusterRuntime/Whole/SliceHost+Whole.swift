import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// What a node is to run whole: all that it does for a query, in one message.
struct WholeOrder: Sendable {
    var opening: QueryOpening
    /// Those that receive after those that send.
    var segments: [Segment]
    /// Set by who ends the query early.
    var cancellation: CancellationFlag
    /// A node of another process would keep its own.
    var programs: KeptPrograms
}

/// The node is through, or has given up.
struct WholeReport: Sendable {
    var traces: [SliceTrace]
    /// Rows for the leader.
    var rows: [LocalExchanges.Parcel]
    var error: SQLError?
}

extension SliceHost {
    /// Runs the order on the queue of one of the slices, which is another one for each query, under one permit; then
    /// `reply` is called there, still under the permit.
    func run(
        _ order: WholeOrder, virtualTables: any VirtualTableProvider, reply: @escaping @Sendable (WholeReport) -> Void
    ) {
        let query = order.opening.query
        let home = slices[Int(query % Int64(slices.count))]
        let exchanges = LocalExchanges(order.opening.routes, slices: order.opening.shape.slices(ofNode: node))
        let work = WholeWork(
            order.segments, contexts(order, exchanges, virtualTables, results: nil), openedNs: order.opening.startNs)
        let task = SliceTask(
            query: query, segment: order.segments.first?.number ?? 0, slice: home, permits: permits,
            queryStartNs: order.opening.startNs, makeWork: { _ in work },
            onEnd: { ending in
                reply(WholeReport(traces: work.traces, rows: exchanges.forLeader, error: ending.error))
            })
        task.wake()
    }

    /// The leader's segments, on the calling thread, with the rows that the nodes have sent.
    func runHere(
        _ order: WholeOrder, _ rows: [LocalExchanges.Parcel], virtualTables: any VirtualTableProvider,
        results: ResultChannel
    ) throws(SQLError) -> [SliceTrace] {
        let exchanges = LocalExchanges(order.opening.routes, slices: 0..<0, parcels: rows)
        let work = WholeWork(
            order.segments, contexts(order, exchanges, virtualTables, results: results), openedNs: order.opening.startNs
        )
        while try work.run(untilNs: .max) != .finished {}
        return work.traces
    }

    private func contexts(
        _ order: WholeOrder, _ exchanges: LocalExchanges, _ virtualTables: any VirtualTableProvider,
        results: ResultChannel?
    ) -> [SliceContext] {
        let opening = order.opening
        let isLeader = node == Slice.leaderNode
        let memory = QueryMemory(
            memory, share: isLeader ? 1 : opening.memoryShare, sliceCount: slices.count,
            operatorCount: isLeader ? opening.leaderOperatorCount : opening.sliceOperatorCount)
        let (hashTables, inserted) = (HashTableRegistry(), InsertedRowGroups())
        let spill = spill.makeStore()
        return slices.enumerated().map { local, slice in
            var evaluation = opening.evaluation
            evaluation.randomSeed ^= DistributionHash.hash(Int64(slice.number))
            if isLeader { evaluation.leader = virtualTables }
            return SliceContext(
                slice: slice.number, node: node, shape: opening.shape, routing: opening.routing,
                version: opening.version, store: slice.store, nodeStore: slices.first?.store, exchanges: exchanges,
                hashTables: hashTables, virtualTables: virtualTables, inserted: inserted, results: results,
                evaluation: evaluation, memory: memory.slice(local), spill: spill, cancellation: order.cancellation,
                programs: order.programs)
        }
    }
}
