import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// UPDATE and DELETE: the query that finds the rows, bound like any SELECT, with the rows' addresses beside its columns.
///
///     DELETE   … → delete
///     UPDATE   … → project(new values) → delete → [dist] → insert
/// - Source: Redshift developer guide, "UPDATE", "DELETE".
struct ChangePlanner {
    private let context: PlanningContext
    private let inserting: InsertPlanner
    private var planner: QueryPlanner { inserting.planner }
    private var binder: Binder { planner.binder }

    init(_ context: PlanningContext) {
        self.context = context
        inserting = InsertPlanner(context)
    }

    func plan(_ delete: DeleteStatement) throws(SQLError) -> PlannedStatement {
        let table = try binder.resolveTable(delete.table)
        let bound = try bind(
            [], delete.with, delete.table, delete.alias, others: delete.using, delete.filter, "DELETE")
        return .delete(try planner.plan(bound, deletingFrom: table), table.id)
    }

    func plan(_ update: UpdateStatement) throws(SQLError) -> PlannedStatement {
        let table = try binder.resolveTable(update.table)
        let values = try assignments(update, table)
        let target = QualifiedName(update.alias ?? update.table.name)
        let items = table.columns.enumerated().map { position, column in
            SelectItem.expression(
                values[position]
                    ?? Expression(.column(ColumnReference(table: target, Identifier(column.name), isStored: true))),
                alias: nil)
        }
        binder.keepsUntypedLiterals = true
        var bound = try bind(
            items, update.with, update.table, update.alias, others: update.from, update.filter, "UPDATE")
        var computed: [ComputedColumn] = []
        var columns: [Int] = []
        for (position, definition) in table.columns.enumerated() {
            var source = binder.registry.expression(bound.output[position].column)
            // Only a literal has no type yet.
            if source.type == .unknown { source = binder.registry.expanded(source) }
            let place = values[position]?.position ?? update.table.position
            let value = try inserting.assigned(source, to: definition, at: place)
            columns.append(binder.column(for: value, named: definition.name, in: &computed))
        }
        if !computed.isEmpty { bound.root = .project(computed, bound.root) }
        let moves = table.distribution.keyColumn.map { values[$0] != nil } ?? false
        return .update(try planner.plan(bound, updating: table, columns: columns, changesKey: moves), table.id)
    }

    /// By position in the table.
    private func assignments(
        _ update: UpdateStatement, _ table: TableDefinition
    ) throws(SQLError) -> [Int: SQLSyntax.Expression] {
        var values: [Int: SQLSyntax.Expression] = [:]
        for assignment in update.assignments {
            let name = assignment.column
            guard let position = table.column(named: name.name) else {
                throw SQLError(
                    .undefinedColumn, "column \"\(name.name)\" of relation \"\(table.name.name)\" does not exist",
                    position: name.position.character)
            }
            guard values[position] == nil else {
                throw SQLError(
                    .syntaxError, "multiple assignments to same column \"\(name.name)\"",
                    position: name.position.character)
            }
            let column = table.columns[position]
            if let identity = column.identity {
                guard identity.isByDefault else {
                    throw SQLError(
                        .featureNotSupported, "cannot set an identity column to a value",
                        detail: "Column \"\(name.name)\".", position: name.position.character)
                }
                if case .default(let place) = assignment.value {
                    throw SQLError.unsupported("SET an IDENTITY column to DEFAULT", at: place.character)
                }
            }
            switch assignment.value {
            case .expression(let expression): values[position] = expression
            case .default(let place):
                values[position] =
                    try column.defaultText.map { text throws(SQLError) in try DefaultText.parse(text) }
                    ?? Expression(.literal(.null), at: place)
            }
        }
        return values
    }

    /// `SELECT items FROM target, others WHERE filter`, the target being the first relation.
    private func bind(
        _ items: [SelectItem], _ with: WithClause?, _ table: QualifiedName, _ alias: Identifier?,
        others: [TableExpression], _ filter: SQLSyntax.Expression?, _ name: String
    ) throws(SQLError) -> BoundQuery {
        var select = Select(items, at: table.position)
        select.from = [.table(table, alias: alias.map { TableAlias($0) })] + others
        select.filter = filter
        binder.bindsTarget = true
        let bound = try binder.bind(Query(with: with, .select(select), at: table.position))
        let target = binder.registry.relations[0]
        guard target.hasRowAddress else {
            throw SQLError(
                .wrongObjectType, "\(name) of \"\(table.name.name)\", which is a view",
                position: table.position.character)
        }
        guard bound.root.columns(binder.registry).contains(target.column(.position)) else {
            throw SQLError(
                .groupingError, "cannot use aggregate function in \(name)", position: table.position.character)
        }
        let own = ColumnSet(target.columns)
        if !others.isEmpty, !bound.root.conditions.contains(where: { Self.isEquijoin($0, of: own) }) {
            throw SQLError(
                .featureNotSupported, "Target table must be part of an equijoin predicate",
                position: table.position.character)
        }
        if case .all = target.table?.distribution.effective,
            bound.root.conditions.contains(where: binder.folding.isVolatile)
        {
            // Each node finds the rows in its own copy, and all must find the same.
            throw SQLError.unsupported(
                "\(name) of a DISTSTYLE ALL table by a volatile condition", at: table.position.character)
        }
        return bound
    }

