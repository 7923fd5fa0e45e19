/// What `slices` slices made of a query that takes `alone` on one.
package struct SpeedUp: Hashable, Sendable {
    package var slices: Int
    /// Time on one slice over time on `slices`.
    package var value: Double

    package init(slices: Int, value: Double) {
        precondition(slices >= 1 && value > 0, "a speed-up of \(value) on \(slices) slices")
        self.slices = slices
        self.value = value
    }

    /// Speed-up per slice: 1 is ideal.
    package var efficiency: Double { value / Double(slices) }

    /// The share of the work that would have to be serial to explain the speed-up by Amdahl's law alone. If it grows
    /// with the number of slices, the loss is overhead of the parallel parts, not serial code. Negative above the
    /// ideal; nil on one slice.
    /// - Source: Karp, Flatt, "Measuring Parallel Processor Performance", CACM 33(5), 1990.
    package var serialShare: Double? {
        guard slices > 1 else { return nil }
        let n = Double(slices)
        return (1 / value - 1 / n) / (1 - 1 / n)
    }
}

/// The configuration that outperforms a single thread.
/// - Source: McSherry, Isard, Murray, "Scalability! But at what COST?", HotOS 2015.
package enum COST: Hashable, Sendable {
    /// The fewest slices measured whose median is below the single thread's.
    case slices(Int)
    /// None of those measured is: the COST is unbounded, as far as this run can tell.
    case unbounded(measured: Int)

    /// - Parameters:
    ///   - medians: number of slices and median time, in any order.
    ///   - single: median time of the single thread.
    /// - Returns: nil if nothing was measured.
    package static func of(_ medians: [(slices: Int, time: Double)], against single: Double) -> COST? {
        guard let most = medians.map(\.slices).max() else { return nil }
        let winners = medians.filter { $0.time < single }.map(\.slices)
        return winners.min().map { .slices($0) } ?? .unbounded(measured: most)
    }
}

/// How evenly one step's work lies on the slices.
package struct Balance: Hashable, Sendable {
    /// Greatest over mean: 1 is even, the number of slices is all on one. Nothing to do at all counts as even.
    package var maxOverMean: Double
    /// The speed-up that this balance allows at best: the slowest slice sets the pace.
    package var ceiling: Double

    /// - Parameter work: of each slice, also those that had none.
    package init(_ work: [Double]) {
        precondition(!work.isEmpty, "the balance of no slices")
        let sum = work.reduce(0, +)
        let most = work.max() ?? 0
        maxOverMean = sum > 0 ? most * Double(work.count) / sum : 1
        ceiling = Double(work.count) / maxOverMean
    }
}
