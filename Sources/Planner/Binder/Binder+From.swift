import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// FROM: tables, derived tables and joins, and what their columns are called.
extension Binder {
    /// The comma list; one row without columns if it is empty.
    func bindFrom(_ list: [TableExpression]) throws(SQLError) -> (LogicalNode, Scope) {
        let scope = Scope()
        var nodes: [LogicalNode] = []
        for expression in list {
            let (node, own) = try bind(expression)
            try append(own, to: scope)
            nodes.append(node)
        }
        if nodes.isEmpty { return (.constants(rows: [[]], columns: []), scope) }
        return (nodes.count == 1 ? nodes[0] : .innerJoin(nodes, on: []), scope)
    }

    private func append(_ own: Scope, to scope: Scope) throws(SQLError) {
        for table in own.tables where scope.tables.contains(where: { $0.alias == table.alias && !$0.alias.isEmpty }) {
            throw SQLError(.duplicateAlias, "table name \"\(table.alias)\" specified more than once")
        }
        scope.tables += own.tables
        scope.merged += own.merged
    }

    private func bind(_ expression: TableExpression) throws(SQLError) -> (LogicalNode, Scope) {
        switch expression {
        case .table(let name, let alias): return try bindTable(name, alias)
        case .derived(let query, let alias):
            return try derivedTable(try bind(query), alias?.name.name ?? "", alias?.columns ?? [])
        case .function(let call, let alias, let position): return try bindFunction(call, alias, at: position)
        case .joined(let first, let clauses):
            var (node, scope) = try bind(first)
            for clause in clauses { node = try join(node, scope, clause) }
            return (node, scope)
        }
    }

    /// What ANALYZE knew. Estimates are shown: where row-level security hides rows, they must not follow from values.
    private func statistics(of table: TableDefinition) -> TableStatistics? {
        let known = context.catalog.statistics[table.id]
        guard context.hidesPolicies else { return known }
        let isGuarded =
            context.catalog.policies.rowSecurity[table.id] != nil && !(context.viewer?.holds(.ignoreRLS) ?? true)
        return isGuarded || context.lookups != nil ? known?.withoutValues : known
    }

    private func bindTable(_ name: QualifiedName, _ alias: TableAlias?) throws(SQLError) -> (LogicalNode, Scope) {
        let isTarget = bindsTarget
        bindsTarget = false
        if !isTarget, name.schema == nil,
            let index = commonTables.lastIndex(where: { $0.name == name.name.name })
        {
            return try commonTable(at: index, alias)
        }
        if let view = view(named: name) {
            note(.view(view.name), name, hasAlias: alias != nil)
            let names = view.columns.isEmpty ? view.columnNames : view.columns.map(\.name)
            let columns = alias.map(\.columns) ?? []
            let hidden = try unreadable(.view(view.name), names, name.name.name)
            let (node, scope) = try derivedTable(
                try bind(view, at: name.position), alias?.name.name ?? name.name.name, names.map { Identifier($0) })
            scope.tables[0].hide(hidden)
            scope.tables[0].columns = try renamed(scope.tables[0].columns, columns, name.name.name)
            return (node, scope)
        }
        let source = try resolve(name)
        let shown = alias?.name.name ?? name.name.name
        var statistics: TableStatistics?
        var schema: String?
        var hidden: Set<String> = []
        switch source {
        case .table(let table):
            hidden = try unreadable(
                .table(table.id), table.columns.map(\.name), table.name.name, isTarget: isTarget)
            statistics = self.statistics(of: table)
            schema = table.name.schema
            noteRead(table.id)
            note(.table(table.id), name, hasAlias: alias != nil)
        case .virtual(let view):
            schema = view.name.schema
            if view.isSuperuserOnly, let rights = context.rights, !rights.holds(.accessSystemTable) {
                throw SQLError.permissionDenied(relation: view.name.name)
            }
        }
        let number = registry.add(source, alias: shown, statistics: statistics, hasRowAddress: isTarget)
        var columns = registry.relations[number].namedColumns.map { column in
            let name = registry.columns[column].name
            return Scope.Column(
                name: name, number: column, type: registry.type(column), isReadable: !hidden.contains(name))
        }
        if case .virtual(let view) = source {
            for (position, column) in view.columns.enumerated() where column.isHidden {
                columns[position].isHidden = true
            }
        }
        let scope = Scope()
        scope.tables = [
            Scope.Table(
                alias: shown, schema: alias == nil ? schema : nil,
                columns: try renamed(columns, alias?.columns ?? [], shown))
        ]
        guard case .table(let table) = source else { return (.scan(relation: number), scope) }
        let node = try guarded(table, .scan(relation: number), &scope.tables[0].columns)
        return (node, scope)
    }

