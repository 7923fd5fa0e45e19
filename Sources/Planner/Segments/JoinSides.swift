import QueryPlan

/// How a hash join is carried out, whatever EXPLAIN calls outer and inner: whose rows make the table, and whose probe it.
///
/// A table of the inner side it is, but for a semi or anti join of few outer rows with many inner ones: there the outer
/// rows are kept, and marked by the inner rows that match them. That needs all inner rows of a key on the slice that has
/// the outer rows, so neither side may be replicated.
struct JoinSides {
    /// An outer side with fewer rows than this part of the inner side is built.
    private static let share = 0.5

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
            outer.rows < inner.rows * Self.share
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

    /// The rows that go on are those of the build side.
    var marksBuild: Bool { kind == .buildSemi || kind == .buildAnti }

    /// Columns of the side that are handed on.
    var showsProbe: Bool { !marksBuild }
    var showsBuild: Bool { kind != .semi && kind != .anti && kind != .nullAwareAnti }

    var isReplicated: Bool { build.placement == .replicated }
}
