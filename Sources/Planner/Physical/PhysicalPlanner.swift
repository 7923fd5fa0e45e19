import Catalog
import QueryPlan
import SQLTypes

/// Chooses how each logical node is carried out and where its rows lie.
///
///     plan(node, needed)            one node; `needed`: the columns that somebody above reads
///         scan                      share of the table, filter, cost
///         planInnerJoin             JoinOrder: which inputs meet in which order
///         planOuterJoin             sides fixed, or exchanged (Hash Right Join)
///         planAggregate             local, or partial → exchange → final
///         planSort, planLimit
final class PhysicalPlanner {
    let registry: ColumnRegistry
    var estimator: Estimator
    let catalog: CatalogSnapshot
    /// Columns that the inner joins planned so far make equal.
    var equivalences = EquivalenceClasses()
    /// Only system tables: everything runs on the leader.
    let isLeaderOnly: Bool
    let interruption: (@Sendable () throws(SQLError) -> Void)?
    var hasNestedLoop = false
    /// The same of what row-level security makes of a table, which not everybody is told.
    var hasPolicyNestedLoop = false
    /// A relation that is on every node, and must stay so: all others are sent to every node. For UPDATE and DELETE on an
    /// ALL table.
    var replicatedTarget: Int?
    /// By number of the shared query.
    var sharedNodes: [Int: PhysicalNode] = [:]
    /// While the top of a query that feeds a table is planned: its ORDER BY sorts each slice's rows before they are
    /// written.
    var keepsOrder = false

    init(
        registry: ColumnRegistry, catalog: CatalogSnapshot, isLeaderOnly: Bool,
        interruption: (@Sendable () throws(SQLError) -> Void)?
    ) {
        self.interruption = interruption
        self.registry = registry
        self.catalog = catalog
        self.isLeaderOnly = isLeaderOnly
        estimator = Estimator(registry: registry)
    }

    /// - Parameter isTop: the result goes to the client; what ends up in one place may do so on the leader.
    func plan(_ node: LogicalNode, _ needed: ColumnSet, isTop: Bool = false) throws(SQLError) -> PhysicalNode {
        switch node {
        case .innerJoin, .join, .aggregate, .distinct, .limit, .union, .window, .expand, .shared: keepsOrder = false
        default: break
        }
        switch node {
        case .scan(let relation): return scan(relation, [], needed)
        case .constants(let rows, let columns): return constants(rows, columns)
        case .filter(let conjuncts, let input):
            if case .scan(let relation) = input { return scan(relation, conjuncts, needed) }
            let child = try plan(input, needed.union(conjuncts.columnSet), isTop: isTop)
            return filter(child, conjuncts, needed)
        case .innerJoin(let inputs, let on): return try planInnerJoin(inputs, on, needed)
        case .join(let kind, let left, let right, let on): return try planOuterJoin(kind, left, right, on, needed)
        case .project(let computed, let input): return try planProject(computed, input, needed, isTop: isTop)
        case .aggregate(let aggregate, let input): return try planAggregate(aggregate, input, isTop: isTop)
        case .distinct(let columns, let input): return try planDistinct(columns, input)
        case .sort(let keys, let input):
            if isTop { return try planSort(keys, limit: nil, input, needed) }
            // Drivers' questions to the catalog count on the order of a subquery; PostgreSQL, whose leader it was, keeps it.
            if keepsOrder || isLeaderOnly {
                return sort(keys, limit: nil, try plan(input, needed.union(ColumnSet(keys.map(\.column)))))
            }
            // Without a limit above it, the order of a subquery means nothing.
            return try plan(input, needed)
        case .limit(let count, let offset, let input):
            return try planLimit(count, offset, input, needed, isTop: isTop)
        case .shared(let use): return try planShared(use, needed)
        case .window(let window, let input): return try planWindow(window, input, needed)
        case .expand(let expansion, let input): return try planExpansion(expansion, input, needed)
        case .union(let inputs, let columns): return try planUnion(inputs, columns, needed)
        case .secured(let relation, let input):
            let hadNestedLoop = hasNestedLoop
            let child = try plan(input, needed)
            hasPolicyNestedLoop = hasPolicyNestedLoop || hasNestedLoop && !hadNestedLoop
            hasNestedLoop = hadNestedLoop
            return PhysicalNode(
                .secured(relation: relation), [child], columns: child.columns, rows: child.rows, width: child.width,
                cost: child.cost, placement: child.placement)
        case .apply: throw SQLError.internalError("a subquery is left in the plan")
        }
    }