    /// A WITH query sees those before it only. One that groups, sorts or unites rows is computed once however often it is
    /// used; any other is bound anew for each use, so that each gets its own predicates and join order.
    private func commonTable(at index: Int, _ alias: TableAlias?) throws(SQLError) -> (LogicalNode, Scope) {
        let entry = commonTables[index]
        if let work = entry.work {
            let columns = alias.map { $0.columns.isEmpty ? entry.table.columns : $0.columns } ?? entry.table.columns
            return try derivedTable(sharedQuery(work), alias?.name.name ?? entry.name, columns)
        }
        let (later, hidden) = (commonTables[index...], outerScopes[entry.outerScopes...])
        commonTables.removeSubrange(index...)
        outerScopes.removeSubrange(entry.outerScopes...)
        defer {
            commonTables += later
            outerScopes += hidden
        }
        let bound: BoundQuery
        if let number = sharedTables[entry.number] {
            bound = sharedQuery(number)
        } else if entry.mayRecur, let (seed, step) = entry.table.query.recursiveParts {
            bound = try recursiveQuery(entry, seed, step)
        } else {
            bound = shared(try bindOnce(entry), entry)
        }
        let columns = alias.map { $0.columns.isEmpty ? entry.table.columns : $0.columns } ?? entry.table.columns
        return try derivedTable(bound, alias?.name.name ?? entry.name, columns)
    }

    /// A query that names itself, and not after its last UNION ALL, is none that could recur.
    private func bindOnce(_ entry: VisibleCommonTable) throws(SQLError) -> BoundQuery {
        do throws(SQLError) {
            return try bind(entry.table.query)
        } catch {
            let own = SQLError.undefinedTable(QualifiedName(Identifier(entry.name)))
            guard entry.mayRecur, error.state == own.state, error.message == own.message else { throw error }
            throw SQLError(
                .invalidRecursion,
                "recursive query \"\(entry.name)\" does not have the form non-recursive-term UNION ALL recursive-term",
                position: error.position)
        }
    }

    func shared(_ query: BoundQuery, _ entry: VisibleCommonTable) -> BoundQuery {
        guard query.root.isWorthKeeping, query.root.freeColumns(registry).isEmpty else { return query }
        var sources: [Int] = []
        for item in query.output where !sources.contains(item.column) { sources.append(item.column) }
        let number = registry.sharedQueries.count
        registry.sharedQueries.append(query)
        registry.sharedUses.append(1)
        registry.sharedNames[number] = entry.name
        sharedTables[entry.number] = number
        return BoundQuery(
            root: .shared(SharedUse(number: number, sources: sources, columns: sources)), output: query.output)
    }

    /// A further use: other columns for the same rows.
    private func sharedQuery(_ number: Int) -> BoundQuery {
        let query = registry.sharedQueries[number]
        registry.sharedUses[number] += 1
        var names: [Int: Int] = [:]
        var use = SharedUse(number: number, sources: [], columns: [])
        var output: [(name: String, column: Int)] = []
        for item in query.output {
            if names[item.column] == nil {
                let column = registry.add(
                    name: item.name, type: registry.type(item.column),
                    origin: .expression(registry.expression(item.column)))
                names[item.column] = column
                use.sources.append(item.column)
                use.columns.append(column)
            }
            output.append((item.name, names[item.column] ?? item.column))
        }
        return BoundQuery(root: .shared(use), output: output)
    }

    private func derivedTable(
        _ query: BoundQuery, _ alias: String, _ names: [Identifier]
    ) throws(SQLError) -> (LogicalNode, Scope) {
        let columns = query.output.map {
            Scope.Column(name: $0.name, number: $0.column, type: registry.type($0.column))
        }
        let scope = Scope()
        scope.tables = [Scope.Table(alias: alias, schema: nil, columns: try renamed(columns, names, alias))]
        return (query.root, scope)
    }

    func renamed(
        _ columns: [Scope.Column], _ names: [Identifier], _ table: String
    ) throws(SQLError) -> [Scope.Column] {
        let available = columns.count { !$0.isHidden }
        if names.count > available {
            throw SQLError(
                .invalidColumnReference,
                "table \"\(table)\" has \(available) columns available but \(names.count) columns specified",
                position: names[available].position.character)
        }
        var result = columns
        for (index, name) in names.enumerated() {
            result[index] = Scope.Column(
                name: name.name, number: columns[index].number, type: columns[index].type,
                isReadable: columns[index].isReadable)
        }
        return result
    }

