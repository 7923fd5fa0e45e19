import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Plan lines of finished queries, root first, numbered from 1.
    /// - Source: Redshift developer guide, "STL_EXPLAIN".
    static let stlExplain = SystemView(
        log: "stl_explain",
        PlanField.explain
    ) { scan, add in
        for query in scan.queries { PlanRow.each(of: LoggedSteps(query, .plan), add) }
    }
}

/// One line of a plan.
struct PlanRow {
    let query: LoggedSteps
    let node: ExplainNode
    /// From 1, the root.
    let number: Int
    /// 0: it is the root.
    let parent: Int
    let depth: Int

    static func each(of query: LoggedSteps, _ body: (PlanRow) -> Void) {
        guard let root = query.record.explain else { return }
        var count = 0
        func visit(_ node: ExplainNode, parent: Int, depth: Int) {
            count += 1
            let number = count
            body(PlanRow(query: query, node: node, number: number, parent: parent, depth: depth))
            for child in node.children { visit(child, parent: number, depth: depth + 1) }
        }
        visit(root, parent: 0, depth: 0)
    }

    /// Filters, conditions, keys.
    var info: String { node.attributes.joined(separator: "; ") }

    /// As EXPLAIN prints it, without the lines below that belong to it.
    var line: String {
        depth == 0 ? node.headline : String(repeating: " ", count: 6 * depth - 4) + "->  " + node.headline
    }
}

/// Columns that views of plans have in common.
enum PlanField {
    static let explain: [Field<PlanRow>] = [
        PlanField.user, PlanField.queryNumber, Field("nodeid", .integer) { .int($0.number) },
        Field("parentid", .integer) { .int($0.parent) },
        Field("plannode", .char(length: 400)) { .text($0.line, max: 400) },
        Field("info", .char(length: 400)) { .text($0.info, max: 400) },
        Field("user_query_id", .bigint) { .int($0.query.record.number) },
        Field("child_query_sequence", .integer, .int(1)), Field("query_uuid", .char(length: 36), .text("")),
    ]

    static let monitoring: [Field<PlanRow>] = [
        user, Field("query_id", .bigint) { .int($0.query.record.number) },
        Field("child_query_sequence", .integer, .int(1)), Field("plan_node_id", .integer) { .int($0.number) },
        Field("plan_parent_id", .integer) { .int($0.parent) },
        Field("plan_node", .char(length: 400)) { .text($0.line, max: 400) },
        Field("plan_info", .char(length: 400)) { .text($0.info, max: 400) },
        Field("query_uuid", .char(length: 36), .text("")),
    ]

    static let user = Field<PlanRow>("userid", .integer) { .int($0.query.record.userID.rawValue) }
    static let queryNumber = Field<PlanRow>("query", .integer) { .int($0.query.record.number) }
}
