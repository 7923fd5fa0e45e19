import QueryPlan
import SQLTypes

extension PhysicalPlanner {
    /// Each input's rows stay on their slices.
    func planUnion(
        _ inputs: [UnionInput], _ columns: [Int], _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        let kept = columns.indices.filter { needed.contains(columns[$0]) }
        var children: [PhysicalNode] = []
        var sources: [[Int]] = []
        for input in inputs {
            let own = kept.map { input.columns[$0] }
            children.append(readOnce(try plan(input.node, ColumnSet(own))))
            sources.append(own)
        }
        let rows = children.reduce(0) { $0 + $1.rows }
        let cost = children.reduce(Cost(startup: 0, total: 0)) {
            Cost(startup: 0, total: $0.total + $1.cost.total + CostModel.tuple * $1.rows)
        }
        let output = kept.map { columns[$0] }
        let placement: Placement
        if isLeaderOnly {
            placement = .leader
        } else {
            placement = children.allSatisfy { $0.placement == .oneSlice } ? .oneSlice : .arbitrary
        }
        return PhysicalNode(
            .union(columns: output, inputs: sources), children, columns: ColumnSet(output), rows: rows,
            width: children.map(\.width).max() ?? 0, cost: cost, placement: placement)
    }
}
