import Catalog
import QueryPlan
import SQLTypes

/// The tree that EXPLAIN prints, of the plan that runs. Projections, partial phases and exchanges have no line; an
/// exchange below a join shows in the join's label.
struct ExplainBuilder {
    /// A shared query stands in the plan once: below the use that is charged for it. Further uses read what it saved.
    private final class SharedQueries {
        var charged: Set<Int> = []
        var shown: Set<Int> = []
    }

    let registry: ColumnRegistry
    /// Whoever asks holds EXPLAIN RLS: what guards a table is shown, too.
    private let showsPolicies: Bool
    /// The same of EXPLAIN MASKING.
    private let showsMasks: Bool
    private let shared = SharedQueries()

    /// - Parameter viewer: who asks; nil: a superuser.
    init(registry: ColumnRegistry, viewer: Rights?) {
        self.registry = registry
        showsPolicies = viewer?.holds(.explainRLS) ?? true
        showsMasks = viewer?.holds(.explainMasking) ?? true
    }

    /// Of a whole plan: once for each builder.
    func wholeTree(_ root: PhysicalNode) -> ExplainNode {
        noteCharged(root)
        return tree(root)
    }

    private func noteCharged(_ node: PhysicalNode) {
        if case .sharedScan(let use) = node.operation, isCharged(node) { shared.charged.insert(use.number) }
        for child in node.children { noteCharged(child) }
    }

    /// What has been computed before costs nothing before its first row.
    private func isCharged(_ use: PhysicalNode) -> Bool { use.cost.startup > 0 }

    private func tree(_ node: PhysicalNode) -> ExplainNode {
        switch node.operation {
        case .scan(let relation, let filter, _), .virtualScan(let relation, let filter):
            return line(node, "Seq Scan on \(name(relation))", filterLines(filter), [])
        case .constants: return line(node, "Result", [], [])
        case .filter(let conjuncts): return filtered(node, conjuncts)
        case .expand(let expansion): return self.expansion(node, expansion)
        case .secured(let relation): return secured(node, relation)
        case .project, .delete, .insert, .identity: return transparent(node)
        case .exchange(.gather(let keys)) where !keys.isEmpty: return merge(node, keys)
        case .exchange: return transparent(node)
        case .join(let join): return self.join(node, join)
        case .aggregate(_, .partial, _): return transparent(node)
        case .aggregate(let aggregate, _, let isDistinctClause):
            let name = isDistinctClause ? "Unique" : aggregate.groups.isEmpty ? "Aggregate" : "HashAggregate"
            return line(node, name, [])
        case .sort(let keys, _, let isOrderBy):
            guard isOrderBy else { return transparent(node) }
            return line(node, "Sort", ["Sort Key: \(keyList(keys))"], [tree(node.children[0])])
        case .workTable: return line(node, "WorkTable Scan", [], [])
        case .recursion: return line(node, "Recursive Union", [], node.children.map(tree))
        case .sharedScan(let use):
            let isHere = isCharged(node) || !shared.charged.contains(use.number)
            let isFirst = isHere && shared.shown.insert(use.number).inserted
            let name = registry.sharedNames[use.number].map { " " + Names.quoted($0) } ?? ""
            return line(node, "Subquery Scan\(name)", [], isFirst ? [tree(node.children[0])] : [])
        case .window(let window): return self.window(node, window)
        case .union: return line(node, "Append", [], node.children.map(tree))
        case .limit(_, _, let isPartial):
            return isPartial ? transparent(node) : line(node, "Limit", [])
        }
    }

    /// Of an operation with one input.
    private func line(_ node: PhysicalNode, _ operation: String, _ attributes: [String]) -> ExplainNode {
        let input = input(node.children[0])
        var own = line(node, operation, attributes, [tree(input.node)])
        own.steps = input.steps + node.steps
        return own
    }

    /// What an operation works on, and the steps in between, which are the operation's own: its partial phase on each
    /// slice, and the rows that move for it.
    private func input(_ child: PhysicalNode) -> (node: PhysicalNode, steps: [StepReference]) {
        switch child.operation {
        case .exchange(.gather(let keys)) where !keys.isEmpty: return (child, [])
        case .exchange, .aggregate(_, .partial, _), .limit(_, _, isPartial: true):
            let further = input(child.children[0])
            return (further.node, further.steps + child.steps)
        default: return (child, [])
        }
    }

