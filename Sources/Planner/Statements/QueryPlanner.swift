import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// Plans one query, or the query that feeds a table.
final class QueryPlanner {
    private let context: PlanningContext
    let binder: Binder
    /// Rewrite rules that changed something, for tests.
    private(set) var fired: Set<String> = []

    init(_ context: PlanningContext) {
        self.context = context
        binder = Binder(context)
    }

    func plan(_ query: Query) throws(SQLError) -> QueryPlan {
        let bound = try binder.bind(query)
        return try plan(bound)
    }

    func plan(_ query: BoundQuery) throws(SQLError) -> QueryPlan {
        let types = query.output.map { binder.registry.type($0.column) }
        let bound = try shown(query)
        let physical = try physicalPlanner()
        let output = bound.output.map(\.column)
        var root = try physical.plan(rewritten(bound).root, ColumnSet(output), isTop: true)
        if root.placement != .leader, !isConstant(root) { root = physical.exchange(.gather([]), root) }
        var plan = try finish(root, output, bound, physical)
        for (index, type) in types.enumerated() { plan.output[index].type = type }
        return plan
    }

    /// An oid that shows as a name leaves the cluster as that name.
    private func shown(_ query: BoundQuery) throws(SQLError) -> BoundQuery {
        var bound = query
        var computed: [ComputedColumn] = []
        for (index, item) in query.output.enumerated() where binder.registry.type(item.column).isAlias {
            let text = try binder.coercion.cast(
                binder.registry.expression(item.column), to: .varchar(length: SQLType.maximumVarcharLength), .explicit,
                at: .unknown)
            let column = binder.registry.add(name: item.name, type: text.type, origin: .expression(text))
            computed.append(ComputedColumn(column: column, expression: text))
            bound.output[index].column = column
        }
        guard !computed.isEmpty else { return query }
        switch query.root {
        // What orders the rows stays on top.
        case .limit(let count, let offset, .sort(let keys, let input)):
            bound.root = .limit(count: count, offset: offset, .sort(keys, .project(computed, input)))
        case .sort(let keys, let input): bound.root = .sort(keys, .project(computed, input))
        default: bound.root = .project(computed, query.root)
        }
        return bound
    }

    /// The query's rows go into `table`: cast, moved to their slices, written.
    /// - Parameter identities: columns among `columns` that the table's sequence fills.
    func plan(
        _ bound: BoundQuery, into table: TableDefinition, columns: [Int], identities: [IdentityFill.Column] = []
    ) throws(SQLError) -> QueryPlan {
        if binder.expandsRows { throw Self.leaderOnly(binder.leaderOnly) }
        let physical = try physicalPlanner(feedsTable: true)
        physical.keepsOrder = true
        var root = try physical.plan(rewritten(bound).root, ColumnSet(columns))
        if !identities.isEmpty {
            root = PhysicalNode(
                .identity(table.id, identities), [root], columns: root.columns, rows: root.rows, width: root.width,
                cost: root.cost, placement: root.placement)
        }
        let moved = physical.moved(root, into: table, columns: columns)
        let insert = PhysicalNode(
            .insert(table.id, columns: columns), [moved], columns: moved.columns, rows: moved.rows, width: moved.width,
            cost: moved.cost, placement: moved.placement)
        return try finish(insert, nil, bound, physical)
    }

    func rewritten(_ bound: BoundQuery) throws(SQLError) -> BoundQuery {
        var rewriter = Rewriter(registry: binder.registry, folding: binder.folding)
        let result = try rewriter.rewrite(bound)
        fired = rewriter.fired
        return result
    }

    /// `SELECT 1` never leaves the leader.
    private func isConstant(_ node: PhysicalNode) -> Bool {
        if case .constants = node.operation { return node.placement == .leader }
        return false
    }

    func physicalPlanner(feedsTable: Bool = false) throws(SQLError) -> PhysicalPlanner {
        if !binder.leaderOnly.isEmpty, !binder.tables.isEmpty { throw Self.leaderOnly(binder.leaderOnly) }
        if !binder.tables.isEmpty || feedsTable,
            let relation = binder.registry.relations.first(where: \.isLeaderOnly)
        {
            throw Self.mixesLeaderAndSlices(relation)
        }
        if let position = binder.computeOnly, binder.registry.relations.isEmpty {
            throw SQLError(
                .featureNotSupported,
                "One or more of the used functions must be applied on at least one user created table.",
                position: position.character)
        }
        return PhysicalPlanner(
            registry: binder.registry, catalog: context.catalog, isLeaderOnly: binder.tables.isEmpty && !feedsTable,
            interruption: context.interruption)
    }

    private static func mixesLeaderAndSlices(_ relation: Relation) -> SQLError {
        SQLError(
            .featureNotSupported,
            "Specified types or functions (one per INFO message) not supported on Redshift tables.",
            detail: "\(relation.name) is known to the leader alone: it cannot meet user tables in one statement.")
    }

    /// - Parameter what: the INFO messages that come before Redshift's error.
    static func leaderOnly(_ what: [String]) -> SQLError {
        SQLError(
            .featureNotSupported,
            "Specified types or functions (one per INFO message) not supported on Redshift tables.",
            detail: what.joined(separator: "\n"))
    }

    func finish(
        _ root: PhysicalNode, _ output: [Int]?, _ bound: BoundQuery, _ physical: PhysicalPlanner
    ) throws(SQLError) -> QueryPlan {
        var cutter = SegmentCutter(registry: binder.registry)
        let streams = try cutter.cut(root, output: output)
        let columns = bound.output.map { OutputColumn(name: $0.name, type: binder.registry.type($0.column)) }
        return QueryPlan(
            streams: streams,
            explain: ExplainBuilder(registry: binder.registry, viewer: context.viewer).wholeTree(root),
            notices: notices(physical), output: columns, tables: binder.tables.sorted())
    }

    private func notices(_ physical: PhysicalPlanner) -> [String] {
        var lines: [String] = []
        var missing: [String] = []
        // What a policy looks up is nobody's business.
        let hidden = context.hidesPolicies ? binder.registry.lookups : []
        for (number, relation) in binder.registry.relations.enumerated()
        where !relation.isVirtual && relation.statistics == nil && !hidden.contains(number) {
            if !missing.contains(relation.name) { missing.append(relation.name) }
        }
        if !missing.isEmpty {
            lines.append("----- Tables missing statistics: \(missing.joined(separator: ", ")) -----")
            lines.append("----- Update statistics by running the ANALYZE command on these tables -----")
        }
        if physical.hasNestedLoop || physical.hasPolicyNestedLoop && !context.hidesPolicies {
            lines.append(
                "----- Nested Loop Join in the query plan - review the join predicates to avoid Cartesian products -----"
            )
        }
        return lines
    }
}

extension PhysicalPlanner {
    /// Rows on the slices where the table keeps them.
    func moved(_ node: PhysicalNode, into table: TableDefinition, columns: [Int]) -> PhysicalNode {
        switch table.distribution.effective {
        case .all: return exchange(.broadcast, node)
        case .even: return exchange(.roundRobin, node)
        case .key(let position):
            let key = columns[position]
            if case .hashed(let keys) = node.placement, keys.count == 1, equivalences.areEqual(keys[0], key),
                registry.type(keys[0]).collocates(with: registry.type(key))
            {
                return node
            }
            return exchange(.distribute([key]), node)
        }
    }
}
