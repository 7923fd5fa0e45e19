import Catalog
import QueryPlan
import SQLTypes
import Storage
import Testing

@testable import ClusterRuntime

/// Alerts of plans and traces made by hand: those with much to tell would take long to run.
@Suite struct QueryAlertsTests {
    private static let source = EventSource(user: .master, session: 1, database: "dev", transaction: 2, query: 3)
    private static let exchange = ExchangeID(0)

    private enum Use: CaseIterable { case aggregation, join, table }

    private func plan(_ sending: Step, use: Use, explain: ExplainNode? = nil) -> QueryPlan {
        let last: Step =
            switch use {
            case .aggregation:
                .aggregate(
                    Aggregation(phase: .final, groups: [0], groupTypes: [.integer], calls: [], estimatedGroups: 1))
            case .join:
                .hashJoin(
                    HashJoin(
                        table: HashTableID(0), kind: .inner, keys: [0], residual: nil, probeOutput: [0],
                        buildOutput: [], payloadTypes: []))
            case .table: .insert(TableID(100_001))
            }
        let segments = [
            Segment(number: 0, location: .everySlice, steps: [.constants([], types: [.integer]), sending]),
            Segment(number: 1, location: .everySlice, steps: [.receive(Self.exchange, types: [.integer]), last]),
        ]
        return QueryPlan(
            streams: [Stream(segments: segments)],
            explain: explain
                ?? ExplainNode(operation: "Hash Join", cost: Cost(startup: 0, total: 0), rows: 1, width: 4),
            notices: [], output: [], tables: [])
    }

    /// - Parameter rows: into the second step of the first segment, by slice.
    private func trace(_ rows: [Int64]) -> QueryTrace {
        let shape = ClusterShape(nodes: 1, slicesPerNode: rows.count)
        var trace = QueryTrace(query: 3, text: "", shape: shape, permits: 1)
        for (slice, rows) in rows.enumerated() {
            var own = SliceTrace(node: 0, slice: slice, segment: 0)
            own.steps = [StepTrace(.scan), StepTrace(.dist)]
            own.steps[1].rowsIn = rows
            trace.slices.append(own)
            var receiving = SliceTrace(node: 0, slice: slice, segment: 1)
            receiving.steps = [StepTrace(.scan), StepTrace(.aggr)]
            trace.slices.append(receiving)
        }
        return trace
    }

    private func alerts(_ plan: QueryPlan, _ rows: [Int64]) -> [AlertEvent] {
        QueryAlerts.of(plan, trace(rows), DatabaseVersion(), Self.source, time: 9)
    }

    @Test func manyRowsDistributed() {
        let step = Step.distribute(Self.exchange, keys: [0])
        #expect(alerts(plan(step, use: .aggregation), [500_000, 500_000]).isEmpty)
        let aggregation = alerts(plan(step, use: .aggregation), [400_000, 600_001])
        #expect(
            aggregation == [
                AlertEvent(
                    source: Self.source, slice: 1, segment: 0, step: 1,
                    event:
                        "Distributed a large number of rows across the network:1000001 rows were distributed in order "
                        + "to process the aggregation",
                    solution: "Review the choice of distribution key to collocate the join or aggregation", time: 9)
            ])
        let join = alerts(plan(step, use: .join), [2_000_000, 1])
        #expect(join.map(\.slice) == [0])
        #expect(join.first?.event.hasSuffix("2000001 rows were distributed in order to process the hash join") == true)
        // On their way into a table they have to be.
        #expect(alerts(plan(step, use: .table), [2_000_000, 1]).isEmpty)
    }

    @Test func manyRowsBroadcast() {
        #expect(alerts(plan(.broadcast(Self.exchange), use: .join), [1_000_000, 0]).isEmpty)
        let found = alerts(plan(.broadcast(Self.exchange), use: .join), [1, 1_000_000])
        #expect(found.map(\.event) == ["Broadcasted a large number of rows across the network"])
        #expect(found.map(\.slice) == [1])
    }

    @Test func allInner() {
        let join = ExplainNode(
            operation: "Hash Join", label: .allInner, cost: Cost(startup: 0, total: 0), rows: 1, width: 4,
            steps: [StepReference(segment: 1, step: 1)])
        let root = ExplainNode(
            operation: "Aggregate", cost: Cost(startup: 0, total: 0), rows: 1, width: 4, children: [join])
        let found = alerts(plan(.distribute(Self.exchange, keys: [0]), use: .join, explain: root), [1, 1])
        #expect(found.map(\.event) == ["DS_DIST_ALL_INNER for Hash Join in the query plan"])
        #expect(found.map(\.segment) == [1] && found.map(\.step) == [1])
    }

    @Test func maintenanceRaisesNone() {
        var plan = plan(.distribute(Self.exchange, keys: [0]), use: .join)
        plan.explain.operation = "Vacuum"
        #expect(alerts(plan, [5_000_000]).isEmpty)
    }
}
