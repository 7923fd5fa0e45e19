package import Catalog

/// Which slice parses which objects. Files are dealt like cards, irrespective of size, so that eight equal files keep
/// eight slices busy and one big gzip file keeps one; a load takes ⌈files / slices⌉ rounds. The slice that parses a
/// record is not the one that keeps it.
/// - Source: Redshift developer guide, "Loading data from compressed and uncompressed files".
package struct CopyAssignment: Hashable, Sendable {
    /// Index: slice number in the cluster.
    package var objects: [[ObjectSummary]]

    /// Deals in the objects' order to the first slice of each node, then to the second of each, and so on: few files
    /// still use all nodes.
    package init(dealing objects: [ObjectSummary], to shape: ClusterShape) {
        var hands = [[ObjectSummary]](repeating: [], count: shape.slices)
        for (index, object) in objects.enumerated() {
            let place = index % shape.slices
            let slice = (place % shape.nodes) * shape.slicesPerNode + place / shape.nodes
            hands[slice].append(object)
        }
        self.objects = hands
    }

    package var fileCount: Int { objects.reduce(0) { $0 + $1.count } }
    package var storedBytes: Int { objects.joined().reduce(0) { $0 + $1.sizeBytes } }
}