    /// The table or view that a name means: an unqualified one by the search path, `pg_catalog` first.
    func resolve(_ name: QualifiedName) throws(SQLError) -> Relation.Source {
        if let lookups = context.lookups {
            guard let table = lookup(name, among: lookups) else { throw SQLError.undefinedTable(name) }
            return .table(table)
        }
        let schemas = try schemas(of: name)
        for schema in schemas {
            let qualified = TableName(schema: schema, name: name.name.name)
            if let table = context.catalog.table(named: qualified) { return .table(table) }
            if let view = context.virtualTables.table(named: qualified) { return .virtual(view) }
        }
        if let schema = name.schema, let only = schemas.first, only != context.temporarySchema,
            !context.catalog.schemas.contains(only)
        {
            throw SQLError(
                .invalidSchemaName, "schema \"\(schema.name)\" does not exist", position: schema.position.character)
        }
        throw SQLError.undefinedTable(name)
    }

    /// The table that a row policy has meant by the name since it was made; also if its schema has another name now.
    private func lookup(_ name: QualifiedName, among lookups: [TableID]) -> TableDefinition? {
        let found = lookups.compactMap { context.catalog.tables[$0] }.filter { $0.name.name == name.name.name }
        guard found.count > 1 else { return found.first }
        let path = name.schema.map { [$0.name] } ?? context.lookupPath
        return path.lazy.compactMap { schema in found.first { $0.name.schema == schema } }.first
    }

    /// Columns that the user may not read; mostly none.
    /// - Parameter isTarget: of UPDATE or DELETE: nothing of it need be read.
    private func unreadable(
        _ object: Securable, _ columns: [String], _ name: String, isTarget: Bool = false
    ) throws(SQLError) -> Set<String> {
        guard let rights = context.rights, !rights.allows(.select, on: object) else { return [] }
        guard isTarget || rights.allowsSome(.select, on: object) else { throw .permissionDenied(relation: name) }
        return Set(columns.filter { !rights.allows(.select, on: object, column: $0) })
    }

    /// Where the name is looked for, in that order. `pg_temp` is the session's own schema; another session's is closed.
    func schemas(of name: QualifiedName) throws(SQLError) -> [String] {
        if let database = name.database, database.name != context.database {
            throw SQLError.unsupported("cross-database reference", at: database.position.character)
        }
        guard let schema = name.schema else {
            guard let rights = context.rights else { return context.lookupPath }
            return context.lookupPath.filter {
                $0 == context.temporarySchema || rights.allows(.usage, on: .schema($0))
            }
        }
        if schema.name == "pg_temp", let own = context.temporarySchema { return [own] }
        if TableName.isTemporary(schema: schema.name), schema.name != context.temporarySchema {
            throw SQLError(
                .featureNotSupported, "cannot access temporary tables of other sessions",
                position: schema.position.character)
        }
        if let rights = context.rights, schema.name != context.temporarySchema,
            context.catalog.schemas.contains(schema.name), !rights.allows(.usage, on: .schema(schema.name))
        {
            throw SQLError.permissionDenied(schema: schema.name, at: schema.position)
        }
        return [schema.name]
    }

    /// The view that a name means, by the same rules as a table; nil if it means something else or nothing.
    func view(named name: QualifiedName) -> ViewDefinition? {
        if context.lookups != nil { return nil }
        // What is wrong with the schema, whoever looks for something else by the name will say.
        guard let schemas = try? schemas(of: name) else { return nil }
        for schema in schemas {
            let qualified = TableName(schema: schema, name: name.name.name)
            if let view = context.catalog.views[qualified] { return view }
            if context.catalog.table(named: qualified) != nil { return nil }
            if context.virtualTables.table(named: qualified) != nil { return nil }
        }
        return nil
    }

    /// A table that a statement changes.
    func resolveTable(_ name: QualifiedName) throws(SQLError) -> TableDefinition {
        if view(named: name) != nil {
            throw SQLError(
                .wrongObjectType, "\"\(name.name.name)\" is not a table", position: name.position.character)
        }
        switch try resolve(name) {
        case .table(let table): return table
        case .virtual(let view):
            throw SQLError(
                .insufficientPrivilege, "permission denied: \"\(view.name.name)\" is a system catalog",
                position: name.position.character)
        }
    }