    /// Without EXPLAIN RLS a leaf: its steps are those of everything below.
    /// - Source: Redshift developer guide, "EXPLAIN", "Using EXPLAIN for RLS".
    private func secured(_ node: PhysicalNode, _ number: Int) -> ExplainNode {
        let relation = registry.relations[number]
        let child = tree(node.children[0])
        let name = Names.quoted(relation.alias.isEmpty ? relation.name : relation.alias)
        var own = line(node, "RLS SecureScan \(name)", [], showsPolicies ? [child] : [])
        let steps = Self.steps(of: child)
        if !showsPolicies { own.steps += steps }
        own.guarded = relation.table.map { GuardedScan(table: $0.id, steps: steps) }
        return own
    }

    private static func steps(of node: ExplainNode) -> [StepReference] {
        node.steps + node.children.flatMap { steps(of: $0) }
    }

    /// A function in FROM is a leaf.
    private func expansion(_ node: PhysicalNode, _ expansion: LogicalExpansion) -> ExplainNode {
        guard case .constants = node.children[0].operation else { return transparent(node) }
        var line = line(node, "Function Scan on \(Names.quoted(expansion.function))", [], [])
        line.steps = node.children[0].steps + node.steps
        return line
    }

    private func line(
        _ node: PhysicalNode, _ operation: String, _ attributes: [String], _ children: [ExplainNode]
    ) -> ExplainNode {
        ExplainNode(
            prefix: isOnLeader(node) ? .leader : .computeNodes, operation: operation, label: node.label,
            cost: node.cost, rows: node.rows, width: node.width, attributes: attributes, children: children,
            steps: node.steps, isReplicated: node.placement == .replicated)
    }

    /// Computed by the leader alone: what the leader does with rows of the slices keeps the prefix XN.
    private func isOnLeader(_ node: PhysicalNode) -> Bool {
        guard node.placement == .leader else { return false }
        if case .exchange = node.operation { return false }
        return node.children.allSatisfy(isOnLeader)
    }

    private func transparent(_ node: PhysicalNode) -> ExplainNode {
        var child = tree(node.children[0])
        child.steps += node.steps
        return child
    }

    /// A condition above an operator is that operator's own.
    private func filtered(_ node: PhysicalNode, _ conjuncts: [BoundExpression]) -> ExplainNode {
        var child = tree(node.children[0])
        child.attributes += filterLines(conjuncts)
        child.cost = node.cost
        child.rows = node.rows
        child.steps += node.steps
        return child
    }

    private func merge(_ node: PhysicalNode, _ keys: [SortColumn]) -> ExplainNode {
        let child = tree(node.children[0])
        var network = line(node, "Network", ["Send to leader"], [child])
        network.steps = node.steps.dropLast()
        var merge = line(node, "Merge", ["Merge Key: \(keyList(keys))"], [network])
        merge.steps = node.steps.suffix(1)
        return merge
    }

    /// The rows that move for a window have lines of their own.
    private func window(_ node: PhysicalNode, _ window: LogicalWindow) -> ExplainNode {
        var attributes: [String] = []
        if !window.partition.isEmpty {
            let keys = window.partition.map { SortColumn(column: $0, isDescending: false, nullsFirst: false) }
            attributes.append("Partition: \(keyList(keys))")
        }
        if !window.order.isEmpty { attributes.append("Order: \(keyList(window.order))") }
        let child = node.children[0]
        var (moved, sort): (PhysicalNode, PhysicalNode?) = (child, nil)
        if case .sort = child.operation { (moved, sort) = (child.children[0], child) }
        guard case .exchange(let exchange) = moved.operation else {
            return line(node, "Window", attributes, [tree(child)])
        }
        let network = line(
            moved, "Network", [exchange == .oneSlice ? "Send to slice 0" : "Distribute"], [tree(moved.children[0])])
        guard let sort, case .sort(let keys, _, _) = sort.operation else {
            return line(node, "Window", attributes, [network])
        }
        return line(node, "Window", attributes, [line(sort, "Sort", ["Sort Key: \(keyList(keys))"], [network])])
    }

