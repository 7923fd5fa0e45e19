import Catalog
import QueryPlan
import SQLTypes

/// Which slices hold which rows of a node's output.
enum Placement: Hashable {
    /// By the distribution hash of these columns: a row whose keys are known is on a known slice.
    case hashed([Int])
    /// Each row on one slice, no telling which.
    case arbitrary
    /// Every node has all rows, divided between its slices.
    case replicated
    case oneSlice
    case leader
}

/// One operator of the plan that will run. Moving rows is an operator of its own (`exchange`): the label that EXPLAIN
/// prints for a join is read off the exchanges below it, and so cannot say what the steps do not do.
///
/// A class, because the tree is built bottom up, looked at by three passes and changed by one of them.
final class PhysicalNode {
    enum Operation {
        case scan(relation: Int, filter: [BoundExpression], share: TableScan.Share)
        case virtualScan(relation: Int, filter: [BoundExpression])
        case constants(rows: [[BoundExpression]], columns: [Int])
        case filter([BoundExpression])
        case project([ComputedColumn])
        /// The rows of the relation that row-level security leaves; no step of its own.
        case secured(relation: Int)
        case exchange(Exchange)
        /// Children: outer (probe), inner (build).
        case join(Join)
        case aggregate(LogicalAggregate, Aggregation.Phase, isDistinctClause: Bool)
        case sort([SortColumn], limit: Int64?, isOrderBy: Bool)
        /// `isPartial`: below the limit that counts, to send fewer rows.
        case limit(count: Int64?, offset: Int64, isPartial: Bool)
        case window(LogicalWindow)
        case expand(LogicalExpansion)
        /// Reads what the child, which all uses have in common, has kept.
        case sharedScan(SharedUse)
        /// A recursive WITH query; children: the first part and the recursive part, which reads the shared query `work`.
        case recursion(work: Int, columns: [Int], inputs: [[Int]])
        /// What the round before has made of a recursive WITH query; the child of its `sharedScan`s.
        case workTable
        /// The rows of all children; each has its columns in the order of `columns`.
        case union(columns: [Int], inputs: [[Int]])
        /// Marks the rows of that relation of the table; hands on the columns, or is the end.
        case delete(TableID, relation: Int, columns: [Int])
        /// Values for the IDENTITY columns among the columns, on their way into a table.
        case identity(TableID, [IdentityFill.Column])
        /// To the table's types, all columns in order.
        case insert(TableID, columns: [Int])
    }

    enum Exchange: Hashable {
        case distribute([Int])
        case roundRobin
        case broadcast
        /// To the slice whose number is in the column.
        case bySlice(Int)
        case oneSlice
        /// With keys the leader merges sorted streams.
        case gather([SortColumn])
    }

    struct Join {
        enum Algorithm: Hashable { case hash, merge, nestedLoop }
        var kind: JoinKind
        var algorithm: Algorithm
        /// Columns of the outer and of the inner side, pair by pair; none for a nested loop.
        var keys: [(outer: Int, inner: Int)]
        var residual: [BoundExpression]
    }

    var operation: Operation
    var children: [PhysicalNode]
    /// Everything that can be handed up.
    var columns: ColumnSet
    var rows: Double
    /// Mean bytes of a row, of the columns that are needed above.
    var width: Int
    var cost: Cost
    var placement: Placement
    /// The steps that carry it out; filled by the segment cutter.
    var steps: [StepReference] = []
    /// Of a join: those that build its table.
    var buildSteps: [StepReference] = []

    init(
        _ operation: Operation, _ children: [PhysicalNode], columns: ColumnSet, rows: Double, width: Int, cost: Cost,
        placement: Placement
    ) {
        self.operation = operation
        self.children = children
        self.columns = columns
        self.rows = rows
        self.width = width
        self.cost = cost
        self.placement = placement
    }

    /// The rows are those of tables that every node has, whether each node reads its copy or one does.
    private var isCopy: Bool {
        switch operation {
        case .scan(_, _, let share): share != .ownPartition
        case .filter, .project, .join, .secured: children[0].isCopy
        default: false
        }
    }

    /// What the join moves, read off the exchanges that stand below it.
    var label: DistributionLabel? {
        guard case .join = operation else { return nil }
        let (outer, inner) = (children[0], children[1])
        if case .exchange(.broadcast) = inner.operation { return .broadcastInner }
        if case .exchange(.oneSlice) = inner.operation { return .allInner }
        var (movesOuter, movesInner) = (false, false)
        if case .exchange(.distribute) = outer.operation { movesOuter = true }
        if case .exchange(.distribute) = inner.operation { movesInner = true }
        switch (movesOuter, movesInner) {
        case (true, true): return .both
        case (true, false): return .outer
        case (false, true): return .inner
        case (false, false):
            return inner.placement == .replicated && !outer.isCopy ? .allNone : DistributionLabel.none
        }
    }
}
