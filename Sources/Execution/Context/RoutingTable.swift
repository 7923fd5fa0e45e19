package import Catalog

/// Which slice a distribution hash belongs to: one entry for each value of the hash's upper 16 bits. It says where rows
/// go, and is nothing that is stored by; the same table serves `dist` steps, COPY and INSERT, so that equal keys meet.
package struct RoutingTable: Hashable, Sendable {
    package static let entryCount = 65_536

    /// Slice numbers, by `hash >> 48`.
    package let slices: [UInt16]
    package let sliceCount: Int

    /// Equal, adjoining ranges: slice s of n owns entries s·65,536/n up to (s+1)·65,536/n.
    package init(_ shape: ClusterShape) {
        precondition(shape.slices <= RoutingTable.entryCount, "\(shape.slices) slices, more than routing entries")
        sliceCount = shape.slices
        slices = (0..<RoutingTable.entryCount).map { UInt16($0 * shape.slices / RoutingTable.entryCount) }
    }

    package func slice(forHash hash: UInt64) -> Int { Int(slices[RoutingTable.entry(ofHash: hash)]) }

    package static func entry(ofHash hash: UInt64) -> Int { Int(hash >> 48) }

    /// The adjoining entries that lead to the slice. - Complexity: O(log entries)
    package func entries(ofSlice slice: Int) -> Range<Int> {
        func first(_ slice: Int) -> Int {
            var (lower, upper) = (0, slices.count)
            while lower < upper {
                let middle = (lower + upper) / 2
                if Int(slices[middle]) < slice { lower = middle + 1 } else { upper = middle }
            }
            return lower
        }
        return first(slice)..<first(slice + 1)
    }
}
