/// How one figure lies on the slices that took part.
package struct SliceSpread: Hashable, Sendable {
    package struct Place: Hashable, Sendable {
        package var node: Int
        package var slice: Int

        package init(node: Int, slice: Int) {
            self.node = node
            self.slice = slice
        }

        /// `node 1 slice 3`.
        package var text: String { "node \(node) slice \(slice)" }
    }

    /// By slice, ascending; never empty.
    package let values: [(place: Place, value: Int64)]
    package let total: Int64
    package let minimum: Int64
    package let maximum: Int64
    /// The slice with the most; of equals the first.
    package let greatest: Place

    /// - Parameter values: by slice, ascending; nil comes of none.
    package init?(_ values: [(place: Place, value: Int64)]) {
        guard var most = values.first else { return nil }
        var (total, least) = (Int64(0), most.value)
        for entry in values {
            total += entry.value
            least = min(least, entry.value)
            if entry.value > most.value { most = entry }
        }
        self.values = values
        self.total = total
        minimum = least
        maximum = most.value
        greatest = most.place
    }

    package var mean: Double { Double(total) / Double(values.count) }

    /// The greatest value to the mean: 1 where all slices had the same; nil where all had nothing.
    package var imbalance: Double? { total > 0 ? Double(maximum) / mean : nil }

    package static func == (left: SliceSpread, right: SliceSpread) -> Bool {
        left.values.elementsEqual(right.values) { $0.place == $1.place && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for entry in values {
            hasher.combine(entry.place)
            hasher.combine(entry.value)
        }
    }
}
