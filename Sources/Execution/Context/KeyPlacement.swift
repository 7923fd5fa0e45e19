package import Catalog
package import SQLTypes

/// Where rows of a KEY table live whose distribution key has one value, and why: the steps from the value to the slice.
///
///     value ─▶ hash, 64 bits ─▶ its upper 16 bits: routing entry ─▶ slice ─▶ node
package struct KeyPlacement: Hashable, Sendable {
    /// As the column stores it; null has a place, too.
    package let value: SQLValue
    package let type: SQLType
    package let hash: UInt64
    /// 0 ..< 65,536
    package let routingEntry: Int
    /// The entries that lead to the same slice.
    package let sliceEntries: Range<Int>
    package let slice: Int
    package let node: Int

    /// - Parameter value: of the column's type: who has a text casts it first, as a comparison with the column would.
    package init(of value: SQLValue, as type: SQLType, shape: ClusterShape, routing: RoutingTable) {
        self.value = value
        self.type = type
        hash = DistributionHash.hash(value, as: type)
        routingEntry = RoutingTable.entry(ofHash: hash)
        slice = routing.slice(forHash: hash)
        node = shape.node(ofSlice: slice)
        sliceEntries = routing.entries(ofSlice: slice)
    }
}