    // MARK: Leaves

    func scan(_ number: Int, _ filter: [BoundExpression], _ needed: ColumnSet) -> PhysicalNode {
        for condition in filter {
            if let column = condition.singleColumnRestriction {
                estimator.restrictions[column, default: []].append(condition)
            }
        }
        let relation = registry.relations[number]
        let tableRows = estimator.tableRows(number)
        let columns = ColumnSet(relation.columns)
        let rows = filter.isEmpty ? tableRows : Estimator.clamped(tableRows * estimator.selectivity(filter))
        let operators = filter.reduce(0) { $0 + $1.operatorCount }
        let total = tableRows * CostModel.tuple + tableRows * CostModel.operation * Double(operators)
        let placement: Placement
        let operation: PhysicalNode.Operation
        if let table = relation.table {
            switch table.distribution.effective {
            case .even: placement = .arbitrary
            case .key(let column): placement = .hashed([relation.firstColumn + column])
            case .all: placement = .replicated
            }
            operation = .scan(
                relation: number, filter: filter, share: placement == .replicated ? .nodeCopy : .ownPartition)
        } else {
            placement = isLeaderOnly ? .leader : .oneSlice
            operation = .virtualScan(relation: number, filter: filter)
        }
        return PhysicalNode(
            operation, [], columns: columns, rows: rows, width: estimator.width(needed.intersection(columns)),
            cost: Cost(startup: 0, total: total), placement: placement)
    }

    /// What meets a relation that is on every node, and must stay so, is sent to every node.
    func replicated(_ node: PhysicalNode) -> PhysicalNode {
        guard replicatedTarget != nil, node.placement != .replicated else { return node }
        return exchange(.broadcast, node)
    }

    private func constants(_ rows: [[BoundExpression]], _ columns: [Int]) -> PhysicalNode {
        PhysicalNode(
            .constants(rows: rows, columns: columns), [], columns: ColumnSet(columns), rows: Double(max(1, rows.count)),
            width: estimator.width(ColumnSet(columns)),
            cost: Cost(startup: 0, total: 0.01 * Double(max(1, rows.count))),
            placement: isLeaderOnly ? .leader : .oneSlice)
    }

    // MARK: One input

    func filter(_ child: PhysicalNode, _ conjuncts: [BoundExpression], _ needed: ColumnSet) -> PhysicalNode {
        let operators = Double(conjuncts.reduce(0) { $0 + $1.operatorCount })
        var cost = child.cost
        if case .aggregate = child.operation {
            // An aggregate in HAVING is charged once more: for each input row, and for each group.
            var calls = 0.0
            for conjunct in conjuncts {
                conjunct.visitColumns { column, _ in
                    if case .aggregate = registry.columns[column].origin { calls += 1 }
                }
            }
            let perRow = CostModel.operation * child.aggregateInputRows * calls
            cost.startup += perRow
            cost.total += perRow + CostModel.operation * child.rows * calls
        }
        cost.total += CostModel.operation * child.rows * operators
        let rows = Estimator.clamped(child.rows * havingSelectivity(conjuncts, child))
        return PhysicalNode(
            .filter(conjuncts), [child], columns: child.columns, rows: rows, width: child.width, cost: cost,
            placement: child.placement)
    }

