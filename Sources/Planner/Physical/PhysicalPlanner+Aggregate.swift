import QueryPlan
import SQLTypes

/// Aggregation where the rows lie, and what must move for it.
///
///     rows of a group on one slice already     complete
///     GROUP BY                                 partial → distribute on the groups → final
///     no groups                                partial → gather → final on the leader (on one slice in a subquery)
///     DISTINCT calls, LISTAGG, percentiles     distribute on the groups (or to one slice) → complete
///     DISTINCT calls of one argument alone     distinct (groups, argument) → plain calls
extension PhysicalPlanner {
    func planAggregate(
        _ aggregate: LogicalAggregate, _ input: LogicalNode, isTop: Bool
    ) throws(SQLError) -> PhysicalNode {
        if let argument = Self.onlyDistinctArgument(aggregate) {
            return try planDistinctCalls(aggregate, argument, input, isTop: isTop)
        }
        var needed = ColumnSet(aggregate.groups)
        for call in aggregate.calls { needed.formUnion(ColumnSet(call.arguments)) }
        return self.aggregate(aggregate, try plan(input, needed), isTop: isTop, isDistinctClause: false)
    }

    func planDistinct(_ columns: [Int], _ input: LogicalNode) throws(SQLError) -> PhysicalNode {
        let child = try plan(input, ColumnSet(columns))
        return aggregate(
            LogicalAggregate(groups: columns, calls: []), child, isTop: false, isDistinctClause: true)
    }

    /// The argument, if all calls are DISTINCT and of the same one.
    private static func onlyDistinctArgument(_ aggregate: LogicalAggregate) -> Int? {
        guard let first = aggregate.calls.first, first.isDistinct, first.arguments.count == 1,
            aggregate.calls.allSatisfy({
                $0.isDistinct && $0.orderedSet == nil && $0.arguments == first.arguments
            })
        else { return nil }
        return first.arguments[0]
    }

    private func planDistinctCalls(
        _ aggregate: LogicalAggregate, _ argument: Int, _ input: LogicalNode, isTop: Bool
    ) throws(SQLError) -> PhysicalNode {
        let inner = aggregate.groups.contains(argument) ? aggregate.groups : aggregate.groups + [argument]
        let child = try plan(input, ColumnSet(inner))
        let distinct = self.aggregate(
            LogicalAggregate(groups: inner, calls: []), child, isTop: false, isDistinctClause: false,
            distributeOn: aggregate.groups.isEmpty ? [argument] : aggregate.groups)
        var outer = aggregate
        for index in outer.calls.indices { outer.calls[index].isDistinct = false }
        return self.aggregate(outer, distinct, isTop: isTop, isDistinctClause: false)
    }

    /// - Parameter distributeOn: where rows must move, on which of the groups; nil: on all.
    func aggregate(
        _ aggregate: LogicalAggregate, _ input: PhysicalNode, isTop: Bool, isDistinctClause: Bool,
        distributeOn: [Int]? = nil
    ) -> PhysicalNode {
        let groups = aggregate.groups
        let rows = groups.isEmpty ? 1 : estimator.groupCount(groups, rows: input.rows)
        let cost = Self.cost(aggregate, input, groups: rows, isDistinctClause: isDistinctClause)
        var columns = ColumnSet(groups)
        for call in aggregate.calls { columns.insert(call.column) }
        func node(_ phase: Aggregation.Phase, _ child: PhysicalNode, _ placement: Placement) -> PhysicalNode {
            PhysicalNode(
                .aggregate(aggregate, phase, isDistinctClause: isDistinctClause), [child], columns: columns, rows: rows,
                width: input.width, cost: cost, placement: placement)
        }
        let source = readOnce(input)
        if isLocal(source.placement, for: groups) { return node(.complete, source, source.placement) }
        let target: PhysicalNode.Exchange =
            groups.isEmpty ? (isTop ? .gather([]) : .oneSlice) : .distribute(distributeOn ?? groups)
        if aggregate.calls.contains(where: \.needsWholeGroups) {
            let moved = exchange(target, source)
            return node(.complete, moved, moved.placement)
        }
        let moved = exchange(target, node(.partial, source, .arbitrary))
        return node(.final, moved, moved.placement)
    }

    private static func cost(
        _ aggregate: LogicalAggregate, _ input: PhysicalNode, groups: Double, isDistinctClause: Bool
    ) -> Cost {
        let calls = Double(aggregate.calls.count)
        if isDistinctClause {
            let total = input.cost.total + CostModel.operation * input.rows * Double(aggregate.groups.count)
            return Cost(startup: input.cost.startup, total: total)
        }
        let perRow = aggregate.groups.isEmpty ? max(calls, 0) : Double(aggregate.groups.count) + calls
        let startup = input.cost.total + CostModel.operation * input.rows * perRow
        return Cost(startup: startup, total: startup + CostModel.operation * groups * calls)
    }
}
