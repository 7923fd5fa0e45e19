import ClusterRuntime

/// Where the rows are in which a column has one value, and why there. Printed, it tells the whole way from the value to the
/// slice, and what a scan read and skipped to find the rows.
public struct KeyLocation: Sendable {
    private let location: ClusterRuntime.KeyLocation

    init(_ location: ClusterRuntime.KeyLocation) { self.location = location }

    /// The distribution hash of the value; nil: the column is not the table's distribution key, so that its value does not
    /// decide where a row lives.
    public var hash: UInt64? { location.hash }
    /// The hash's upper 16 bits: the entry of the routing table that names the slice; nil as for `hash`.
    public var routingEntry: Int? { location.routingEntry }
    /// Through the whole cluster, from 0; nil as for `hash`.
    public var slice: Int? { location.slice }
    /// The compute node, from 0; nil as for `hash`.
    public var node: Int? { location.node }
    /// Rows with the value that each slice found, by slice. Of an ALL table one copy is looked at.
    public var rowsPerSlice: [Int64] { location.findings.map(\.rows) }
    /// Blocks that the scan read, all slices together.
    public var blocksRead: Int64 { location.findings.reduce(0) { $0 + $1.blocksRead } }
    /// Blocks that zone maps spared it, all slices together.
    public var blocksSkipped: Int64 { location.findings.reduce(0) { $0 + $1.blocksSkipped } }
    /// The number of the query that looked, as system tables have it.
    public var query: Int64 { location.query }
}

extension KeyLocation: CustomStringConvertible {
    /// What `blueshift where` prints.
    public var description: String { location.lines.joined(separator: "\n") }
}
