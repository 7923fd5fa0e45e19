import QueryPlan
import SQLTypes

/// The inputs of one inner join and what connects them.
struct JoinGraph {
    /// `outer = inner` in the end; either side is an expression over one set of inputs.
    struct Edge {
        var left: BoundExpression
        var right: BoundExpression
        /// Inputs, as bits.
        var leftInputs: UInt64
        var rightInputs: UInt64
        /// Follows from other edges: not counted in widths or selectivity.
        var isInferred: Bool
    }
    /// An edge as seen from a set of inputs that has one of its ends.
    struct TurnedEdge {
        /// Position in `edges`.
        var edge: Int
        /// The outer end is the edge's right one.
        var isTurned: Bool
        var outer: BoundExpression
        var inner: BoundExpression
    }
    /// Any other condition.
    struct Condition {
        var expression: BoundExpression
        var inputs: UInt64
        var selectivity: Double
    }

    var inputs: [PhysicalNode] = []
    var edges: [Edge] = []
    var conditions: [Condition] = []
    /// For each input, those with which an edge connects it.
    var neighbours: [UInt64] = []

    init(
        _ inputs: [PhysicalNode], _ on: [BoundExpression], equivalences: EquivalenceClasses, estimator: Estimator
    ) {
        self.inputs = inputs
        neighbours = Array(repeating: 0, count: inputs.count)
        for condition in on {
            let own = mask(condition.columnSet)
            if case .comparison(.equal, let left, let right) = condition {
                let (a, b) = (mask(left.columnSet), mask(right.columnSet))
                if a != 0, b != 0, a & b == 0 {
                    edges.append(Edge(left: left, right: right, leftInputs: a, rightInputs: b, isInferred: false))
                    continue
                }
            }
            conditions.append(
                Condition(expression: condition, inputs: own, selectivity: estimator.selectivity(condition)))
        }
        addInferredEdges(equivalences)
        for edge in edges {
            for input in inputs.indices {
                if edge.leftInputs & (1 << UInt64(input)) != 0 { neighbours[input] |= edge.rightInputs }
                if edge.rightInputs & (1 << UInt64(input)) != 0 { neighbours[input] |= edge.leftInputs }
            }
        }
    }

    func mask(_ columns: ColumnSet) -> UInt64 {
        var result: UInt64 = 0
        for (index, input) in inputs.enumerated() where !columns.isDisjoint(with: input.columns) {
            result |= 1 << UInt64(index)
        }
        return result
    }

    /// `a = c` of `a = b` and `b = c`.
    private mutating func addInferredEdges(_ equivalences: EquivalenceClasses) {
        var members: [BoundExpression] = []
        var known: Set<[Int]> = []
        for edge in edges {
            guard case .column(let a, let left) = edge.left, case .column(let b, let right) = edge.right,
                left.collocates(with: right)
            else { continue }
            known.insert([min(a, b), max(a, b)])
            for member in [edge.left, edge.right] where !members.contains(member) { members.append(member) }
        }
        for first in members.indices {
            for second in members.indices where second > first {
                guard case .column(let a, _) = members[first], case .column(let b, _) = members[second],
                    equivalences.areEqual(a, b), !known.contains([min(a, b), max(a, b)])
                else { continue }
                let (x, y) = (mask(members[first].columnSet), mask(members[second].columnSet))
                if x & y != 0 { continue }
                edges.append(
                    Edge(left: members[first], right: members[second], leftInputs: x, rightInputs: y, isInferred: true))
            }
        }
    }

    /// Edges with one end in each set, turned so that `outer` is in the first; of edges that say the same, one.
    func edges(between outer: UInt64, and inner: UInt64, _ equivalences: EquivalenceClasses) -> [TurnedEdge] {
        var result: [TurnedEdge] = []
        var classes: [Int] = []
        for (position, edge) in edges.enumerated() {
            let isTurned: Bool
            if edge.leftInputs & ~outer == 0, edge.rightInputs & ~inner == 0 {
                isTurned = false
            } else if edge.rightInputs & ~outer == 0, edge.leftInputs & ~inner == 0 {
                isTurned = true
            } else {
                continue
            }
            let (first, second) = isTurned ? (edge.right, edge.left) : (edge.left, edge.right)
            if case .column(let column, let a) = first, case .column(_, let b) = second, a.collocates(with: b) {
                let name = equivalences.representative(column)
                if classes.contains(name) { continue }
                classes.append(name)
            }
            result.append(TurnedEdge(edge: position, isTurned: isTurned, outer: first, inner: second))
        }
        return result
    }
}
