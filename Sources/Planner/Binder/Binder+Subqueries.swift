import QueryPlan
import SQLSyntax
import SQLTypes

/// A conjunct of WHERE, HAVING or ON.
enum BoundTerm {
    case condition(BoundExpression)
    /// EXISTS, IN and their negations, where only true counts: they become semi and anti joins.
    case subquery(SubqueryUse, LogicalNode, SourcePosition)

    var condition: BoundExpression? { if case .condition(let condition) = self { condition } else { nil } }
}

/// Subqueries in expressions. A conjunct that is EXISTS or IN filters rows; everywhere else a subquery is a value:
///
///     (SELECT …)        the value itself
///     EXISTS (q)        (SELECT count(*) FROM q) > 0
///     x IN (q)          of the count of matches, and of what q holds: nothing, no nulls, some nulls
///     x < ANY (q)       of the greatest value of q, and of what q holds
extension Binder {
    /// Names of `scope` can be seen from inside.
    private func bindSubquery(_ query: Query, in scope: ExpressionScope) throws(SQLError) -> BoundQuery {
        outerScopes.append(scope.scope)
        let keepsUntyped = keepsUntypedLiterals
        keepsUntypedLiterals = false
        defer {
            outerScopes.removeLast()
            keepsUntypedLiterals = keepsUntyped
        }
        let bound = try bind(query)
        if scope.isOuterJoin {
            let own = ColumnSet(scope.scope.tables.flatMap { $0.columns.map(\.number) })
            if !bound.root.freeColumns(registry).isDisjoint(with: own) {
                throw SQLError.correlatedPattern(at: query.position)
            }
        }
        return bound
    }

