import Execution
import QueryPlan
import SQLTypes
import Storage

/// The slices of one node, or the leader's one, with the queries that run on them. Belongs to its actor.
final class SliceHost {
    private let node: Int
    private let slices: [Slice]
    private let permits: RunPermits
    private let memory: NodeMemory
    private let spill: SpillArea
    private let inbox: ExchangeInbox
    private let interconnect: Interconnect
    private var queries: [Int64: NodeQuery] = [:]

    init(
        node: Int, slices: [Slice], permits: RunPermits, memory: NodeMemory, spill: SpillArea, inbox: ExchangeInbox,
        interconnect: Interconnect
    ) {
        self.node = node
        self.slices = slices
        self.permits = permits
        self.memory = memory
        self.spill = spill
        self.inbox = inbox
        self.interconnect = interconnect
    }

    /// What the operators of all queries hold here.
    var bytesInUse: Int { memory.bytesInUse }

    func open(_ opening: QueryOpening) {
        let query = NodeQuery(
            opening, node: node, memory: memory, spill: spill, permits: permits, interconnect: interconnect)
        queries[opening.query] = query
        inbox.open(opening.query, query.exchanges)
    }

    func run(
        _ order: SegmentOrder, virtualTables: any VirtualTableProvider, results: ResultChannel?,
        reply: @escaping SegmentReply
    ) {
        guard let query = queries[order.query] else {
            let error = SQLError.internalError("query \(order.query) is not open on node \(node)")
            reply(
                SegmentReport(
                    node: node, segment: order.segment.number, traces: [], inserted: [], deleted: [], identities: [],
                    loads: [], unloads: [], sketches: [], encodings: [], keyFilters: [:], error: error))
            return
        }
        query.start(order, slices: slices, virtualTables: virtualTables, results: results, reply: reply)
    }

    func add(_ round: RoundExchanges) {
        queries[round.query]?.exchanges.add(round.routes, replacing: round.replacing)
    }

    func cancel(_ query: Int64) { queries[query]?.cancel() }

    func close(_ query: Int64) {
        inbox.close(query)
        queries.removeValue(forKey: query)?.close()
    }
}
