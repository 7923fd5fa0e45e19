/// Repeated measurements of one thing, kept in order of size: what is said of them needs no assumption about how they
/// are distributed, because times are not normal (nothing is faster than the machine, much can be slower).
package struct Sample: Hashable, Sendable {
    /// Ascending; never empty.
    package let sorted: [Double]

    /// - Parameter values: at least one, all finite.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty && values.allSatisfy(\.isFinite), "a sample of \(values)")
        sorted = values.sorted()
    }

    package var count: Int { sorted.count }
    package var minimum: Double { sorted[0] }
    package var maximum: Double { sorted[sorted.count - 1] }
    package var median: Double { quantile(0.5) }

    /// Linear between the two values around the place `share` of the way from the first to the last (type 7 of
    /// Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996).
    package func quantile(_ share: Double) -> Double {
        precondition((0...1).contains(share), "quantile \(share)")
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }

    /// Third quartile minus first.
    package var interquartileRange: Double { quantile(0.75) - quantile(0.25) }

    /// Median distance from the median. One slow run in three does not move it.
    package var medianAbsoluteDeviation: Double {
        let middle = median
        return Sample(sorted.map { abs($0 - middle) }).median
    }

    /// MAD as an estimate of a standard deviation, over the median: the spread of a run to a run, as a share.
    package var relativeSpread: Double {
        let middle = median
        // 1 / Φ⁻¹(3/4): what makes the MAD of a normal distribution its standard deviation.
        return middle == 0 ? 0 : 1.4826 * medianAbsoluteDeviation / middle
    }

    /// An interval for the median of the distribution that the values come from, between two of the values themselves:
    /// the narrowest pair, equally far from both ends, that holds it with probability `level`. Where there are too few
    /// values for that, it is the whole range, and `coverage` says how much that is worth: 5 values give 93.75 %.
    /// - Source: David, Nagaraja, "Order Statistics", 2003, section 7.1: the number of values below the median is
    ///   binomial with p = 1/2.
    package func medianInterval(level: Double = 0.95) -> Interval {
        let n = sorted.count
        var outside = power(0.5, Double(n))  // probability of fewer than `rank` values below the median
        var term = outside
        var rank = 1
        while rank < (n + 1) / 2 {
            term *= Double(n - rank + 1) / Double(rank)
            if 1 - 2 * (outside + term) < level { break }
            outside += term
            rank += 1
        }
        return Interval(low: sorted[rank - 1], high: sorted[n - rank], level: max(0, 1 - 2 * outside))
    }
}

/// Where a figure lies, both ends included, with the probability that the method promises.
package struct Interval: Hashable, Sendable, Codable {
    package var low: Double
    package var high: Double
    package var level: Double

    package init(low: Double, high: Double, level: Double) {
        self.low = low
        self.high = high
        self.level = level
    }

    package func overlaps(_ other: Interval) -> Bool { low <= other.high && other.low <= high }
}

/// The mean that suits ratios and times of different sizes; nil of no values, or if one is not positive.
package func geometricMean(_ values: [Double]) -> Double? {
    guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    return exponential(values.reduce(0) { $0 + logarithm($1) } / Double(values.count))
}
