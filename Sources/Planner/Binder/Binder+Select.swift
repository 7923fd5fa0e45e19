import QueryPlan
import SQLSyntax
import SQLTypes

/// One SELECT block:
///
///     from → filter → project(group expressions, arguments) → aggregate → filter(having)
///          → project(select list, sort keys) → distinct → sort → limit
extension Binder {
    private struct Item {
        var name: String
        var expression: BoundExpression
        var position: SourcePosition
    }

    func bind(_ select: Select, of query: Query) throws(SQLError) -> BoundQuery {
        if select.into != nil { throw SQLError.unsupported("SELECT INTO here", at: select.position.character) }
        let keepsUntyped = keepsUntypedLiterals
        keepsUntypedLiterals = false
        defer { keepsUntypedLiterals = keepsUntyped }
        var (node, scope) = try bindFrom(select.from)
        if let filter = select.filter {
            let expressions = ExpressionScope(scope, clause: "WHERE")
            for case .expression(let expression, let alias?) in select.items
            where expressions.listed[alias.name] == nil {
                expressions.listed[alias.name] = expression
            }
            node = try filtered(node, by: filter, in: expressions)
        }
        let own = node.columns(registry)
        var grouping = try bindGroupBy(select, scope)
        let windows = WindowCollector()
        let expressions = ExpressionScope(
            scope, clause: "SELECT", aggregates: grouping.aggregates, windows: windows)
        let expansions = ExpansionCollector()
        expressions.expansions = expansions
        var items = try bindItems(select, in: expressions)
        let having = try select.having.map { clause throws(SQLError) in try terms(clause, in: expressions) }
        let sorting = try bindOrderBy(query.orderBy, items, in: expressions)
        var qualify = try select.qualify.map { clause throws(SQLError) in try terms(clause, in: expressions) } ?? []
        if grouping.isGrouped || !grouping.aggregates.calls.isEmpty || select.having != nil {
            guard expansions.expansions.isEmpty else {
                throw SQLError.unsupported("a set-valued function in a grouped query", at: select.position.character)
            }
            let check = GroupingCheck(
                grouping: grouping, registry: registry, positions: expressions.positions, own: own)
            for index in items.indices { items[index].expression = try check.replace(items[index].expression) }
            var keys = sorting
            for index in keys.indices { keys[index].expression = try check.replace(keys[index].expression) }
            grouping.finish()
            for subquery in expressions.subqueries { try check.check(subquery.root, at: subquery.position) }
            node = applied(grouping.subqueries, to: node)
            if !grouping.before.isEmpty { node = .project(grouping.before, node) }
            node = aggregated(node, grouping)
            node = applied(expressions.subqueries.map(check.replace), to: node)
            if let having {
                node = filtered(node, try having.map { term throws(SQLError) in try check.replace(term) })
            }
            for index in windows.calls.indices { try check.replace(&windows.calls[index]) }
            for index in qualify.indices { qualify[index] = try check.replace(qualify[index]) }
            node = filtered(windowed(node, windows.calls), qualify)
            return try finish(select, query, node, items, keys, keepsUntyped)
        }
        node = filtered(windowed(applied(expressions.subqueries, to: node), windows.calls), qualify)
        node = expansions.expanded(node)
        return try finish(select, query, node, items, sorting, keepsUntyped)
    }

