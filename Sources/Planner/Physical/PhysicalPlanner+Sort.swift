import QueryPlan
import SQLTypes

/// ORDER BY and LIMIT: every slice sorts its own rows, the leader merges; with a limit each slice keeps only that many.
extension PhysicalPlanner {
    func planSort(
        _ keys: [SortColumn], limit: Int64?, _ input: LogicalNode, _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        let child = try plan(input, needed.union(ColumnSet(keys.map(\.column))), isTop: true)
        return merged(keys, limit: limit, child)
    }

    /// Sorted, and on the leader.
    private func merged(_ keys: [SortColumn], limit: Int64?, _ child: PhysicalNode) -> PhysicalNode {
        let sorted = sort(keys, limit: limit, readOnce(child))
        return sorted.placement == .leader ? sorted : exchange(.gather(keys), sorted)
    }

    func sort(_ keys: [SortColumn], limit: Int64?, _ child: PhysicalNode, isOrderBy: Bool = true) -> PhysicalNode {
        let startup =
            child.cost.total + CostModel.sort(rows: child.rows) + (isOrderBy ? CostModel.orderBySurcharge : 0)
        return PhysicalNode(
            .sort(keys, limit: limit, isOrderBy: isOrderBy), [child], columns: child.columns, rows: child.rows,
            width: child.width,
            cost: Cost(startup: startup, total: startup + CostModel.operation * child.rows), placement: child.placement)
    }

    func planLimit(
        _ count: Int64?, _ offset: Int64, _ input: LogicalNode, _ needed: ColumnSet, isTop: Bool
    ) throws(SQLError) -> PhysicalNode {
        // Both are at most 2³¹.
        let first = count.map { $0 + offset }
        if case .sort(let keys, let below) = input {
            if isTop { return limit(try planSort(keys, limit: first, below, needed), count, offset) }
            let child = try plan(below, needed.union(ColumnSet(keys.map(\.column))))
            let sorted = sort(keys, limit: first, readOnce(child))
            if sorted.placement == .oneSlice || sorted.placement == .leader { return limit(sorted, count, offset) }
            return limit(resorted(keys, first, exchange(.oneSlice, sorted)), count, offset)
        }
        let child = readOnce(try plan(input, needed, isTop: isTop))
        if child.placement == .oneSlice || child.placement == .leader { return limit(child, count, offset) }
        let partial = first.map { limit(child, $0, 0, isPartial: true) } ?? child
        return limit(exchange(isTop ? .gather([]) : .oneSlice, partial), count, offset)
    }

    /// The second sort of a top-N that is no query's end; EXPLAIN shows the first.
    private func resorted(_ keys: [SortColumn], _ limit: Int64?, _ child: PhysicalNode) -> PhysicalNode {
        PhysicalNode(
            .sort(keys, limit: limit, isOrderBy: false), [child], columns: child.columns, rows: child.rows,
            width: child.width, cost: child.cost, placement: child.placement)
    }

    private func limit(_ child: PhysicalNode, _ count: Int64?, _ offset: Int64, isPartial: Bool = false) -> PhysicalNode
    {
        let wanted = count.map { Double($0) } ?? max(0, child.rows - Double(offset))
        let rows = min(wanted, child.rows)
        let run = child.cost.total - child.cost.startup
        let share = child.rows > 0 ? min(1, (rows + Double(offset)) / child.rows) : 1
        let skipped = child.rows > 0 ? min(1, Double(offset) / child.rows) : 0
        let cost = Cost(startup: child.cost.startup + run * skipped, total: child.cost.startup + run * share)
        return PhysicalNode(
            .limit(count: count, offset: offset, isPartial: isPartial), [child], columns: child.columns,
            rows: isPartial ? child.rows : Estimator.clamped(rows), width: child.width,
            cost: isPartial ? child.cost : cost, placement: child.placement)
    }
}
