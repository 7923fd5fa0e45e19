package import Catalog

/// Which slice parses which files, or ranges of large ones. They are dealt like cards, irrespective of size, so that eight equal files keep
/// eight slices busy and one big gzip file keeps one; a load takes ⌈files / slices⌉ rounds. The slice that parses a
/// record is not the one that keeps it.
/// - Source: Redshift developer guide, "Loading data from compressed and uncompressed files".
package struct CopyAssignment: Hashable, Sendable {
    /// Index: slice number in the cluster.
    package var parts: [[FilePart]]

    /// Deals in the parts' order to the first slice of each node, then to the second of each, and so on: few files
    /// still use all nodes.
    package init(dealing parts: [FilePart], to shape: ClusterShape) {
        var hands = [[FilePart]](repeating: [], count: shape.slices)
        for (index, part) in parts.enumerated() {
            let place = index % shape.slices
            let slice = (place % shape.nodes) * shape.slicesPerNode + place / shape.nodes
            hands[slice].append(part)
        }
        self.parts = hands
    }

    /// A range counts as a file.
    package var fileCount: Int { parts.reduce(0) { $0 + $1.count } }
    package var storedBytes: Int { parts.joined().reduce(0) { $0 + $1.bytes.count } }
}
