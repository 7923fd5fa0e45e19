import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import Synchronization
import VectorEngine

/// One query on one node (or on the leader): what its slices share, from its first segment to its last.
final class NodeQuery: Sendable {
    let opening: QueryOpening
    let node: Int
    let exchanges: NodeExchanges
    let hashTables = HashTableRegistry()
    let inserted = InsertedRowGroups()
    let deleted = DeletedRowPositions()
    let identities = IdentityUse()
    let cancellation = CancellationFlag()
    private let memory: QueryMemory
    private let spill: any SpillStore
    private let permits: RunPermits
    private let tasks = Mutex<[SliceTask]>([])

    init(
        _ opening: QueryOpening, node: Int, memory: NodeMemory, spill: SpillArea, permits: RunPermits,
        interconnect: Interconnect
    ) {
        self.opening = opening
        self.node = node
        let isLeader = node == Slice.leaderNode
        self.memory = QueryMemory(
            memory, share: opening.memoryShare, sliceCount: isLeader ? 1 : opening.shape.slicesPerNode,
            operatorCount: isLeader ? opening.leaderOperatorCount : opening.sliceOperatorCount)
        self.spill = spill.makeStore()
        self.permits = permits
        exchanges = NodeExchanges(
            query: opening.query, node: node, shape: opening.shape, routes: opening.routes, credit: opening.credit,
            interconnect: interconnect)
    }

    /// Starts the segment on those of the node's slices that it is for, and replies once when all have ended.
    func start(
        _ order: SegmentOrder, slices: [Slice], virtualTables: any VirtualTableProvider, results: ResultChannel?,
        reply: @escaping SegmentReply
    ) {
        hashTables.put(order.keyFilters)
        let wanted = Set(order.segment.location.slices(opening.shape))
        let own = slices.filter { wanted.contains($0.number) }
        let run = SegmentRun(order, query: self, sliceCount: own.count, reply: reply)
        let nodeStore = slices.first?.store
        let started = own.map { slice in
            SliceTask(
                query: opening.query, segment: order.segment.number, slice: slice, permits: permits,
                queryStartNs: opening.startNs,
                makeWork: { wake throws(SQLError) in
                    try self.makeWork(
                        order, slice, nodeStore: nodeStore, virtualTables: virtualTables, results: results, run, wake)
                },
                onEnd: { run.ended($0) })
        }
        tasks.withLock { $0.append(contentsOf: started) }
        for task in started { task.wake() }
    }

    private func makeWork(
        _ order: SegmentOrder, _ slice: Slice, nodeStore: SliceStore?, virtualTables: any VirtualTableProvider,
        results: ResultChannel?, _ run: SegmentRun, _ wake: @escaping @Sendable () -> Void
    ) throws(SQLError) -> any SliceWork {
        try cancellation.check()
        let ports = TaskPorts(exchanges, slice: slice.number, wake: wake)
        let sliceMemory = memory.slice(
            node == Slice.leaderNode ? 0 : slice.number - opening.shape.slices(ofNode: node).lowerBound)
        var seenPorts: any ExchangePorts = ports
        if let load = order.load {
            seenPorts = LoadPorts(ports, load: load, slice: slice.number, memory: sliceMemory, report: run.loaded)
        }
        results?.attach(wake)
        let unload = order.unload.map { UnloadFiles(destination: $0, report: run.unloaded) }
        var evaluation = opening.evaluation
        evaluation.randomSeed ^= DistributionHash.hash(Int64(slice.number))
        if node == Slice.leaderNode { evaluation.leader = virtualTables }
        let context = SliceContext(
            slice: slice.number, node: node, shape: opening.shape, routing: opening.routing, version: opening.version,
            store: slice.store, nodeStore: nodeStore, exchanges: seenPorts, hashTables: hashTables,
            virtualTables: virtualTables, inserted: inserted, deleted: deleted, identities: identities,
            results: results, unload: unload, evaluation: evaluation, memory: sliceMemory, spill: spill,
            cancellation: cancellation)
        let work: any SliceWork
        if let sketch = order.sketch {
            work = try SketchTask(sketch, context: context) { run.sketched($0) }
        } else if let encoding = order.encoding {
            work = try EncodingTask(encoding, context: context) { run.encoded($0) }
        } else {
            work = try SegmentTask(segment: order.segment, context: context)
        }
        return PortedWork(work, ports: ports, results: results, cancellation: cancellation)
    }

