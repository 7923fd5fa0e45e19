import QueryPlan
import SQLTypes

/// Moves every conjunct to the lowest node that has all its columns, and past what does not change its meaning.
extension Rewriter {
    mutating func pushDown(_ conjuncts: [BoundExpression], into node: LogicalNode) -> LogicalNode {
        switch node {
        case .filter(let own, let input): return pushDown(conjuncts + own, into: input)
        case .scan, .constants, .shared: return filtered(node, conjuncts)
        case .innerJoin, .join: return rewriteJoin(node, conjuncts)
        case .project(let computed, let input):
            // A predicate on a computed column is one on what computes it.
            let expressions = Dictionary(
                computed.map { ($0.column, $0.expression) }, uniquingKeysWith: { first, _ in first })
            // What a mask computes is nobody's business: EXPLAIN shows the column.
            let volatile = ColumnSet(
                computed.filter { registry.masks.contains($0.column) || folding.isVolatile($0.expression) }.map(
                    \.column))
            let (above, below) = split(conjuncts) { !$0.columnSet.isDisjoint(with: volatile) }
            let lowered = below.map { conjunct in folding.fold(conjunct.substituting { expressions[$0] }) }
            return filtered(.project(computed, pushDown(lowered, into: input)), above)
        case .aggregate(let aggregate, let input):
            let groups = ColumnSet(aggregate.groups)
            let (below, above) = split(conjuncts) { !groups.isEmpty && $0.columnSet.isSubset(of: groups) }
            return filtered(.aggregate(aggregate, pushDown(below, into: input)), above)
        case .distinct(let columns, let input):
            let (below, above) = split(conjuncts) { $0.columnSet.isSubset(of: ColumnSet(columns)) }
            return filtered(.distinct(columns, pushDown(below, into: input)), above)
        case .sort(let keys, let input): return .sort(keys, pushDown(conjuncts, into: input))
        case .limit(let count, let offset, let input):
            return filtered(.limit(count: count, offset: offset, pushDown([], into: input)), conjuncts)
        case .window(let window, let input):
            let keys = ColumnSet(window.partition)
            let (below, above) = split(conjuncts) { !$0.columnSet.isEmpty && $0.columnSet.isSubset(of: keys) }
            return filtered(.window(window, pushDown(below, into: input)), above)
        case .expand(let expansion, let input):
            let (below, above) = split(conjuncts) { $0.columnSet.isDisjoint(with: ColumnSet(expansion.columns)) }
            return filtered(.expand(expansion, pushDown(below, into: input)), above)
        case .secured(let relation, let input):
            let (below, above) = split(conjuncts, where: \.isLeakproof)
            return filtered(.secured(relation: relation, pushDown(below, into: input)), above)
        case .union(let inputs, let columns):
            let own = inputs.map { input in
                let renumbered = Dictionary(uniqueKeysWithValues: zip(columns, input.columns))
                return UnionInput(
                    node: pushDown(conjuncts.map { $0.renumbered(renumbered) }, into: input.node),
                    columns: input.columns)
            }
            return .union(own, columns: columns)
        case .apply(let use, let left, let right):
            return filtered(.apply(use, pushDown([], into: left), pushDown([], into: right)), conjuncts)
        }
    }

    func filtered(_ node: LogicalNode, _ conjuncts: [BoundExpression]) -> LogicalNode {
        conjuncts.isEmpty ? node : .filter(conjuncts, node)
    }

    func split(
        _ conjuncts: [BoundExpression], where isFirst: (BoundExpression) -> Bool
    ) -> (first: [BoundExpression], rest: [BoundExpression]) {
        var first: [BoundExpression] = []
        var rest: [BoundExpression] = []
        for conjunct in conjuncts { if isFirst(conjunct) { first.append(conjunct) } else { rest.append(conjunct) } }
        return (first, rest)
    }

    private mutating func rewriteJoin(_ node: LogicalNode, _ conjuncts: [BoundExpression]) -> LogicalNode {
        var conditions = conjuncts
        var inputs: [LogicalNode] = []
        flatten(node, into: &inputs, &conditions)
        conditions = factored(conditions)
        inputs = makeInner(inputs, &conditions)
        if inputs.count == 1, case .join(let kind, let left, let right, let on) = inputs[0] {
            return rewriteOuterJoin(kind, left, right, on, conditions)
        }
        let sets = inputs.map { $0.columns(registry) }
        conditions = inferred(conditions, among: sets)
        var own: [[BoundExpression]] = Array(repeating: [], count: inputs.count)
        var joint: [BoundExpression] = []
        for condition in conditions {
            let columns = condition.columnSet
            if let index = sets.firstIndex(where: { columns.isSubset(of: $0) }), !columns.isEmpty {
                own[index].append(condition)
            } else {
                joint.append(condition)
            }
        }
        if inputs.count > 1, own.contains(where: { !$0.isEmpty }) { fired.insert("PushDownPredicates") }
        for index in inputs.indices { inputs[index] = pushDown(own[index], into: inputs[index]) }
        if inputs.count == 1 { return filtered(inputs[0], joint) }
        return .innerJoin(inputs, on: joint)
    }

    /// Inner joins below inner joins, and the filters on them, are one list.
    private func flatten(_ node: LogicalNode, into inputs: inout [LogicalNode], _ conditions: inout [BoundExpression]) {
        switch node {
        case .innerJoin(let nodes, let on):
            conditions += on
            for node in nodes { flatten(node, into: &inputs, &conditions) }
        case .filter(let own, let input):
            switch input {
            case .innerJoin, .join, .filter:
                conditions += own
                flatten(input, into: &inputs, &conditions)
            default: inputs.append(node)
            }
        default: inputs.append(node)
        }
    }

    /// Left and full joins that stay: what may go down goes, what may not stays above.
    private mutating func rewriteOuterJoin(
        _ kind: JoinKind, _ left: LogicalNode, _ right: LogicalNode, _ on: [BoundExpression],
        _ conjuncts: [BoundExpression]
    ) -> LogicalNode {
        let leftColumns = left.columns(registry)
        let rightColumns = right.columns(registry)
        switch kind {
        case .full:
            let node = LogicalNode.join(.full, pushDown([], into: left), pushDown([], into: right), on: on)
            return filtered(node, conjuncts)
        default:
            let (toOuter, above) = split(conjuncts) { $0.columnSet.isSubset(of: leftColumns) }
            var toLeft = toOuter
            let (toRight, both) = split(factored(on)) {
                !$0.columnSet.isEmpty && $0.columnSet.isSubset(of: rightColumns)
            }
            var kept = both
            if kind == .semi {
                let (own, others) = split(both) { !$0.columnSet.isEmpty && $0.columnSet.isSubset(of: leftColumns) }
                toLeft += own
                kept = others
            }
            if let lowered = lowered(kind, filtered(right, toRight), kept, into: left) {
                return filtered(pushDown(toLeft, into: lowered), above)
            }
            let node = LogicalNode.join(
                kind, pushDown(toLeft, into: left), pushDown(toRight, into: right), on: kept)
            return filtered(node, above)
        }
    }
}
