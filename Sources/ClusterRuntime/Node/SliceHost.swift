import Execution
import QueryPlan
import SQLTypes
import Storage
import Synchronization

/// The slices of one node, or the leader's one, with the queries that run on them.
final class SliceHost: Sendable {
    let node: Int
    let slices: [Slice]
    let permits: RunPermits
    let memory: NodeMemory
    let spill: SpillArea
    private let inbox: ExchangeInbox
    private let interconnect: Interconnect
    private let queries = Mutex<[Int64: NodeQuery]>([:])

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
        queries.withLock { $0[opening.query] = query }
        inbox.open(opening.query, query.exchanges)
    }

    func run(
        _ order: SegmentOrder, virtualTables: any VirtualTableProvider, results: ResultChannel?,
        reply: @escaping SegmentReply
    ) {
        guard let query = query(order.query) else {
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
        query(round.query)?.exchanges.add(round.routes, replacing: round.replacing)
    }

    func cancel(_ number: Int64) { query(number)?.cancel() }

    func close(_ query: Int64) {
        inbox.close(query)
        queries.withLock { $0.removeValue(forKey: query) }?.close()
    }

    private func query(_ number: Int64) -> NodeQuery? { queries.withLock { $0[number] } }
}