    /// All tasks of the query end at their next look between two batches; those that wait are woken to look.
    func cancel() {
        cancellation.set()
        for task in tasks.withLock({ $0 }) { task.wake() }
    }

    /// Lets go of what refers back to the query: its tasks, which have all ended, and what wakes them. Or else hash
    /// tables would outlive it.
    func close() {
        tasks.withLock { $0.removeAll() }
        exchanges.close()
    }
}

/// Work with the exchange ports that it opened: closes them when it ends, and does not run it without credit.
private final class PortedWork: SliceWork {
    private let work: any SliceWork
    private let ports: TaskPorts
    private let results: ResultChannel?
    private let cancellation: CancellationFlag

    init(_ work: any SliceWork, ports: TaskPorts, results: ResultChannel?, cancellation: CancellationFlag) {
        self.work = work
        self.ports = ports
        self.results = results
        self.cancellation = cancellation
    }

    var steps: [StepTrace] { work.steps }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        do throws(SQLError) {
            try cancellation.check()
            // Woken for another reason than credit, the task would send a batch more than its credit allows.
            if ports.isOutOfCredit || results?.isFull == true { return .blocked }
            let outcome = try work.run(untilNs: deadline)
            if outcome == .finished { ports.close(isFailed: false) }
            return outcome
        } catch {
            ports.close(isFailed: true)
            throw error
        }
    }
}

/// One segment on the slices of one node: counts those that have ended, and makes the report.
final class SegmentRun: Sendable {
    private struct State {
        var running: Int
        var traces: [SliceTrace] = []
        var loads: [LoadReport] = []
        var unloads: [UnloadReport] = []
        var sketches: [SliceSketch] = []
        var encodings: [EncodingSizes] = []
        var error: SQLError?
    }

    private let order: SegmentOrder
    private let query: NodeQuery
    private let reply: SegmentReply
    private let state: Mutex<State>

    init(_ order: SegmentOrder, query: NodeQuery, sliceCount: Int, reply: @escaping SegmentReply) {
        self.order = order
        self.query = query
        self.reply = reply
        state = Mutex(State(running: sliceCount))
        assert(sliceCount > 0, "segment \(order.segment.number) sent to node \(query.node), which has no slice for it")
    }

    func loaded(_ report: LoadReport) { state.withLock { $0.loads.append(report) } }
    func unloaded(_ report: UnloadReport) { state.withLock { $0.unloads.append(report) } }
    func encoded(_ sizes: EncodingSizes) { state.withLock { $0.encodings.append(sizes) } }
    func sketched(_ sketch: SliceSketch) { state.withLock { $0.sketches.append(sketch) } }

    func ended(_ ending: SliceTask.Ending) {
        let (isFirstError, finished) = state.withLock { state -> (Bool, State?) in
            state.running -= 1
            state.traces.append(ending.trace)
            let isFirstError = ending.error != nil && state.error == nil
            if isFirstError { state.error = ending.error }
            return (isFirstError, state.running == 0 ? state : nil)
        }
        if isFirstError { query.cancel() }
        guard let finished else { return }
        let isInsert = order.segment.insertTarget != nil
        reply(
            SegmentReport(
                node: query.node, segment: order.segment.number, traces: finished.traces.sorted { $0.slice < $1.slice },
                inserted: isInsert && finished.error == nil ? query.inserted.entries : [],
                deleted: order.segment.deletesRows && finished.error == nil ? query.deleted.entries : [],
                identities: order.segment.fillsIdentity && finished.error == nil ? query.identities.entries : [],
                loads: finished.loads.sorted { $0.slice < $1.slice }, unloads: finished.unloads,
                sketches: finished.sketches, encodings: finished.encodings,
                keyFilters: finished.error == nil ? keyFilters : [:],
                error: finished.error))
    }

    /// Of a replicated table every node has its own.
    private var keyFilters: [KeyFilterID: KeyFilter?] {
        guard case .hash(let build)? = order.segment.steps.last, !build.sharedFilters.isEmpty else { return [:] }
        return query.hashTables.nodeFilters(of: build)
    }
}
