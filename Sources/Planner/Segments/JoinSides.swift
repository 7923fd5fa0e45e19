import QueryPlan

/// How a hash join is carried out, whatever EXPLAIN calls outer and inner: whose rows make the table, and whose probe it.
///
/// A table of the inner side it is, but for a semi or anti join of few outer rows with many inner ones: there the outer
/// rows are kept, and marked by the inner rows that match them. That needs all inner rows of a key on the slice that has
/// the outer rows, so neither side may be replicated.
struct JoinSides {
    /// The outer side is built if its table takes less than this part of what one of the inner side would.
    private static let share = 0.5
    /// A table of fewer inner rows costs nothing: better that its keys filter what makes the outer rows, however few those
    /// are said to be.
    private static let rowsMinimum = 1_000.0
    /// Of a table, besides the row: hash, place, chain. What a row costs that is kept, whatever its width.
    private static let rowOverhead = 16.0

    let kind: JoinKind
    let probe: PhysicalNode
    let build: PhysicalNode
    let keys: [(probe: Int, build: Int)]

    init(_ join: PhysicalNode.Join, of node: PhysicalNode) {
        let (outer, inner) = (node.children[0], node.children[1])
        let marking: JoinKind? =
            switch join.kind {
            case .semi: .buildSemi
            case .anti: .buildAnti
            default: nil
            }
        if let marking, outer.placement != .replicated, inner.placement != .replicated,
            inner.rows >= Self.rowsMinimum,
            Self.tableSize(outer) < Self.tableSize(inner) * Self.share
        {
            kind = marking
            (probe, build) = (inner, outer)
            keys = join.keys.map { ($0.inner, $0.outer) }
        } else {
            kind = join.kind
            (probe, build) = (outer, inner)
            keys = join.keys.map { ($0.outer, $0.inner) }
        }
    }

    private static func tableSize(_ node: PhysicalNode) -> Double { node.rows * (Double(node.width) + rowOverhead) }

    /// The rows that go on are those of the build side.
    var marksBuild: Bool { kind == .buildSemi || kind == .buildAnti }

    /// Columns of the side that are handed on.
    var showsProbe: Bool { !marksBuild }
    var showsBuild: Bool { kind != .semi && kind != .anti && kind != .nullAwareAnti }

    var isReplicated: Bool { build.placement == .replicated }
}
