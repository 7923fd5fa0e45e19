import QueryPlan
import SQLTypes

/// A scalar subquery as a join with at most one partner for each outer row.
///
///     aggregation without groups    left join with the same aggregation, grouped by the keys of the correlation; where
///                                   a row has no partner, COUNT is 0 (the others are null), and what stands above the
///                                   aggregation is computed after the join
///     anything else                 left join with one row per key that knows how many there were: more than one is
///                                   an error as soon as an outer row meets it
extension Rewriter {
    mutating func scalarJoin(
        _ left: LogicalNode, _ right: LogicalNode, value: Int, result: Int
    ) throws(SQLError) -> LogicalNode {
        fired.insert("ScalarSubqueries")
        // Innermost last.
        var above: [LogicalNode] = []
        var node = right
        peeling: while true {
            switch node {
            case .project(_, let input), .filter(_, let input):
                above.append(node)
                node = input
            case .sort(_, let input): node = input
            default: break peeling
            }
        }
        guard case .aggregate(let aggregate, let input) = node, aggregate.groups.isEmpty else {
            return try singleRowJoin(left, right, value: value, result: result)
        }
        var joined = try aggregateJoin(left, aggregate, input)
        var conditions: [BoundExpression] = []
        for layer in above.reversed() {
            switch layer {
            case .project(let computed, _): joined = .project(computed, joined)
            case .filter(let conjuncts, _): conditions += conjuncts
            default: break
            }
        }
        var expression = registry.expression(value)
        if let condition = conditions.conjunction() {
            expression = .caseWhen(
                [BoundExpression.CaseBranch(condition: condition, result: expression)], otherwise: nil, expression.type)
        }
        return project(expression, as: result, joined)
    }

    private func project(_ expression: BoundExpression, as column: Int, _ node: LogicalNode) -> LogicalNode {
        registry.setOrigin(of: column, .expression(expression))
        return .project([ComputedColumn(column: column, expression: expression)], node)
    }

    private mutating func aggregateJoin(
        _ left: LogicalNode, _ aggregate: LogicalAggregate, _ input: LogicalNode
    ) throws(SQLError) -> LogicalNode {
        let outer = correlation(input, with: left)
        if outer.isEmpty { return .innerJoin([left, .aggregate(aggregate, input)], on: []) }
        let keyed = try keyedQuery(input, outer, left)
        var own = LogicalAggregate(groups: keyed.keys, calls: [])
        var counts: [ComputedColumn] = []
        for call in aggregate.calls {
            guard call.function == "count" else {
                own.calls.append(call)
                continue
            }
            var count = call
            count.column = registry.add(name: "count", type: .bigint, origin: .aggregate(call))
            registry.setOrigin(of: count.column, .aggregate(count))
            own.calls.append(count)
            let found = registry.expression(count.column)
            let value = BoundExpression.caseWhen(
                [BoundExpression.CaseBranch(condition: .isNull(found, isNegated: true), result: found)],
                otherwise: .literal(.integer(0), .bigint), .bigint)
            registry.setOrigin(of: call.column, .expression(value))
            counts.append(ComputedColumn(column: call.column, expression: value))
        }
        let joined = LogicalNode.join(
            .left, left, .aggregate(own, keyed.query.node), on: keyed.query.conditions)
        return counts.isEmpty ? joined : .project(counts, joined)
    }

    private mutating func singleRowJoin(
        _ left: LogicalNode, _ right: LogicalNode, value: Int, result: Int
    ) throws(SQLError) -> LogicalNode {
        let type = registry.type(value)
        var any = LogicalAggregate.Call(
            column: -1, function: "any_value", arguments: [value], isDistinct: false, result: type)
        any.column = registry.add(name: "any_value", type: type, origin: .aggregate(any))
        var count = LogicalAggregate.Call(
            column: -1, function: "count", arguments: [], isDistinct: false, result: .bigint)
        count.column = registry.add(name: "count", type: .bigint, origin: .aggregate(count))
        let outer = correlation(right, with: left)
        let joined: LogicalNode
        if outer.isEmpty {
            joined = .innerJoin([left, .aggregate(LogicalAggregate(groups: [], calls: [any, count]), right)], on: [])
        } else {
            let keyed = try keyedQuery(right, outer, left)
            let one = LogicalNode.aggregate(
                LogicalAggregate(groups: keyed.keys, calls: [any, count]), keyed.query.node)
            joined = .join(.left, left, one, on: keyed.query.conditions)
        }
        let isSingle = BoundExpression.comparison(
            .greaterOrEqual, .call("SINGLE_ROW", [registry.expression(count.column)], .bigint),
            .literal(.integer(0), .bigint))
        let expression = BoundExpression.caseWhen(
            [BoundExpression.CaseBranch(condition: isSingle, result: registry.expression(any.column))], otherwise: nil,
            type)
        return project(expression, as: result, joined)
    }

    /// Uncorrelated, by equalities only.
    private mutating func keyedQuery(
        _ node: LogicalNode, _ outer: ColumnSet, _ left: LogicalNode
    ) throws(SQLError) -> (query: UncorrelatedQuery, keys: [Int]) {
        if let pulled = pulled(node, outer), let keyed = keyed(pulled) { return keyed }
        guard let keyed = keyed(try dependent(node, on: outer, of: left)) else {
            throw SQLError.internalError("a dependent join without keys")
        }
        return keyed
    }
}
