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

    /// Of GROUPING SETS, ROLLUP, CUBE: columns of `before` or below; nil for a plain GROUP BY.
    var sets: [[Int]]?
    /// With sets: what stands for each column above the aggregation (null where a row's set lacks it), and the number of
    /// the row's set.
    var shown: [Int: Int] = [:]
    var setNumber = -1
    /// With grouping sets a constant decides which sets are empty, and is null in those that lack it.
    var keepsConstants = false
    /// Subqueries in GROUP BY itself.
    var subqueries: [ScalarSubquery] = []

    mutating func finish() {
        before += aggregates.computed
        subqueries += aggregates.subqueries
    }
}

extension Binder {
    func bindGroupBy(_ select: Select, _ scope: Scope) throws(SQLError) -> Grouping {
        var grouping = Grouping()
        guard !select.groupBy.isEmpty else { return grouping }
        grouping.isGrouped = true
        grouping.keepsConstants = select.groupBy.contains(where: \.makesSets)
        let expressions = ExpressionScope(scope, clause: "GROUP BY")
        var sets: [[Int]] = [[]]
        for element in select.groupBy {
            let own = try groupingSets(element, &grouping) { expression throws(SQLError) in
                try groupItem(expression, select, in: expressions)
            }
            sets = sets.flatMap { left in own.map { left + $0 } }
            guard sets.count <= Self.maximumGroupingSets else {
                throw SQLError(
                    .statementTooComplex, "more than \(Self.maximumGroupingSets) grouping sets",
                    position: select.position.character)
            }
        }
        if grouping.keepsConstants {
            grouping.sets = sets
            grouping.nameGroups(registry)
        } else if grouping.expressions.isEmpty, let constant = grouping.constant {
            // One constant has to stay if there is nothing else: without groups there is a row even where no rows are.
            grouping.expressions.append((constant, column(for: constant, in: &grouping.before)))
        }
        grouping.subqueries = expressions.subqueries
        return grouping
    }

    /// The column; nil for a constant, which beside other expressions makes no groups.
    func add(_ expression: BoundExpression, to grouping: inout Grouping) -> Int? {
        if case .literal = expression, !grouping.keepsConstants {
            grouping.constant = expression
            return nil
        }
        if let known = grouping.expressions.first(where: { $0.expression == expression }) { return known.column }
        let number = column(for: text(expression), in: &grouping.before)
        grouping.expressions.append((expression, number))
        return number
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
                    columns = found.shownColumns
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
        defer { scope.subqueries += inner.subqueries }
        return try bind(expression, in: inner)
    }
}

/// Above an aggregation only group expressions and aggregates can be seen.
struct GroupingCheck {
    let grouping: Grouping
    let registry: ColumnRegistry
    let positions: [Int: SourcePosition]
    /// Columns below the aggregation; others are those of queries around it, and of subqueries.
    let own: ColumnSet

    func replace(_ expression: BoundExpression) throws(SQLError) -> BoundExpression {
        for group in grouping.expressions where group.expression == expression {
            return .column(grouping.shown[group.column] ?? group.column, expression.type)
        }
        // NOT of a group expression was pushed into it: `GROUP BY a = b HAVING NOT (a = b)` says a <> b.
        for group in grouping.expressions
        where group.expression.type == .boolean && expression.type == .boolean && group.expression.negated == expression
        {
            return .not(.column(grouping.shown[group.column] ?? group.column, .boolean))
        }
        switch expression {
        case .literal: return expression
        case .call(GroupingSets.function, let arguments, _):
            return try groupingNumber(arguments, positions: positions)
        case .column(let number, _):
            if !own.contains(number) { return expression }
            throw SQLError.groupingError(
                "column \"\(name(number))\" must appear in the GROUP BY clause or be used in an aggregate function",
                at: positions[number] ?? .unknown)
        default:
            var operands: [BoundExpression] = []
            for operand in expression.operands { operands.append(try replace(operand)) }
            return expression.withOperands(operands)
        }
    }

    /// A subquery above the aggregation reads no columns but those that are grouped.
    func check(_ subquery: LogicalNode, at position: SourcePosition) throws(SQLError) {
        for column in subquery.freeColumns(registry).elements where own.contains(column) {
            if grouping.expressions.contains(where: { $0.column == column }) { continue }
            throw SQLError.groupingError(
                "subquery uses ungrouped column \"\(name(column))\" from outer query", at: position)
        }
    }

    private func name(_ column: Int) -> String {
        let own = registry.columns[column].name
        guard case .table(let relation, _) = registry.columns[column].origin else { return own }
        return "\(registry.relations[relation].alias).\(own)"
    }
}
