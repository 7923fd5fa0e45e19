import QueryPlan
import SQLTypes

/// A subquery that reads nothing of the outer row any more, and the conditions that its join has to check instead.
struct UncorrelatedQuery {
    var node: LogicalNode
    var conditions: [BoundExpression]
}

/// Pulls conditions on outer columns out of a subquery.
extension Rewriter {
    /// By pulling if possible, else by a dependent join.
    mutating func uncorrelated(
        _ node: LogicalNode, from left: LogicalNode
    ) throws(SQLError) -> UncorrelatedQuery {
        let outer = correlation(node, with: left)
        if let pulled = pulled(node, outer) {
            if !pulled.conditions.isEmpty { fired.insert("PullCorrelation") }
            return pulled
        }
        return try dependent(node, on: outer, of: left)
    }

    /// nil: some operator in between reads outer columns itself, or would not mean the same.
    func pulled(_ node: LogicalNode, _ outer: ColumnSet) -> UncorrelatedQuery? {
        if node.freeColumns(registry).isDisjoint(with: outer) { return UncorrelatedQuery(node: node, conditions: []) }
        switch node {
        case .filter(let conjuncts, let input):
            guard var result = pulled(input, outer) else { return nil }
            let (own, correlated) = split(conjuncts) { $0.columnSet.isDisjoint(with: outer) }
            result.node = filtered(result.node, own)
            result.conditions += correlated
            return result
        case .innerJoin(let inputs, let on):
            var nodes: [LogicalNode] = []
            var conditions: [BoundExpression] = []
            for input in inputs {
                guard let result = pulled(input, outer) else { return nil }
                nodes.append(result.node)
                conditions += result.conditions
            }
            let (own, correlated) = split(on) { $0.columnSet.isDisjoint(with: outer) }
            return UncorrelatedQuery(node: .innerJoin(nodes, on: own), conditions: conditions + correlated)
        case .join(let kind, let left, let right, let on):
            guard kind != .full, on.columnSet.isDisjoint(with: outer),
                right.freeColumns(registry).isDisjoint(with: outer), var result = pulled(left, outer)
            else { return nil }
            result.node = .join(kind, result.node, right, on: on)
            return result
        case .project(let computed, let input):
            guard computed.map(\.expression).columnSet.isDisjoint(with: outer), var result = pulled(input, outer)
            else { return nil }
            result.node = .project(computed, result.node)
            return result
        case .sort(_, let input): return pulled(input, outer)
        case .aggregate(let aggregate, let input):
            // Without groups an empty input has a row as well.
            guard !aggregate.groups.isEmpty, let result = pulled(input, outer), let keyed = keyed(result) else {
                return nil
            }
            var own = aggregate
            for key in keyed.keys where !own.groups.contains(key) { own.groups.append(key) }
            return UncorrelatedQuery(node: .aggregate(own, keyed.query.node), conditions: keyed.query.conditions)
        case .distinct(let columns, let input):
            guard let result = pulled(input, outer), let keyed = keyed(result) else { return nil }
            let own = columns + keyed.keys.filter { !columns.contains($0) }
            return UncorrelatedQuery(node: .distinct(own, keyed.query.node), conditions: keyed.query.conditions)
        case .window(let window, let input):
            // Rows that the condition would have left out must not be seen by the others.
            guard let result = pulled(input, outer), let keyed = keyed(result) else { return nil }
            var own = window
            own.partition += keyed.keys.filter { !own.partition.contains($0) }
            return UncorrelatedQuery(node: .window(own, keyed.query.node), conditions: keyed.query.conditions)
        case .expand(let expansion, let input):
            guard expansion.arguments.columnSet.isDisjoint(with: outer), var result = pulled(input, outer) else {
                return nil
            }
            result.node = .expand(expansion, result.node)
            return result
        case .scan, .constants, .shared, .limit, .union, .apply, .secured: return nil
        }
    }

    /// All conditions as `outer = column of the subquery`: rows of different keys can then be told apart above a
    /// grouping. nil: one of them is no equality.
    func keyed(_ query: UncorrelatedQuery) -> (query: UncorrelatedQuery, keys: [Int])? {
        let inner = query.node.columns(registry)
        var computed: [ComputedColumn] = []
        var conditions: [BoundExpression] = []
        var keys: [Int] = []
        for condition in query.conditions {
            guard case .comparison(.equal, let a, let b) = condition else { return nil }
            let isFirst = a.columnSet.isSubset(of: inner)
            let (own, other) = isFirst ? (a, b) : (b, a)
            guard !own.columnSet.isEmpty, own.columnSet.isSubset(of: inner), other.columnSet.isDisjoint(with: inner)
            else { return nil }
            let key: Int
            if case .column(let number, _) = own {
                key = number
            } else if let known = computed.first(where: { $0.expression == own }) {
                key = known.column
            } else {
                key = registry.add(
                    name: "derived_col\(computed.count + 1)", type: own.type, origin: .expression(own))
                computed.append(ComputedColumn(column: key, expression: own))
            }
            if !keys.contains(key) { keys.append(key) }
            conditions.append(.comparison(.equal, other, registry.expression(key)))
        }
        let node = computed.isEmpty ? query.node : LogicalNode.project(computed, query.node)
        return (UncorrelatedQuery(node: node, conditions: conditions), keys)
    }
}