    func bindColumn(
        _ query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> (root: LogicalNode, item: BoundExpression) {
        let bound = try bindSubquery(query, in: scope)
        guard bound.output.count == 1 else {
            throw SQLError(
                .syntaxError, "subquery must return only one column", position: position.character)
        }
        return (bound.root, registry.expression(bound.output[0].column))
    }

    func bindScalar(
        _ query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let (root, item) = try bindColumn(query, at: position, in: scope)
        return value(of: item, in: root, at: position, scope)
    }

    /// A new scalar subquery of the clause.
    func value(
        of item: BoundExpression, in root: LogicalNode, at position: SourcePosition, _ scope: ExpressionScope
    ) -> BoundExpression {
        var computed: [ComputedColumn] = []
        let number = column(for: item, in: &computed)
        let result = registry.add(name: "?column?", type: item.type, origin: .constant)
        let subquery = ScalarSubquery(
            root: computed.isEmpty ? root : .project(computed, root), value: number, result: result, position: position)
        if scope.isInAggregate {
            scope.aggregates?.subqueries.append(subquery)
        } else {
            scope.subqueries.append(subquery)
        }
        return .column(result, item.type)
    }

    func bindExistence(
        _ query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = try bindSubquery(query, in: scope)
        let count = call("count", nil)
        let root = LogicalNode.aggregate(LogicalAggregate(groups: [], calls: [count]), bound.root)
        let value = value(of: registry.expression(count.column), in: root, at: position, scope)
        return .comparison(.greater, value, .literal(.integer(0), .bigint))
    }

    /// An aggregate call on a column; nil: count(*).
    private func call(_ function: String, _ argument: Int?) -> LogicalAggregate.Call {
        let type = argument.map(registry.type) ?? .bigint
        var call = LogicalAggregate.Call(
            column: -1, function: function, arguments: argument.map { [$0] } ?? [], isDistinct: false,
            result: function == "count" ? .bigint : type)
        call.column = registry.add(name: function, type: call.result, origin: .constant)
        registry.setOrigin(of: call.column, .aggregate(call))
        return call
    }

    func bindMembership(
        _ operand: SQLSyntax.Expression, _ query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        if case .row = operand.kind { throw SQLError.unsupported("a row with IN here", at: position.character) }
        let operand = try bindOperand(operand, query, at: position, in: scope)
        let (root, item) = try bindColumn(query, at: position, in: scope)
        let isEqual = try compare(operand, .equal, item, at: position)
        let count = call("count", nil)
        let matches = value(
            of: registry.expression(count.column),
            in: .aggregate(LogicalAggregate(groups: [], calls: [count]), .filter(isEqual.conjuncts, root)),
            at: position, scope)
        let contents = try contents(of: query, at: position, in: scope)
        return .caseWhen(
            [
                branch(.comparison(.greater, matches, .literal(.integer(0), .bigint)), true),
                branch(contents.isEmpty, false),
                branch(.or([.isNull(operand, isNegated: false), contents.hasNulls]), nil),
            ], otherwise: .literal(.boolean(false), .boolean), .boolean)
    }

    /// What is compared with a query's column. `$1 IN (SELECT n …)`: a parameter without a type takes the column's.
    private func bindOperand(
        _ operand: SQLSyntax.Expression, _ query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = try bind(operand, in: scope)
        guard ParameterInference.isPlaceholder(bound), let inference = context.inference else { return text(bound) }
        let type = try bindColumn(query, at: position, in: scope).1.type
        return inference.resolve(bound, as: type) ?? text(bound)
    }

    func bindQuantified(
        _ operand: SQLSyntax.Expression, _ comparison: ComparisonOperator,
        _ quantifier: SQLSyntax.Expression.Quantifier, _ query: Query, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        switch (comparison, quantifier) {
        case (.equal, .any): return try bindMembership(operand, query, at: position, in: scope)
        case (.notEqual, .all):
            return folding.fold(
                try bindMembership(operand, query, at: position, in: scope).negated)
        default: break
        }
        let operand = try bindOperand(operand, query, at: position, in: scope)
        func compared(with function: String) throws(SQLError) -> BoundExpression {
            let (root, item) = try bindColumn(query, at: position, in: scope)
            var computed: [ComputedColumn] = []
            let call = call(function, column(for: item, in: &computed))
            let input = computed.isEmpty ? root : .project(computed, root)
            let bound = value(
                of: registry.expression(call.column),
                in: .aggregate(LogicalAggregate(groups: [], calls: [call]), input), at: position, scope)
            return try compare(operand, comparison, bound, at: position)
        }
        let isAny = quantifier == .any
        let holds: BoundExpression
        switch comparison {
        case .less, .lessOrEqual: holds = try compared(with: isAny ? "max" : "min")
        case .greater, .greaterOrEqual: holds = try compared(with: isAny ? "min" : "max")
        case .equal: holds = folding.fold(.and([try compared(with: "min"), try compared(with: "max")]))
        case .notEqual: holds = folding.fold(.or([try compared(with: "min"), try compared(with: "max")]))
        }
        let contents = try contents(of: query, at: position, in: scope)
        return .caseWhen(
            [
                branch(contents.isEmpty, !isAny),
                branch(.isNull(operand, isNegated: false), nil),
                branch(isAny ? holds : holds.negated, isAny),
                branch(contents.hasNulls, nil),
            ], otherwise: .literal(.boolean(!isAny), .boolean), .boolean)
    }

    private func branch(_ condition: BoundExpression, _ result: Bool?) -> BoundExpression.CaseBranch {
        BoundExpression.CaseBranch(
            condition: condition, result: .literal(result.map { .boolean($0) } ?? .null, .boolean))
    }

    /// Whether the one column of a query holds nothing, and whether it holds a null: of one scalar subquery, which is
    /// 0 for nothing, 2 with nulls, else 1.
    private func contents(
        of query: Query, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> (isEmpty: BoundExpression, hasNulls: BoundExpression) {
        let (root, item) = try bindColumn(query, at: position, in: scope)
        var computed: [ComputedColumn] = []
        let present = call("count", column(for: item, in: &computed))
        let all = call("count", nil)
        let input = computed.isEmpty ? root : LogicalNode.project(computed, root)
        let (rows, values) = (registry.expression(all.column), registry.expression(present.column))
        func number(_ value: Int64) -> BoundExpression { .literal(.integer(value), .integer) }
        let state = BoundExpression.caseWhen(
            [
                BoundExpression.CaseBranch(
                    condition: .comparison(.equal, rows, .literal(.integer(0), .bigint)), result: number(0)),
                BoundExpression.CaseBranch(condition: .comparison(.greater, rows, values), result: number(2)),
            ], otherwise: number(1), .integer)
        let found = value(
            of: state, in: .aggregate(LogicalAggregate(groups: [], calls: [all, present]), input), at: position, scope)
        return (.comparison(.equal, found, number(0)), .comparison(.equal, found, number(2)))
    }

    // MARK: Conjuncts

    func filtered(
        _ node: LogicalNode, by expression: SQLSyntax.Expression, in scope: ExpressionScope
    ) throws(SQLError) -> LogicalNode {
        let terms = try terms(expression, in: scope)
        let results = ColumnSet(scope.subqueries.map(\.result))
        let isPlain = terms.map { $0.condition?.columnSet.isDisjoint(with: results) ?? false }
        // What needs no subquery comes first: it makes the subqueries' outer side smaller.
        let first = filtered(node, zip(terms, isPlain).filter(\.1).map(\.0))
        return filtered(applied(scope.subqueries, to: first), zip(terms, isPlain).filter { !$0.1 }.map(\.0))
    }

    func filtered(_ node: LogicalNode, _ terms: [BoundTerm]) -> LogicalNode {
        var result = node
        let conditions = terms.compactMap(\.condition).flatMap(\.conjuncts)
        if !conditions.isEmpty { result = .filter(conditions, result) }
        for case .subquery(let use, let root, _) in terms { result = .apply(use, result, root) }
        return result
    }

    func applied(_ subqueries: [ScalarSubquery], to node: LogicalNode) -> LogicalNode {
        subqueries.reduce(node) { .apply(.scalar(value: $1.value, result: $1.result), $0, $1.root) }
    }

    func terms(_ expression: SQLSyntax.Expression, in scope: ExpressionScope) throws(SQLError) -> [BoundTerm] {
        switch expression.kind {
        case .and(let list):
            var result: [BoundTerm] = []
            for term in list { result += try terms(term, in: scope) }
            return result
        default:
            if !scope.isOuterJoin, let term = try subqueryTerm(expression, isNegated: false, in: scope) {
                return [term]
            }
            return try condition(expression, scope.clause, in: scope).conjuncts.map { .condition($0) }
        }
    }

    /// nil: no subquery that filters by itself.
    private func subqueryTerm(
        _ expression: SQLSyntax.Expression, isNegated: Bool, in scope: ExpressionScope
    ) throws(SQLError) -> BoundTerm? {
        let position = expression.position
        switch expression.kind {
        case .not(let operand): return try subqueryTerm(operand, isNegated: !isNegated, in: scope)
        case .exists(let query):
            let root = try bindSubquery(query, in: scope).root
            return .subquery(isNegated ? .notExists : .exists(on: []), root, position)
        case .inQuery(let operand, let query, let isNot):
            return try matchTerm(operand, query, isNegated: isNegated != isNot, at: position, in: scope)
        case .quantified(let operand, .equal, .any, let query):
            return try matchTerm(operand, query, isNegated: isNegated, at: position, in: scope)
        case .quantified(let operand, .notEqual, .all, let query):
            return try matchTerm(operand, query, isNegated: !isNegated, at: position, in: scope)
        case .quantified(let operand, let comparison, .any, let query) where !isNegated:
            let left = try bindOperand(operand, query, at: position, in: scope)
            let (root, item) = try bindColumn(query, at: position, in: scope)
            let on = try compare(left, ComparisonOperator(comparison), item, at: position)
            return .subquery(.exists(on: on.conjuncts), root, position)
        default: return nil
        }
    }

    private func matchTerm(
        _ operand: SQLSyntax.Expression, _ query: Query, isNegated: Bool, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundTerm? {
        var items = [operand]
        if case .row(let list) = operand.kind { items = list }
        var operands: [BoundExpression] = []
        if items.count == 1 {
            operands = [try bindOperand(items[0], query, at: position, in: scope)]
        } else {
            for item in items { operands.append(text(try bind(item, in: scope))) }
        }
        let bound = try bindSubquery(query, in: scope)
        guard bound.output.count == operands.count else {
            throw SQLError(
                .syntaxError, "subquery has too \(bound.output.count > operands.count ? "many" : "few") columns",
                position: position.character)
        }
        var on: [BoundExpression] = []
        var pairs: [(operand: BoundExpression, item: BoundExpression)] = []
        for (left, column) in zip(operands, bound.output) {
            let condition = try compare(left, .equal, registry.expression(column.column), at: position)
            on.append(condition)
            // NULL NOT IN (…) is a value of its own.
            guard case .comparison(.equal, let operand, let item) = condition else {
                if isNegated { return nil }
                continue
            }
            pairs.append((operand, item))
        }
        return .subquery(isNegated ? .notIn(pairs) : .exists(on: on), bound.root, position)
    }
}

extension SQLError {
    /// - Source: Redshift's message for the patterns that the guide lists under "Correlated subqueries".
    static func correlatedPattern(at position: SourcePosition) -> SQLError {
        SQLError(
            .featureNotSupported,
            "This type of correlated subquery pattern is not supported due to internal error",
            position: position.character)
    }
}

extension GroupingCheck {
    func replace(_ term: BoundTerm) throws(SQLError) -> BoundTerm {
        switch term {
        case .condition(let condition): return .condition(try replace(condition))
        case .subquery(let use, let root, let position):
            try check(root, at: position)
            let (inner, copies) = replace(root)
            switch use {
            case .scalar, .notExists: return .subquery(use, inner, position)
            case .exists(let on):
                let replaced = try on.map { item throws(SQLError) in try replace(item).renumbered(copies) }
                return .subquery(.exists(on: replaced), inner, position)
            case .notIn(let pairs):
                let replaced = try pairs.map { pair throws(SQLError) in
                    (operand: try replace(pair.operand), item: pair.item.renumbered(copies))
                }
                return .subquery(.notIn(replaced), inner, position)
            }
        }
    }

    func replace(_ subquery: ScalarSubquery) -> ScalarSubquery {
        let (root, copies) = replace(subquery.root)
        return ScalarSubquery(
            root: root, value: copies[subquery.value] ?? subquery.value, result: subquery.result,
            position: subquery.position)
    }

    /// With grouping sets a subquery reads what stands for the columns that it names.
    private func replace(_ subquery: LogicalNode) -> (root: LogicalNode, copies: [Int: Int]) {
        guard grouping.sets != nil else { return (subquery, [:]) }
        var copies = grouping.shown
        let root = subquery.copied(registry, &copies)
        return (root, copies)
    }
}