    /// Nothing is known of an aggregate's values: the guide's plan keeps all groups.
    private func havingSelectivity(_ conjuncts: [BoundExpression], _ child: PhysicalNode) -> Double {
        if case .aggregate = child.operation { return 1 }
        return estimator.selectivity(conjuncts)
    }

    private func planProject(
        _ computed: [ComputedColumn], _ input: LogicalNode, _ needed: ColumnSet, isTop: Bool
    ) throws(SQLError) -> PhysicalNode {
        let used = computed.filter { needed.contains($0.column) }
        var below = needed
        for item in computed { below.remove(item.column) }
        for item in used { below.formUnion(item.expression.columnSet) }
        let child = try plan(input, below, isTop: isTop)
        return project(used, over: child)
    }

    /// PostgreSQL's guess of how many rows a function gives.
    private static let expansionRows = 1_000.0

    private func planExpansion(
        _ expansion: LogicalExpansion, _ input: LogicalNode, _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        var below = needed
        for column in expansion.columns { below.remove(column) }
        let child = try plan(input, below.union(expansion.arguments.columnSet))
        let rows = child.rows * Self.expansionRows
        return PhysicalNode(
            .expand(expansion), [child], columns: child.columns.union(ColumnSet(expansion.columns)), rows: rows,
            width: child.width + estimator.width(ColumnSet(expansion.columns)),
            cost: Cost(startup: child.cost.startup, total: child.cost.total + rows * CostModel.tuple),
            placement: child.placement)
    }

    /// EXPLAIN shows no projection and charges nothing for it; a width is that of the columns that are read for it.
    func project(_ computed: [ComputedColumn], over child: PhysicalNode) -> PhysicalNode {
        if computed.isEmpty { return child }
        return PhysicalNode(
            .project(computed), [child], columns: child.columns.union(ColumnSet(computed.map(\.column))),
            rows: child.rows, width: child.width, cost: child.cost, placement: child.placement)
    }

    // MARK: Moving rows

    func exchange(_ exchange: PhysicalNode.Exchange, _ child: PhysicalNode) -> PhysicalNode {
        let source = child.placement == .replicated ? readOnce(child) : child
        let placement: Placement =
            switch exchange {
            case .distribute(let keys): .hashed(keys)
            case .roundRobin, .bySlice: .arbitrary
            case .broadcast: .replicated
            case .oneSlice: .oneSlice
            case .gather: .leader
            }
        return PhysicalNode(
            .exchange(exchange), [source], columns: child.columns, rows: child.rows, width: child.width,
            cost: child.cost, placement: placement)
    }

    /// Every node has the rows, one must hand them out: the scan at the end of the probe chain reads node 0's copy
    /// only.
    func readOnce(_ node: PhysicalNode) -> PhysicalNode {
        guard node.placement == .replicated else { return node }
        if case .exchange(.broadcast) = node.operation { return node.children[0] }
        var operation = node.operation
        if case .scan(let relation, let filter, .nodeCopy) = operation {
            operation = .scan(relation: relation, filter: filter, share: .oneCopy)
        }
        var children = node.children
        if let first = children.first { children[0] = readOnce(first) }
        return PhysicalNode(
            operation, children, columns: node.columns, rows: node.rows, width: node.width, cost: node.cost,
            placement: .arbitrary)
    }

    /// Whether rows that agree on `columns` are on one slice.
    func isLocal(_ placement: Placement, for columns: [Int]) -> Bool {
        switch placement {
        case .oneSlice, .leader: return true
        case .hashed(let keys):
            return !keys.isEmpty && keys.allSatisfy { key in columns.contains { equivalences.areEqual($0, key) } }
        case .arbitrary, .replicated: return false
        }
    }
}

extension PhysicalNode {
    /// Rows that enter the aggregation, whichever phases it has.
    var aggregateInputRows: Double {
        var node = self
        while true {
            switch node.operation {
            case .aggregate, .exchange:
                guard let child = node.children.first else { return node.rows }
                node = child
            default: return node.rows
            }
        }
    }
}
