/// Queries in the order of a figure such as their speed-up, as far as the measurements tell them apart.
package struct Ordering: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var value: Double
        package var interval: Interval
        /// The figure from each opening of the clusters alone.
        package var byOpening: [Double]

        package init(name: String, value: Double, interval: Interval, byOpening: [Double]) {
            self.name = name
            self.value = value
            self.interval = interval
            self.byOpening = byOpening
        }
    }

    /// Greatest value first; equal values by name.
    package var entries: [Entry]

    package init(_ entries: [Entry]) {
        self.entries = entries.sorted { ($1.value, $0.name) < ($0.value, $1.name) }
    }

    /// Whether `first` is greater beyond doubt: their intervals do not overlap, and each opening of the clusters by
    /// itself says the same.
    package static func isAbove(_ first: Entry, _ second: Entry) -> Bool {
        first.interval.low > second.interval.high
            && zip(first.byOpening, second.byOpening).allSatisfy { $0 > $1 }
    }

    /// The pairs (greater, smaller) that are told apart, by name.
    package var separated: [Pair] {
        var pairs: [Pair] = []
        for (place, first) in entries.enumerated() {
            for second in entries[(place + 1)...] where Ordering.isAbove(first, second) {
                pairs.append(Pair(above: first.name, below: second.name))
            }
        }
        return pairs
    }

    package struct Pair: Hashable, Sendable {
        package var above: String
        package var below: String
        package init(above: String, below: String) {
            self.above = above
            self.below = below
        }
    }

    /// Entries in tiers: a new tier begins where an entry is below the whole tier before it beyond doubt.
    package var tiers: [[Entry]] {
        var tiers: [[Entry]] = []
        for entry in entries {
            if let last = tiers.last, !last.allSatisfy({ Ordering.isAbove($0, entry) }) {
                tiers[tiers.count - 1].append(entry)
            } else {
                tiers.append([entry])
            }
        }
        return tiers
    }

    /// Pairs that are told apart here and whose values stand the other way round in another ordering of the same
    /// queries, be it beyond doubt or not. Empty: what this one promises, the other keeps.
    package func contradictions(by other: Ordering) -> [Pair] {
        let values = Dictionary(other.entries.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return separated.filter { pair in
            guard let above = values[pair.above], let below = values[pair.below] else { return false }
            return above <= below
        }
    }
}