    /// `scope` is the left side's and becomes that of the join.
    private func join(_ first: LogicalNode, _ scope: Scope, _ clause: JoinClause) throws(SQLError) -> LogicalNode {
        var left = first
        var (right, rightScope) = try bind(clause.table)
        let names = try sharedNames(scope, rightScope, clause)
        var conditions: [BoundExpression] = []
        var merged: [(column: Scope.Column, hides: [Int])] = []
        var computed: [ComputedColumn] = []
        for name in names {
            guard let a = try scope.column(named: name.name, at: name.position),
                let b = try rightScope.column(named: name.name, at: name.position)
            else {
                throw SQLError(
                    .undefinedColumn, "column \"\(name.name)\" specified in USING clause does not exist in both tables",
                    position: name.position.character)
            }
            conditions += try compare(
                .column(a.number, a.type), .equal, .column(b.number, b.type), at: name.position
            ).conjuncts
            let shown = clause.kind == .full ? try either(a, b, &computed) : clause.kind == .right ? b : a
            merged.append((shown, hides(a, in: scope) + hides(b, in: rightScope)))
        }
        let leftMerged = scope.merged.filter { old in !merged.contains { $0.column.name == old.column.name } }
        try append(rightScope, to: scope)
        scope.merged =
            merged + leftMerged
            + rightScope.merged.filter { old in
                !merged.contains { $0.column.name == old.column.name }
            }
        if case .on(let condition) = clause.condition {
            let expressions = ExpressionScope(scope, clause: "JOIN/ON")
            expressions.isOuterJoin = clause.kind != .inner
            let terms = try terms(condition, in: expressions)
            conditions = terms.compactMap(\.condition)
            if clause.kind == .inner, conditions.count < terms.count || !expressions.subqueries.isEmpty {
                return filtered(applied(expressions.subqueries, to: .innerJoin([left, right], on: [])), terms)
            }
            try apply(expressions.subqueries, to: &left, &right, at: clause.position)
        }
        switch clause.kind {
        case .inner, .cross: return .innerJoin([left, right], on: conditions)
        case .left: return .join(.left, left, right, on: conditions)
        case .right: return .join(.left, right, left, on: conditions)
        case .full:
            guard conditions.contains(where: { $0.isEquijoin(left.columns(registry), right.columns(registry)) }) else {
                throw SQLError(
                    .featureNotSupported, "FULL JOIN is only supported with merge-joinable join conditions",
                    position: clause.position.character)
            }
            let node = LogicalNode.join(.full, left, right, on: conditions)
            return computed.isEmpty ? node : .project(computed, node)
        }
    }

    /// Subqueries in ON of an outer join: each is a column of the side whose rows it is computed for, most often only
    /// because one side has to have it.
    private func apply(
        _ subqueries: [ScalarSubquery], to left: inout LogicalNode, _ right: inout LogicalNode,
        at position: SourcePosition
    ) throws(SQLError) {
        for subquery in subqueries {
            let outer = subquery.root.freeColumns(registry)
            if outer.isDisjoint(with: left.columns(registry)) {
                right = applied([subquery], to: right)
            } else if outer.isDisjoint(with: right.columns(registry)) {
                left = applied([subquery], to: left)
            } else {
                throw SQLError.correlatedPattern(at: subquery.position)
            }
        }
    }

    /// FULL JOIN USING shows the value of the side that has one.
    private func either(
        _ left: Scope.Column, _ right: Scope.Column, _ computed: inout [ComputedColumn]
    ) throws(SQLError) -> Scope.Column {
        let (a, b) = (BoundExpression.column(left.number, left.type), BoundExpression.column(right.number, right.type))
        guard let type = SQLType.common(of: [left.type, right.type]) else { return left }
        let value = BoundExpression.caseWhen(
            [
                BoundExpression.CaseBranch(
                    condition: .isNull(a, isNegated: true),
                    result: try coercion.cast(a, to: type, .explicit, at: .unknown))
            ], otherwise: try coercion.cast(b, to: type, .explicit, at: .unknown), type)
        return Scope.Column(name: left.name, number: column(for: value, named: left.name, in: &computed), type: type)
    }

    private func hides(_ column: Scope.Column, in scope: Scope) -> [Int] {
        scope.merged.first { $0.column.number == column.number && $0.column.name == column.name }?.hides
            ?? [column.number]
    }

    private func sharedNames(_ left: Scope, _ right: Scope, _ clause: JoinClause) throws(SQLError) -> [Identifier] {
        switch clause.condition {
        case .none, .on: return []
        case .using(let names): return names
        case .natural:
            let others = Set(right.allColumns.map(\.name))
            var names: [Identifier] = []
            for column in left.allColumns where others.contains(column.name) {
                if !names.contains(where: { $0.name == column.name }) {
                    names.append(Identifier(column.name, at: clause.position))
                }
            }
            return names
        }
    }
}

extension LogicalNode {
    /// Computing it takes more than reading it.
    fileprivate var isWorthKeeping: Bool {
        switch self {
        case .aggregate, .distinct, .limit, .union, .window, .shared: true
        default: inputs.contains(where: \.isWorthKeeping)
        }
    }
}

extension BoundExpression {
    /// `a = b` with each side's columns on one side of a join.
    func isEquijoin(_ left: ColumnSet, _ right: ColumnSet) -> Bool {
        guard case .comparison(.equal, let a, let b) = self else { return false }
        let (x, y) = (a.columnSet, b.columnSet)
        if x.isEmpty || y.isEmpty { return false }
        return x.isSubset(of: left) && y.isSubset(of: right) || x.isSubset(of: right) && y.isSubset(of: left)
    }
}
