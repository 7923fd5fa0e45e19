import Catalog

/// Where a slice's files lie: in the directory of its node, and, on a cluster of two nodes or more, as mirrors in
/// another node's.
///
///     nodes/<node>/<slice>.<table>.<file>.dat
///     nodes/<other>/<slice>.<table>.<file>.mirror      the same bytes
///
/// The mirrors of one node's slices are spread over all others, so that a lost node is rebuilt from all of them.
struct SlicePlace: Hashable, Sendable {
    let slice: Int
    let node: Int
    /// nil: nothing is mirrored.
    let mirrorNode: Int?

    init(slice: Int, shape: ClusterShape, isMirrored: Bool) {
        self.slice = slice
        node = shape.node(ofSlice: slice)
        let others = shape.nodes - 1
        let local = slice - shape.slices(ofNode: node).lowerBound
        mirrorNode = isMirrored && others > 0 ? (node + 1 + local % others) % shape.nodes : nil
    }

    static let root = "nodes"
    static func directory(ofNode node: Int) -> String { "\(root)/\(node)" }

    /// Whether a name in a node's directory is one that a slice's file can have, or has while it is rebuilt.
    static func isDataName(_ name: String) -> Bool {
        name.hasSuffix(".dat") || name.hasSuffix(".mirror") || name.hasSuffix(".new")
    }

    var directory: String { SlicePlace.directory(ofNode: node) }
    var mirrorDirectory: String? { mirrorNode.map(SlicePlace.directory(ofNode:)) }

    func path(_ table: TableID, _ file: Int32) -> String { "\(directory)/\(slice).\(table.rawValue).\(file).dat" }

    func mirrorPath(_ table: TableID, _ file: Int32) -> String? {
        mirrorDirectory.map { "\($0)/\(slice).\(table.rawValue).\(file).mirror" }
    }
}
