import Catalog
import QueryPlan

// What a plan says by itself: the labels of its joins are read off the exchanges that will run.

extension QueryPlan {
    func findingOfJoins(_ catalog: CatalogSnapshot) -> AssertionReport.Finding {
        let joins = explain.all.filter { $0.label != nil }
        guard !joins.isEmpty else {
            return AssertionReport.Finding(
                false, "the query has no join: that it joins without moving says nothing",
                hint: "Assert something else of it, or look with EXPLAIN where the join went.")
        }
        let moving = joins.filter { $0.label != DistributionLabel.none && $0.label != .allNone }
        guard let first = moving.first else {
            let labels = Set(joins.compactMap { $0.label?.rawValue }).sorted().joined(separator: ", ")
            return AssertionReport.Finding(
                true, figure: 0, limit: 0,
                "\(joins.count) \(joins.count == 1 ? "join moves" : "joins move") no rows: \(labels)")
        }
        return AssertionReport.Finding(
            false, figure: Double(moving.count), limit: 0,
            "the query moves rows to join: \(first.title)",
            detail: moving.map { join in
                let inner = join.children.count > 1 ? names(below: join.children[1], catalog) : []
                let side = inner.isEmpty ? "" : "; inner side: \(inner.joined(separator: ", "))"
                return "\(join.title)\(join.condition.map { ", \($0)" } ?? "")\(side)."
            }.joined(separator: " "),
            hint: hint(forMoving: first, catalog))
    }

    private func hint(forMoving join: ExplainNode, _ catalog: CatalogSnapshot) -> String {
        let inner = join.children.count > 1 ? tables(below: join.children[1]).compactMap { catalog.tables[$0] } : []
        let whole =
            inner.count == 1
            ? "ALTER TABLE \(inner[0].shortSQLName) ALTER DISTSTYLE ALL" : "DISTSTYLE ALL for the inner side"
        guard join.condition != nil, !join.isNestedLoop else {
            return "There is no equality to distribute on: join by one, or keep the smaller table whole on each node "
                + "with \(whole)."
        }
        return "Distribute both sides on the columns that the join compares, which must have the same type "
            + "(ALTER TABLE … ALTER DISTKEY …), or keep the smaller table whole on each node with \(whole)."
    }

    var findingOfNestedLoops: AssertionReport.Finding {
        let loops = explain.all.filter(\.isNestedLoop)
        guard let first = loops.first else {
            return AssertionReport.Finding(true, figure: 0, limit: 0, "the query has no nested loop")
        }
        return AssertionReport.Finding(
            false, figure: Double(loops.count), limit: 0, "the query runs a nested loop: \(first.title)",
            detail: first.condition.map { "\($0)." },
            hint: "Each row of one side meets each row of the other: add an equality between the two to the join.")
    }

    func findingOfBroadcasts(of table: TableDefinition?, _ catalog: CatalogSnapshot) -> AssertionReport.Finding {
        let broadcasts = explain.all.filter { join in
            guard join.label == .broadcastInner, join.children.count > 1 else { return false }
            return table.map { tables(below: join.children[1]).contains($0.id) } ?? true
        }
        let what = table?.name.name ?? "any table"
        guard let first = broadcasts.first else {
            return AssertionReport.Finding(true, figure: 0, limit: 0, "the query does not broadcast \(what)")
        }
        let inner = names(below: first.children[1], catalog)
        return AssertionReport.Finding(
            false, figure: Double(broadcasts.count), limit: 0,
            "the query broadcasts \(inner.joined(separator: ", ")): \(first.title)",
            detail: first.condition.map { "\($0)." }, hint: hint(forMoving: first, catalog))
    }

    // MARK: Tables of a plan

    /// The tables that the scans of these lines read, ascending.
    private func tables(below node: ExplainNode) -> [TableID] {
        var found: Set<TableID> = []
        let segments = Dictionary(segments.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        for line in node.all {
            if let guarded = line.guarded, line.children.isEmpty {
                found.insert(guarded.table)
                continue
            }
            for place in line.steps {
                guard let steps = segments[place.segment]?.steps, steps.indices.contains(place.step),
                    case .scan(let scan) = steps[place.step]
                else { continue }
                found.insert(scan.table)
            }
        }
        return found.sorted()
    }

    private func names(below node: ExplainNode, _ catalog: CatalogSnapshot) -> [String] {
        tables(below: node).compactMap { catalog.tables[$0]?.name.name }
    }
}

extension ExplainNode {
    /// The line and all below it, from the top.
    fileprivate var all: [ExplainNode] { [self] + children.flatMap(\.all) }

    /// `XN Hash Join DS_BCAST_INNER`.
    fileprivate var title: String { "\(prefix.rawValue) \(operation)\(label.map { " \($0.rawValue)" } ?? "")" }

    fileprivate var isNestedLoop: Bool { operation.contains("Nested Loop") }

    /// `Hash Cond: (…)`, or whatever the join compares.
    fileprivate var condition: String? {
        attributes.first { $0.hasPrefix("Hash Cond") || $0.hasPrefix("Merge Cond") } ?? attributes.first
    }
}
