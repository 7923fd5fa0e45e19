import QueryPlan
import SQLTypes

extension PhysicalPlanner {
    /// All rows of a partition come to one slice, sorted; without PARTITION BY all rows do.
    func planWindow(
        _ window: LogicalWindow, _ input: LogicalNode, _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        let used = window.calls.filter { needed.contains($0.column) }
        if used.isEmpty { return try plan(input, needed) }
        var own = window
        own.calls = used
        var below = needed
        for call in window.calls { below.remove(call.column) }
        below.formUnion(own.reads)
        var child = readOnce(try plan(input, below))
        if !isLocal(child.placement, for: window.partition) {
            child = exchange(window.partition.isEmpty ? .oneSlice : .distribute(window.partition), child)
        }
        let keys =
            window.partition.map { SortColumn(column: $0, isDescending: false, nullsFirst: false) } + window.order
        if !keys.isEmpty { child = sort(keys, limit: nil, child) }
        let calls = Double(used.count)
        let total = child.cost.total + CostModel.operation * child.rows * (calls + Double(keys.count))
        return PhysicalNode(
            .window(own), [child], columns: child.columns.union(ColumnSet(used.map(\.column))), rows: child.rows,
            width: child.width, cost: Cost(startup: child.cost.startup, total: total), placement: child.placement)
    }
}
