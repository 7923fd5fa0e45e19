import QueryPlan
import SQLTypes

/// Turns every `apply` into a join, innermost subquery first: no subquery is ever run row by row.
///
///     apply(EXISTS, l, r)        semi join with r′ on what was pulled out of r
///     apply(NOT EXISTS, l, r)    anti join
///     apply(NOT IN, l, r)        null-aware anti join; with other conditions an anti join on `a = b OR either IS NULL`
///     apply(scalar, l, Γ(r))     left join with Γ(keys, r′): `ScalarSubqueries`
///
/// A correlated condition is pulled up to the join (`PullCorrelation`) where an operator lets it pass; where one does
/// not, the distinct values of the outer columns are pushed down into the subquery (`DependentJoin`).
/// - Source: Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015; Kim, "On Optimizing an SQL-like Nested Query",
///   TODS 1982; Ganski and Wong, "Optimization of Nested SQL Queries Revisited", SIGMOD 1987 (the COUNT bug).
extension Rewriter {
    mutating func unnested(_ node: LogicalNode) throws(SQLError) -> LogicalNode {
        var inputs: [LogicalNode] = []
        for input in node.inputs { inputs.append(try unnested(input)) }
        guard case .apply(let use, _, _) = node else { return inputs.isEmpty ? node : node.withInputs(inputs) }
        fired.insert("UnnestSubqueries")
        let (left, right) = (inputs[0], inputs[1])
        switch use {
        case .scalar(let value, let result): return try scalarJoin(left, right, value: value, result: result)
        case .exists(let on): return try semiJoin(left, right, on)
        case .notExists: return try antiJoin(left, right)
        case .notIn(let pairs): return try notIn(left, right, pairs)
        }
    }

    /// Outer columns that the subquery reads.
    func correlation(_ right: LogicalNode, with left: LogicalNode) -> ColumnSet {
        right.freeColumns(registry).intersection(left.columns(registry))
    }

    private mutating func semiJoin(
        _ left: LogicalNode, _ right: LogicalNode, _ on: [BoundExpression]
    ) throws(SQLError) -> LogicalNode {
        if on.isEmpty, let known = try existenceOfAggregate(left, right, isNegated: false) { return known }
        let inner = try uncorrelated(existence(right, isPlain: on.isEmpty), from: left)
        return .join(.semi, left, inner.node, on: on + inner.conditions)
    }

    private mutating func antiJoin(_ left: LogicalNode, _ right: LogicalNode) throws(SQLError) -> LogicalNode {
        if let known = try existenceOfAggregate(left, right, isNegated: true) { return known }
        let inner = try uncorrelated(existence(right, isPlain: true), from: left)
        return .join(.anti, left, inner.node, on: inner.conditions)
    }

    private mutating func notIn(
        _ left: LogicalNode, _ right: LogicalNode, _ pairs: [(operand: BoundExpression, item: BoundExpression)]
    ) throws(SQLError) -> LogicalNode {
        let inner = try uncorrelated(existence(right, isPlain: false), from: left)
        let (outerColumns, present) = (left.neverNull(registry), inner.node.neverNull(registry))
        var on: [BoundExpression] = []
        var isPlain = true
        for pair in pairs {
            let isEqual = BoundExpression.comparison(.equal, pair.operand, pair.item)
            var terms = [isEqual]
            if !pair.operand.isNeverNull(outerColumns) { terms.append(.isNull(pair.operand, isNegated: false)) }
            if !pair.item.isNeverNull(present) { terms.append(.isNull(pair.item, isNegated: false)) }
            isPlain = isPlain && terms.count == 1
            on.append(terms.count == 1 ? isEqual : .or(terms))
        }
        if !isPlain, pairs.count == 1, inner.conditions.isEmpty {
            let (operand, item) = (pairs[0].operand.columnSet, pairs[0].item.columnSet)
            if !operand.isEmpty, operand.isSubset(of: left.columns(registry)), !item.isEmpty {
                return .join(
                    .nullAwareAnti, left, inner.node, on: [.comparison(.equal, pairs[0].operand, pairs[0].item)])
            }
        }
        return .join(.anti, left, inner.node, on: on + inner.conditions)
    }

    /// What does not change whether there is a row (a row of certain values, if not `isPlain`).
    private func existence(_ node: LogicalNode, isPlain: Bool) -> LogicalNode {
        switch node {
        case .sort(_, let input), .distinct(_, let input): return existence(input, isPlain: isPlain)
        case .limit(let count, 0, let input) where isPlain && (count ?? 1) > 0:
            return existence(input, isPlain: isPlain)
        case .project(_, let input) where isPlain: return existence(input, isPlain: isPlain)
        case .project(let computed, let input): return .project(computed, existence(input, isPlain: isPlain))
        default: return node
        }
    }

    /// An aggregation without groups always has its row: only HAVING decides.
    private mutating func existenceOfAggregate(
        _ left: LogicalNode, _ right: LogicalNode, isNegated: Bool
    ) throws(SQLError) -> LogicalNode? {
        var node = right
        var isDecided = true
        while true {
            switch node {
            case .sort(_, let input), .distinct(_, let input), .project(_, let input): node = input
            case .limit(let count, 0, let input) where (count ?? 1) > 0: node = input
            case .filter(_, let input):
                isDecided = false
                node = input
            case .aggregate(let aggregate, _) where aggregate.groups.isEmpty:
                if isDecided {
                    return isNegated ? .filter([.literal(.boolean(false), .boolean)], left) : left
                }
                let mark = BoundExpression.literal(.boolean(true), .boolean)
                let value = registry.add(name: "exists", type: .boolean, origin: .expression(mark))
                let result = registry.add(name: "exists", type: .boolean, origin: .constant)
                let joined = try scalarJoin(
                    left, .project([ComputedColumn(column: value, expression: mark)], existence(right, isPlain: true)),
                    value: value, result: result)
                return .filter([.isNull(registry.expression(result), isNegated: !isNegated)], joined)
            default: return nil
            }
        }
    }
}