    /// What comes after grouping: the list, DISTINCT, ORDER BY, LIMIT.
    private func finish(
        _ select: Select, _ query: Query, _ input: LogicalNode, _ items: [Item], _ keys: [SortKey], _ keepsUntyped: Bool
    ) throws(SQLError) -> BoundQuery {
        var node = input
        var computed: [ComputedColumn] = []
        var output: [(name: String, column: Int)] = []
        for item in items {
            var expression = item.expression
            // A literal that nothing claimed is a text.
            if expression.type == .unknown, !keepsUntyped || select.isDistinct { expression = text(expression) }
            output.append((item.name, column(for: expression, named: item.name, in: &computed)))
        }
        var sort: [SortColumn] = []
        for key in keys {
            if case .literal = key.expression { continue }
            let number = column(for: key.expression, in: &computed)
            if select.isDistinct, !output.contains(where: { $0.column == number }) {
                throw SQLError(
                    .invalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
                    position: key.position.character)
            }
            if sort.contains(where: { $0.column == number }) { continue }
            sort.append(SortColumn(column: number, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        if !computed.isEmpty { node = .project(computed, node) }
        if select.isDistinct {
            var columns: [Int] = []
            for item in output where !columns.contains(item.column) { columns.append(item.column) }
            node = .distinct(columns, node)
        }
        if !sort.isEmpty { node = .sort(sort, node) }
        return BoundQuery(root: try limited(node, select.top, query), output: output)
    }

    func limited(
        _ node: LogicalNode, _ top: SQLSyntax.Expression?, _ query: Query
    ) throws(SQLError) -> LogicalNode {
        let top = try rowCount(top, "TOP")
        let limit = try rowCount(query.limit, "LIMIT")
        let offset = try rowCount(query.offset, "OFFSET") ?? 0
        if top == nil, limit == nil, offset == 0 { return node }
        return .limit(count: top ?? limit, offset: offset, node)
    }

    private func bindItems(_ select: Select, in scope: ExpressionScope) throws(SQLError) -> [Item] {
        var items: [Item] = []
        for item in select.items {
            switch item {
            case .star(let table, let position):
                let columns: [Scope.Column]
                if let table {
                    guard let found = try scope.scope.table(named: table) else {
                        throw SQLError.missingFromEntry(table.name.name, at: position)
                    }
                    columns = found.shownColumns
                } else {
                    guard !scope.scope.tables.isEmpty else {
                        throw SQLError(
                            .syntaxError, "SELECT * with no tables specified is not valid",
                            position: position.character)
                    }
                    columns = scope.scope.allColumns
                }
                // What a view reads must not depend on what its creator may.
                if readsWholeTables, let table = scope.scope.partlyReadableTable {
                    throw SQLError.permissionDenied(relation: table)
                }
                for column in columns {
                    if scope.positions[column.number] == nil { scope.positions[column.number] = position }
                    items.append(
                        Item(name: column.name, expression: .column(column.number, column.type), position: position))
                }
            case .expression(let expression, let alias):
                let bound = try bind(expression, in: scope)
                let name = alias?.name ?? Self.defaultName(expression)
                items.append(Item(name: name, expression: bound, position: expression.position))
                if let alias, scope.aliases[alias.name] == nil { scope.aliases[alias.name] = bound }
            }
        }
        return items
    }

    /// - Source: PostgreSQL, "FigureColname"; the guide's samples for EXTRACT and casts.
    static func defaultName(_ expression: SQLSyntax.Expression) -> String {
        switch expression.kind {
        case .column(let reference): return reference.column.name
        case .call(let call):
            switch call.name.name.name {
            case "extract": return "date_part"
            case "date_part": return "pgdate_part"
            case "datediff": return "date_diff"
            case "dateadd": return "date_add"
            case "nvl", "isnull": return "coalesce"
            case "decode": return "case"
            case let name: return name
            }
        case .conditional: return "case"
        case .cast(let operand, let type, _):
            let inner = defaultName(operand)
            return inner == "?column?" ? type.type.shortName : inner
        case .typedLiteral(let type, _): return type.type.shortName
        case .exists: return "exists"
        case .array, .arrayQuery: return "array"
        case .element(let array, _): return defaultName(array)
        case .field(_, let name): return name.name
        default: return "?column?"
        }
    }

    struct SortKey {
        var expression: BoundExpression
        var isDescending: Bool
        var nullsFirst: Bool
        var position: SourcePosition
    }

    /// An ordinal, then a name of the list, then any expression.
    private func bindOrderBy(
        _ list: [SortItem], _ items: [Item], in scope: ExpressionScope
    ) throws(SQLError) -> [SortKey] {
        var keys: [SortKey] = []
        for item in list {
            let position = item.expression.position
            let expression: BoundExpression
            if case .literal(.integer(let ordinal)) = item.expression.kind {
                guard let index = Int(exactly: ordinal), items.indices.contains(index - 1) else {
                    throw SQLError(
                        .invalidColumnReference, "ORDER BY position \(ordinal) is not in select list",
                        position: position.character)
                }
                expression = items[index - 1].expression
            } else if case .literal = item.expression.kind {
                throw SQLError(
                    .syntaxError, "non-integer constant in ORDER BY", position: position.character)
            } else if let named = try outputColumn(item.expression, items) {
                expression = named
            } else {
                expression = try bind(item.expression, in: scope)
            }
            keys.append(
                SortKey(
                    expression: expression, isDescending: item.isDescending,
                    nullsFirst: item.nullsFirst ?? item.isDescending, position: position))
        }
        return keys
    }

    private func outputColumn(
        _ expression: SQLSyntax.Expression, _ items: [Item]
    ) throws(SQLError) -> BoundExpression? {
        guard case .column(let reference) = expression.kind, reference.table == nil else { return nil }
        let matches = items.filter { $0.name == reference.column.name }
        guard let first = matches.first else { return nil }
        if matches.contains(where: { $0.expression != first.expression }) {
            throw SQLError(
                .ambiguousColumn, "ORDER BY \"\(reference.column.name)\" is ambiguous",
                position: reference.position.character)
        }
        return first.expression
    }
}

extension SQLType {
    /// The type's internal name, after which an unnamed cast is called.
    var shortName: String {
        self == .unknown ? "?column?" : postgreSQL.name
    }
}
