/// What a query is timed on: a shape of cluster, or a peer.
package struct BenchmarkConfiguration: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable { case cluster, peer }

    /// `1x2`, or `duckdb-1` for DuckDB on one thread.
    package var name: String
    package var kind: Kind
    /// Compute nodes; 0 of a peer.
    package var nodes: Int
    package var slicesPerNode: Int
    /// Slices of the whole cluster; threads of a peer.
    package var slices: Int
    /// Slices that may compute at one time.
    package var concurrentSlices: Int
    /// Seconds that loading took in this run; nil if the data was there.
    package var loadSeconds: Double?

    package init(nodes: Int, slicesPerNode: Int, cores: Int) {
        name = "\(nodes)x\(slicesPerNode)"
        kind = .cluster
        self.nodes = nodes
        self.slicesPerNode = slicesPerNode
        slices = nodes * slicesPerNode
        concurrentSlices = min(cores, slices)
    }

    package init(peer: String, threads: Int) {
        name = "\(peer)-\(threads)"
        kind = .peer
        nodes = 0
        slicesPerNode = 0
        slices = threads
        concurrentSlices = threads
    }

    package var isCluster: Bool { kind == .cluster }

    /// `1 node × 2 slices`, `DuckDB, 1 thread`.
    package var title: String {
        isCluster
            ? "\(nodes) node\(nodes == 1 ? "" : "s") × \(slicesPerNode) slice\(slicesPerNode == 1 ? "" : "s")"
            : "DuckDB, \(slices) thread\(slices == 1 ? "" : "s")"
    }
}

/// `1x2`: nodes and slices on each.
package struct BenchmarkShape: Hashable, Sendable {
    package var nodes: Int
    package var slicesPerNode: Int
    package var slices: Int { nodes * slicesPerNode }

    package init(nodes: Int, slicesPerNode: Int) {
        self.nodes = nodes
        self.slicesPerNode = slicesPerNode
    }

    /// `2x4`, `2×4`; nil if it is neither, or has more than 1,024 slices.
    package init?(_ text: String) {
        let parts = text.lowercased().split(separator: text.contains("×") ? "×" : "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let nodes = Int(parts[0]), let slices = Int(parts[1]), nodes >= 1, slices >= 1,
            nodes <= 128, slices <= 1_024, nodes * slices <= 1_024
        else { return nil }
        self.init(nodes: nodes, slicesPerNode: slices)
    }
}
