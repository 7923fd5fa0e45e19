import Catalog
import Execution
import Ingest
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Runs one plan on the cluster, stream after stream: tells the nodes what to run, waits for their reports, ends
/// everything at the first error.
///
///     open the query on every node
///     for each stream
///         for each segment, receivers before senders:   one message to each node that has slices for it
///         wait for one report of each
///     close the query on every node
struct QueryDriver: Sendable {
    let leader: Leader
    let nodes: [ComputeNode]
    let plan: QueryPlan
    /// A segment of it leaves the leader.
    let usesNodes: Bool
    var opening: QueryOpening
    let virtualTables: any VirtualTableProvider
    let results: ResultChannel
    let control: QueryControl
    let meter = QueryMeter()
    /// By number of the segment whose source parses files.
    var loads: [Int: LoadOrder] = [:]
    /// By number of the segment that ends in files.
    var unloads: [Int: UnloadDestination] = [:]
    /// By number of the segment that is the scan of an ANALYZE.
    var sketches: [Int: SketchOrder] = [:]
    /// By number of the segment that is the scan of an ANALYZE COMPRESSION.
    var encodings: [Int: EncodingOrder] = [:]

    struct Outcome: Sendable {
        var deliveries: [SegmentDelivery] = []
        var slices: [SliceTrace] = []
        var inserted: [InsertedRowGroups.Entry] = []
        var deleted: [DeletedRowPositions.Entry] = []
        var identities: [IdentityUse.Entry] = []
        var loads: [LoadReport] = []
        var unloads: [UnloadReport] = []
        var sketches: [SliceSketch] = []
        var encodings: [EncodingSizes] = []
        /// What the tables built so far have as keys, on all nodes together; goes with the scans that ask.
        var keyFilters: [KeyFilterID: KeyFilter] = [:]
        var error: SQLError?
    }

    /// Returns when no slice works on the query any more. Does not end `results`.
    @concurrent
    func run() async -> Outcome { await withTaskExecutorPreference(SliceThreads.shared) { await runStreams() } }

    @concurrent
    private func runStreams() async -> Outcome {
        var outcome = Outcome()
        let participants = usesNodes ? nodes : []
        leader.open(opening)
        for node in participants { await node.open(opening) }
        let query = opening.query
        control.onCancel { [leader] in
            leader.cancel(query)
            Task { for node in participants { await node.cancel(query) } }
        }
        do throws(SQLError) {
            var rounds = LoopRounds(plan)
            for stream in plan.streams {
                if let loop = stream.loop {
                    try await run(loop, &rounds, on: participants, &outcome)
                } else {
                    try await run(rounds.renumbered(stream), &outcome)
                }
            }
        } catch {
            outcome.error = error
        }
        control.disarm()
        for node in participants { await node.close(query) }
        leader.close(query)
        return outcome
    }

    func run(_ stream: Stream, _ outcome: inout Outcome) async throws(SQLError) {
        try control.check()
        let orders = try orders(for: stream, outcome)
        let reports = SegmentReports(expected: orders.reduce(0) { $0 + $1.nodes.count }, meter, control)
        for (order, nodes) in orders {
            for node in nodes {
                if node == Slice.leaderNode {
                    leader.run(order, virtualTables: virtualTables, results: results) { reports.add($0) }
                } else {
                    outcome.deliveries.append(SegmentDelivery(node: node, segment: order.segment.number))
                    await self.nodes[node].run(order) { reports.add($0) }
                }
            }
        }
        var failures: [SQLError] = []
        var filters: [KeyFilterID: [KeyFilter?]] = [:]
        for report in await reports.all() {
            outcome.slices += report.traces
            outcome.inserted += report.inserted
            outcome.deleted += report.deleted
            outcome.identities += report.identities
            outcome.loads += report.loads
            outcome.unloads += report.unloads
            outcome.sketches += report.sketches
            outcome.encodings += report.encodings
            for (id, filter) in report.keyFilters { filters[id, default: []].append(filter) }
            if let failure = report.error { failures.append(failure) }
        }
        for (id, parts) in filters {
            // A node that cannot tell what it has lets everything pass.
            let known = parts.compactMap { $0 }
            if known.count == parts.count { outcome.keyFilters[id] = KeyFilter.union(known) }
        }
        try control.check()
        // Slices that were told to stop report just that, and may be heard before the one because of which they were.
        if let failure = failures.first(where: { $0.state != .queryCanceled }) ?? failures.first { throw failure }
    }

    /// What the nodes are told, receivers first.
    private func orders(
        for stream: Stream, _ outcome: Outcome
    ) throws(SQLError) -> [(order: SegmentOrder, nodes: [Int])] {
        var orders: [(order: SegmentOrder, nodes: [Int])] = []
        for segment in QueryDriver.receiversFirst(stream.segments) {
            var order = SegmentOrder(
                query: opening.query, segment: segment, load: loads[segment.number], unload: unloads[segment.number],
                sketch: sketches[segment.number], encoding: encodings[segment.number],
                keyFilters: QueryDriver.filters(for: segment, of: outcome))
            if segment.location != .leader, case .virtualScan(let scan)? = segment.steps.first {
                // Of a system view: only the leader can tell them.
                order.virtualRows = try virtualTables.rows(of: scan, within: scan.bounds(opening.evaluation))
            }
            orders.append((order, segment.location.nodes(opening.shape)))
        }
        return orders
    }

    private static func filters(for segment: Segment, of outcome: Outcome) -> [KeyFilterID: KeyFilter] {
        guard case .scan(let scan)? = segment.steps.first else { return [:] }
        let ids = Set(
            scan.keyFilters.filter { $0.scope == .everySlice }.map { KeyFilterID(table: $0.table, key: $0.key) })
        return ids.isEmpty ? [:] : outcome.keyFilters.filter { ids.contains($0.key) }
    }

    /// The segments of a stream in an order in which each one comes after the one that receives from it.
    static func receiversFirst(_ segments: [Segment]) -> [Segment] {
        var left = segments
        var ordered: [Segment] = []
        while !left.isEmpty {
            let awaited = Set(left.compactMap { $0.steps.first?.receivesFrom?.exchange })
            // Last one first: the plan lists senders before receivers, so that this is the usual order at once.
            let next = left.lastIndex { segment in segment.steps.last?.sendsInto.map { !awaited.contains($0) } ?? true }
            guard let next else {
                assertionFailure("segments that send to one another in a circle")
                return ordered + left
            }
            ordered.append(left.remove(at: next))
        }
        return ordered
    }
}
