import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Which segment and step carries out which line of the plan. - Source: Redshift developer guide, "STL_PLAN_INFO".
    static let stlPlanInfo = SystemView(log: "stl_plan_info", PlanStep.fields) { scan, add in
        for query in scan.queries { PlanStep.each(of: LoggedSteps(query, .all), add) }
    }
}

/// One step, and the line of EXPLAIN that it is of.
struct PlanStep {
    let query: LoggedSteps
    let line: PlanRow
    let segment: Int
    let step: Int
    let isOnLeader: Bool

    static let fields: [Field<PlanStep>] = [
        PlanField.user.of { $0.line }, PlanField.queryNumber.of { $0.line },
        Field("nodeid", .integer) { .int($0.line.number) }, Field("segment", .integer) { .int($0.segment) },
        Field("step", .integer) { .int($0.step) }, Field("locus", .integer) { .int($0.isOnLeader ? 1 : 0) },
        Field("plannode", .integer) { .int($0.line.node.typeNumber) },
        Field("startupcost", .double) { .double($0.line.node.cost.startup) },
        Field("totalcost", .double) { .double($0.line.node.cost.total) },
        Field("rows", .bigint) { .int($0.line.rows) },
        Field("bytes", .bigint) { .int($0.line.bytes) },
    ]

    static func each(of query: LoggedSteps, _ body: (PlanStep) -> Void) {
        var lines: [PlanRow] = []
        PlanRow.each(of: query) { lines.append($0) }
        var segment = -1
        for slice in query.record.trace.slices where slice.segment != segment {
            segment = slice.segment
            let isOnLeader = slice.slice == SliceTrace.leaderSlice
            for (number, step) in slice.steps.enumerated() {
                guard let node = step.planNode, lines.indices.contains(node - 1) else { continue }
                body(
                    PlanStep(
                        query: query, line: lines[node - 1], segment: segment, step: number, isOnLeader: isOnLeader))
            }
        }
    }
}

extension PlanRow {
    /// As estimated.
    var rows: Int64 { Int64(min(max(node.rows.rounded(), 0), 1e18)) }
    var bytes: Int64 { Int64(min(max(node.rows.rounded() * Double(node.width), 0), 1e18)) }
}

extension ExplainNode {
    /// The number of the operator. Those of PostgreSQL 8.0's `nodes.h`, of which the guide shows 104, 114 and 117, and
    /// Redshift's own 122 and 123; 0 for what neither has.
    fileprivate var typeNumber: Int {
        let known: [(String, Int)] = [
            ("Result", 101), ("Append", 102), ("Seq Scan", 104), ("Subquery Scan", 107), ("Function Scan", 108),
            ("Nested Loop", 110), ("Merge Join", 111), ("Hash Join", 112), ("Materialize", 113), ("Sort", 114),
            ("Aggregate", 116), ("HashAggregate", 116), ("Unique", 117), ("Limit", 120), ("Network", 123),
        ]
        if let found = known.first(where: { operation.hasPrefix($0.0) }) { return found.1 }
        switch operation {
        case "Hash": return 118
        case "Merge": return 122
        default: break
        }
        // `Hash Left Join`, `Merge Right Join`.
        if operation.hasSuffix(" Join") { return operation.hasPrefix("Hash") ? 112 : 111 }
        return 0
    }
}
