package import VectorEngine

/// Rows on their way into an exchange.
package struct PartitionedBatch: Sendable {
    package enum Destination: Hashable, Sendable {
        /// Rows stand in the order of their destination: `offsets[s] ..< offsets[s + 1]` go to slice s. One more offset
        /// than there are slices in the cluster.
        case slices(offsets: [Int])
        /// Each node gets all rows once.
        case everyNode
        case slice(Int)
        case leader
    }
    package let rows: Batch
    package let destination: Destination
    /// What the rows would take on the wire, once: for credits.
    package let byteCount: Int

    package init(rows: Batch, destination: Destination) {
        self.rows = rows
        self.destination = destination
        byteCount = rows.wireByteCount
    }
}
