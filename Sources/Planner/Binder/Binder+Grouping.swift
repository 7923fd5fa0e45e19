import QueryPlan
import SQLSyntax
import SQLTypes

/// GROUP BY of one block: its expressions, and the columns that stand for them above the aggregation.
struct Grouping {
    var isGrouped = false
    /// One of the expressions that are constants.
    var constant: BoundExpression?
    /// Each with the column that holds it.
    var expressions: [(expression: BoundExpression, column: Int)] = []
    /// Computed below the aggregation: group expressions that are no plain columns, arguments of aggregates.
    var before: [ComputedColumn] = []
    let aggregates = AggregateCollector()

    var groups: [Int] {
        var result: [Int] = []
        for item in expressions where !result.contains(item.column) { result.append(item.column) }
        return result
    }

    mutating func finish() { before += aggregates.computed }
}

extension Binder {
    func bindGroupBy(_ select: Select, _ scope: Scope) throws(SQLError) -> Grouping {
        var grouping = Grouping()
        guard !select.groupBy.isEmpty else { return grouping }
        grouping.isGrouped = true
        let expressions = ExpressionScope(scope, clause: "GROUP BY")
        for element in select.groupBy {
            switch element {
            case .expression(let expression):
                try add(try groupItem(expression, select, in: expressions), to: &grouping)
            case .set(let list):
                for expression in list { try add(try groupItem(expression, select, in: expressions), to: &grouping) }
            case .rollup: throw SQLError.unsupported("ROLLUP", at: select.position.character)
            case .cube: throw SQLError.unsupported("CUBE", at: select.position.character)
            case .sets: throw SQLError.unsupported("GROUPING SETS", at: select.position.character)
            }
        }
        // One constant has to stay if there is nothing else: without groups there is a row even where no rows are.
        if grouping.expressions.isEmpty, let constant = grouping.constant {
            grouping.expressions.append((constant, column(for: constant, in: &grouping.before)))
        }
        return grouping
    }

    private func add(_ expression: BoundExpression, to grouping: inout Grouping) throws(SQLError) {
        // Beside other expressions a constant makes no groups.
        if case .literal = expression {
            grouping.constant = expression
            return
        }
        if grouping.expressions.contains(where: { $0.expression == expression }) { return }
        let number = column(for: expression, in: &grouping.before)
        grouping.expressions.append((expression, number))
    }

    /// An ordinal, then a column of FROM, then an alias of the list, then any expression.
    private func groupItem(
        _ expression: SQLSyntax.Expression, _ select: Select, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        if case .literal(.integer(let ordinal)) = expression.kind {
            guard let index = Int(exactly: ordinal), index >= 1,
                let item = try listItem(index - 1, select, in: scope)
            else {
                throw SQLError(
                    .invalidColumnReference, "GROUP BY position \(ordinal) is not in select list",
                    position: expression.position.character)
            }
            return item
        }
        if case .column(let reference) = expression.kind, reference.table == nil,
            try scope.scope.column(named: reference.column.name, at: reference.position) == nil
        {
            for case .expression(let item, let alias?) in select.items where alias.name == reference.column.name {
                return try bindListItem(item, select, in: scope)
            }
        }
        return try bind(expression, in: scope)
    }

    /// Stars count with all their columns. nil: past the end.
    private func listItem(
        _ index: Int, _ select: Select, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression? {
        var skipped = 0
        for item in select.items {
            switch item {
            case .expression(let expression, _):
                if skipped == index { return try bindListItem(expression, select, in: scope) }
                skipped += 1
            case .star(let table, let position):
                var columns = scope.scope.allColumns
                if let table {
                    guard let found = try scope.scope.table(named: table) else {
                        throw SQLError.missingFromEntry(table.name.name, at: position)
                    }
                    columns = found.columns
                }
                if index < skipped + columns.count {
                    let column = columns[index - skipped]
                    return .column(column.number, column.type)
                }
                skipped += columns.count
            }
        }
        return nil
    }

    /// An item that GROUP BY names may use the aliases before it.
    private func bindListItem(
        _ expression: SQLSyntax.Expression, _ select: Select, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let inner = ExpressionScope(scope.scope, clause: "GROUP BY")
        for case .expression(let item, let alias?) in select.items {
            if item == expression { break }
            guard inner.aliases[alias.name] == nil, let bound = try? bind(item, in: inner) else { continue }
            inner.aliases[alias.name] = bound
        }
        return try bind(expression, in: inner)
    }
}

/// Above an aggregation only group expressions and aggregates can be seen.
struct GroupingCheck {
    let grouping: Grouping
    let registry: ColumnRegistry
    let positions: [Int: SourcePosition]

    func replace(_ expression: BoundExpression) throws(SQLError) -> BoundExpression {
        for group in grouping.expressions where group.expression == expression {
            return .column(group.column, expression.type)
        }
        switch expression {
        case .literal: return expression
        case .column(let number, _):
            if grouping.aggregates.calls.contains(where: { $0.column == number }) { return expression }
            throw SQLError.groupingError(
                "column \"\(name(number))\" must appear in the GROUP BY clause or be used in an aggregate function",
                at: positions[number] ?? .unknown)
        default:
            var operands: [BoundExpression] = []
            for operand in expression.operands { operands.append(try replace(operand)) }
            return expression.withOperands(operands)
        }
    }

    private func name(_ column: Int) -> String {
        let own = registry.columns[column].name
        guard case .table(let relation, _) = registry.columns[column].origin else { return own }
        return "\(registry.relations[relation].alias).\(own)"
    }
}