    private static func isEquijoin(_ condition: BoundExpression, of own: ColumnSet) -> Bool {
        guard case .comparison(.equal, let a, let b) = condition else { return false }
        let (x, y) = (a.columnSet, b.columnSet)
        if x.isEmpty || y.isEmpty { return false }
        return x.isSubset(of: own) && y.isDisjoint(with: own) || y.isSubset(of: own) && x.isDisjoint(with: own)
    }
}

extension LogicalNode {
    /// All that decides which rows come out: conditions, and what is computed below them.
    fileprivate var conditions: [BoundExpression] {
        var result: [BoundExpression] = []
        if case .project(_, let input) = self {
            input.collectConditions(into: &result)
        } else {
            collectConditions(into: &result)
        }
        return result
    }

    private func collectConditions(into result: inout [BoundExpression]) {
        switch self {
        case .filter(let conjuncts, _): result += conjuncts
        case .innerJoin(_, let on), .join(_, _, _, let on): result += on
        case .project(let computed, _): result += computed.map(\.expression)
        case .apply(let use, _, _): result += use.expressions
        case .expand(let expansion, _): result += expansion.arguments
        case .scan, .constants, .shared, .aggregate, .window, .distinct, .sort, .limit, .union, .secured: break
        }
        for input in inputs { input.collectConditions(into: &result) }
    }
}

extension QueryPlanner {
    /// The rows that the query finds in relation 0 are marked where they are stored.
    func plan(_ bound: BoundQuery, deletingFrom table: TableDefinition) throws(SQLError) -> QueryPlan {
        let (root, physical) = try changed(bound, table, [])
        return try finish(root, nil, bound, physical)
    }

    /// `columns`: the new row, in the order of the table. It stays on its slice unless the distribution key may change.
    func plan(
        _ bound: BoundQuery, updating table: TableDefinition, columns: [Int], changesKey: Bool
    ) throws(SQLError) -> QueryPlan {
        var (root, physical) = try changed(bound, table, columns)
        switch table.distribution.effective {
        case .all: root = physical.exchange(.broadcast, root)
        case .key(let position): if changesKey { root = physical.exchange(.distribute([columns[position]]), root) }
        case .even: break
        }
        let insert = PhysicalNode(
            .insert(table.id, columns: columns), [root], columns: root.columns, rows: root.rows, width: root.width,
            cost: root.cost, placement: root.placement)
        return try finish(insert, nil, bound, physical)
    }

    private func changed(
        _ bound: BoundQuery, _ table: TableDefinition, _ columns: [Int]
    ) throws(SQLError) -> (PhysicalNode, PhysicalPlanner) {
        let target = binder.registry.relations[0]
        let isCopied = table.distribution.effective == .all
        let physical = try physicalPlanner(feedsTable: true)
        if isCopied { physical.replicatedTarget = 0 }
        let address = SystemColumn.allCases.map(target.column)
        var root = try physical.plan(rewritten(bound).root, ColumnSet(columns + address))
        guard !isCopied || root.placement == .replicated else {
            throw SQLError.unsupported("this way to change a DISTSTYLE ALL table by other tables")
        }
        if !isHome(root, of: target, isCopied: isCopied) {
            root = sentHome(root, by: target.column(.slice))
        }
        let node = PhysicalNode(
            .delete(table.id, relation: 0, columns: columns), [root], columns: ColumnSet(columns), rows: root.rows,
            width: root.width, cost: root.cost, placement: .arbitrary)
        return (node, physical)
    }

    /// Unlike other exchanges this one keeps the rows of every node's copy.
    private func sentHome(_ node: PhysicalNode, by slice: Int) -> PhysicalNode {
        PhysicalNode(
            .exchange(.bySlice(slice)), [node], columns: node.columns, rows: node.rows, width: node.width,
            cost: node.cost, placement: .arbitrary)
    }

    /// Whether each row is still on the slice that scanned it.
    private func isHome(_ node: PhysicalNode, of target: Relation, isCopied: Bool) -> Bool {
        switch node.operation {
        case .scan: return true
        case .filter, .project, .secured: return isHome(node.children[0], of: target, isCopied: isCopied)
        case .join:
            let (outer, inner) = (node.children[0], node.children[1])
            if outer.columns.contains(target.column(.position)) {
                return isHome(outer, of: target, isCopied: isCopied)
            }
            // A slice's own hash table; a node's is probed by all of its slices.
            return !isCopied && inner.placement != .replicated && isHome(inner, of: target, isCopied: isCopied)
        default: return false
        }
    }
}