    private func join(_ node: PhysicalNode, _ join: PhysicalNode.Join) -> ExplainNode {
        let (outer, inner) = (node.children[0], node.children[1])
        let (outerInput, innerInput) = (input(outer), input(inner))
        let kind =
            switch join.kind {
            case .inner: ""
            case .left: " Left"
            case .right: " Right"
            case .full: " Full"
            case .semi, .buildSemi: " EXISTS"
            case .anti, .buildAnti, .nullAwareAnti: " NOT EXISTS"
            }
        var attributes: [String] = []
        let conditions = join.keys.map { pair in
            "(\(side("outer", pair.outer)) = \(side("inner", pair.inner)))"
        }
        let condition = conditions.count == 1 ? conditions[0] : "(\(conditions.joined(separator: " AND ")))"
        let residual = join.residual.conjunction().map { expression in
            "Join Filter: "
                + expression.explainText { column in
                    inner.columns.contains(column) ? side("inner", column) : side("outer", column)
                }
        }
        var innerLine = tree(innerInput.node)
        let outerLine = tree(outerInput.node)
        let name: String
        switch join.algorithm {
        case .hash:
            name = "Hash\(kind) Join"
            attributes.append("Hash Cond: \(condition)")
            innerLine = wrapped(innerLine, "Hash", Cost(startup: inner.cost.total, total: inner.cost.total), node)
            innerLine.isReplicated = inner.placement == .replicated
        case .merge:
            name = "Merge\(kind) Join"
            attributes.append("Merge Cond: \(condition)")
            innerLine.steps += node.buildSteps
        case .nestedLoop:
            name = join.kind == .inner ? "Nested Loop" : "Nested Loop\(kind) Join"
            let total = inner.cost.total + CostModel.tuple * inner.rows
            innerLine = wrapped(innerLine, "Materialize", Cost(startup: inner.cost.total, total: total), node)
            innerLine.isReplicated = inner.placement == .replicated
        }
        if let residual { attributes.append(residual) }
        var own = line(node, name, attributes, [outerLine, innerLine])
        // What the label tells: the rows that move for the join.
        own.steps = innerInput.steps + outerInput.steps + own.steps
        return own
    }

    private func wrapped(_ child: ExplainNode, _ operation: String, _ cost: Cost, _ join: PhysicalNode) -> ExplainNode {
        ExplainNode(
            prefix: child.prefix, operation: operation, cost: cost, rows: child.rows, width: child.width,
            children: [child], steps: join.buildSteps)
    }

    // MARK: Text

    private func name(_ number: Int) -> String {
        let relation = registry.relations[number]
        let own = Names.quoted(relation.name)
        return relation.alias == relation.name || relation.alias.isEmpty
            ? own : "\(own) \(Names.quoted(relation.alias))"
    }

    private func filterLines(_ conjuncts: [BoundExpression]) -> [String] {
        guard let condition = conjuncts.conjunction() else { return [] }
        return ["Filter: " + text(condition, isQualified: false)]
    }

    private func keyList(_ keys: [SortColumn]) -> String {
        keys.map { text(registry.expression($0.column), isQualified: registry.relations.count > 1) }
            .joined(separator: ", ")
    }

    /// - Parameter isQualified: columns carry their table's name.
    private func text(_ expression: BoundExpression, isQualified: Bool) -> String {
        registry.expanded(expression, withMasks: showsMasks).explainText { column in
            switch registry.columns[column].origin {
            case .table(let relation, _):
                let own = Names.quoted(registry.columns[column].name)
                return isQualified ? "\(Names.quoted(registry.relations[relation].alias)).\(own)" : own
            case .aggregate(let call):
                if call.arguments.isEmpty { return "\(call.function)(*)" }
                let arguments = call.arguments.map { text(registry.expression($0), isQualified: isQualified) }
                return "\(call.function)(\(call.isDistinct ? "DISTINCT " : "")\(arguments.joined(separator: ", ")))"
            case .expression, .constant: return Names.quoted(registry.columns[column].name)
            }
        }
    }

    private func side(_ side: String, _ column: Int) -> String {
        "\"\(side)\".\(Names.quoted(registry.columns[column].name))"
    }
}

/// How EXPLAIN writes a name.
enum Names {
    /// Quoted if it is reserved, or would not be read back as it is.
    static func quoted(_ name: String) -> String {
        var isPlain = !name.isEmpty && !reserved.contains(name)
        for (index, byte) in name.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"): if index == 0 { isPlain = false }
            case 0x80...: break
            default: isPlain = false
            }
        }
        return isPlain
            ? name : "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }

    /// - Source: Redshift developer guide, "Reserved words".
    private static let reserved: Set<String> = Set(
        """
        aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary \
        blanksasnull both bytedict bzip2 case cast check collate column connect constraint create credentials cross \
        current_date current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta \
        delta32k desc disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for \
        foreign freeze from full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially \
        inner intersect interval into is isnull join language leading left like limit localtime localtimestamp lun luns \
        lzo lzop minus mostly16 mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on only \
        open or order outer overlaps parallel partition percent permissions pivot placing primary raw readratio recover \
        references rejectlog resort respect restore right select session_user similar snapshot some start sysdate system \
        table tag tdes text255 text32k then timestamp to top trailing true truncatecolumns union unique unnest unpivot \
        user using verbose wallet when where with without
        """.split(separator: " ").map(String.init))
}
