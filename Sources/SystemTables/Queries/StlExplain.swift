import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Plan lines of finished queries, root first, numbered from 1.
    /// - Source: Redshift developer guide, "STL_EXPLAIN".
    static let stlExplain = SystemView(
        "stl_explain",
        [
            Column("userid", .integer), Column("query", .integer), Column("nodeid", .integer),
            Column("parentid", .integer),
            Column("plannode", .char(length: 400)), Column("info", .char(length: 400)),
        ]
    ) { state in
        state.queries.flatMap { query in
            guard let explain = query.explain else { return [[SQLValue]]() }
            var rows: [[SQLValue]] = []
            add(explain, parent: 0, depth: 0, of: query, to: &rows)
            return rows
        }
    }

    private static func add(
        _ node: ExplainNode, parent: Int, depth: Int, of query: SystemState.Query, to rows: inout [[SQLValue]]
    ) {
        let number = rows.count + 1
        let indent = depth == 0 ? "" : String(repeating: "  ", count: depth - 1) + "  ->  "
        let label = node.label.map { " \($0.rawValue)" } ?? ""
        rows.append([
            .int(query.session.userID.rawValue), .int(query.trace.query), .int(number), .int(parent),
            .text("\(indent)\(node.prefix.rawValue) \(node.operation)\(label)", max: 400),
            .text(node.attributes.joined(separator: "; "), max: 400),
        ])
        for child in node.children { add(child, parent: number, depth: depth + 1, of: query, to: &rows) }
    }
}
