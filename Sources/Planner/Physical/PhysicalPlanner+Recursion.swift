import QueryPlan
import SQLTypes

extension PhysicalPlanner {
    /// A recursive WITH query; nil for any other.
    ///
    /// The rows of a round lie where the recursive part has left them: the next round reads them there, and makes no use of
    /// how they are distributed.
    func planRecursion(_ number: Int) throws(SQLError) -> PhysicalNode? {
        guard let work = registry.recursions[number] else { return nil }
        guard case .union(let inputs, let columns) = registry.sharedQueries[number].root, inputs.count == 2 else {
            throw SQLError.internalError("a recursive query that is no union of two")
        }
        let seed = readOnce(try plan(inputs[0].node, ColumnSet(inputs[0].columns)))
        let placement: Placement = isLeaderOnly ? .leader : .arbitrary
        sharedNodes[work] = PhysicalNode(
            .workTable, [], columns: ColumnSet(registry.sharedQueries[work].output.map(\.column)), rows: seed.rows,
            width: seed.width, cost: Cost(startup: 0, total: CostModel.tuple * seed.rows), placement: placement)
        let step = readOnce(try plan(inputs[1].node, ColumnSet(inputs[1].columns)))
        // PostgreSQL's guess of ten rounds.
        let rounds = 10.0
        return PhysicalNode(
            .recursion(work: work, columns: columns, inputs: inputs.map(\.columns)), [seed, step],
            columns: ColumnSet(columns), rows: Estimator.clamped(seed.rows + rounds * step.rows), width: seed.width,
            cost: Cost(startup: seed.cost.startup, total: seed.cost.total + rounds * step.cost.total),
            placement: placement)
    }
}
