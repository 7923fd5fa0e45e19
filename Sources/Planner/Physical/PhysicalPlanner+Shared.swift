import QueryPlan
import SQLTypes

extension PhysicalPlanner {
    /// The query itself is planned, and paid for, at its first use.
    func planShared(_ use: SharedUse, _ needed: ColumnSet) throws(SQLError) -> PhysicalNode {
        let isFirst = sharedNodes[use.number] == nil
        let child: PhysicalNode
        if let known = sharedNodes[use.number] {
            child = known
        } else {
            if let recursion = try planRecursion(use.number) {
                child = recursion
            } else {
                child = readOnce(try plan(registry.sharedQueries[use.number].root, ColumnSet(use.sources)))
            }
            sharedNodes[use.number] = child
        }
        let own = CostModel.tuple * child.rows
        let cost =
            isFirst
            ? Cost(startup: child.cost.total, total: child.cost.total + own) : Cost(startup: 0, total: own)
        var placement = child.placement
        if case .hashed(let keys) = placement {
            let names = keys.compactMap { key in
                use.sources.firstIndex { equivalences.areEqual($0, key) }.map { use.columns[$0] }
            }
            placement = names.count == keys.count ? .hashed(names) : .arbitrary
        }
        let columns = ColumnSet(use.columns)
        return PhysicalNode(
            .sharedScan(use), [child], columns: columns, rows: child.rows,
            width: estimator.width(needed.intersection(columns)), cost: cost, placement: placement)
    }
}
