import QueryPlan

/// A semi or anti join above an inner join, whose conditions read one input only, filters that input before it is
/// joined: in TPC-H Q18 the orders, before their line items are looked for.
///
/// One with conditions that are no equalities is dear for each row and stays where there are fewest of them.
extension Rewriter {
    /// nil: nothing below takes it.
    mutating func lowered(
        _ kind: JoinKind, _ right: LogicalNode, _ on: [BoundExpression], into node: LogicalNode
    ) -> LogicalNode? {
        guard kind == .semi || kind == .anti || kind == .nullAwareAnti, !on.isEmpty else { return nil }
        for condition in on { guard case .comparison(.equal, _, _) = condition else { return nil } }
        guard
            let result = lowered(
                kind, right, on, reading: on.columnSet.intersection(node.columns(registry)), into: node)
        else { return nil }
        fired.insert("PushDownSemiJoins")
        return result
    }

    private func lowered(
        _ kind: JoinKind, _ right: LogicalNode, _ on: [BoundExpression], reading columns: ColumnSet,
        into node: LogicalNode
    ) -> LogicalNode? {
        switch node {
        case .innerJoin(var inputs, let own):
            guard let index = inputs.firstIndex(where: { columns.isSubset(of: $0.columns(registry)) }) else {
                return nil
            }
            inputs[index] =
                lowered(kind, right, on, reading: columns, into: inputs[index])
                ?? .join(kind, inputs[index], right, on: on)
            return .innerJoin(inputs, on: own)
        case .filter(let conjuncts, let input):
            return lowered(kind, right, on, reading: columns, into: input).map { .filter(conjuncts, $0) }
        case .join(let outer, let left, let inner, let own) where outer != .full:
            guard columns.isSubset(of: left.columns(registry)) else { return nil }
            return lowered(kind, right, on, reading: columns, into: left).map { .join(outer, $0, inner, on: own) }
        default: return nil
        }
    }
}
