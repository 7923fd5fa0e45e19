import SQLTypes

/// Times of one query in one configuration: `openings[o][r]`, the opening of the cluster (or the process) and the round
/// in it. Runs within an opening share the places that memory got and the plans that were made, so that they vary less
/// than runs of different openings; a resampling that ignores it promises too narrow an interval.
package struct RepeatedRuns: Hashable, Sendable {
    package let openings: [[Double]]

    /// - Parameter openings: at least one, none empty.
    package init(_ openings: [[Double]]) {
        precondition(!openings.isEmpty && openings.allSatisfy { !$0.isEmpty }, "openings without runs")
        self.openings = openings
    }

    package var all: Sample { Sample(openings.flatMap(\.self)) }

    package var median: Double { all.median }
}

/// Ratios of medians, with intervals by the two-stage bootstrap: openings are drawn with replacement, then rounds
/// within each, `resamples` times; the interval is between the percentiles. The seed makes a report say the same each
/// time.
/// - Source: Davison, Hinkley, "Bootstrap Methods and their Application", 1997, sections 2.4 and 3.8; Kalibera, Jones,
///   "Rigorous Benchmarking in Reasonable Time", ISMM 2013, for resampling at each level of repetition.
package struct Bootstrap: Sendable {
    package var resamples = 1_000
    package var level = 0.95
    package var seed: UInt64 = 1

    package init(resamples: Int = 1_000, level: Double = 0.95, seed: UInt64 = 1) {
        precondition(resamples >= 1 && level > 0 && level < 1, "\(resamples) resamples at \(level)")
        self.resamples = resamples
        self.level = level
        self.seed = seed
    }

    /// median(numerator) / median(denominator) of runs that were measured in the same rounds: both are drawn together,
    /// so that what slowed a whole round down cancels out. Where their numbers of runs differ they are drawn apart.
    package func pairedRatio(_ numerator: RepeatedRuns, _ denominator: RepeatedRuns) -> Ratio {
        let areAligned = numerator.openings.map(\.count) == denominator.openings.map(\.count)
        guard areAligned else { return ratio(numerator, denominator) }
        var random = SplitMix64(seed: seed)
        let draws = (0..<resamples).map { _ in
            let picks = Picks(numerator, &random)
            return picks.median(of: numerator) / picks.median(of: denominator)
        }
        return Ratio(numerator.median / denominator.median, draws, level)
    }

    /// The same of runs that have nothing in common, such as those of two reports.
    package func ratio(_ numerator: RepeatedRuns, _ denominator: RepeatedRuns) -> Ratio {
        var random = SplitMix64(seed: seed)
        let draws = (0..<resamples).map { _ in
            Picks(numerator, &random).median(of: numerator) / Picks(denominator, &random).median(of: denominator)
        }
        return Ratio(numerator.median / denominator.median, draws, level)
    }

    /// The geometric mean of ratios that vary independently of each other, from the draws of each; nil of none.
    package func geometricMean(of ratios: [Ratio]) -> Ratio? {
        guard let value = Benchmarking.geometricMean(ratios.map(\.value)) else { return nil }
        let draws = (0..<resamples).compactMap { draw in Benchmarking.geometricMean(ratios.map { $0.draws[draw] }) }
        return Ratio(value, draws, level)
    }
}

/// A ratio and how sure it is.
package struct Ratio: Hashable, Sendable {
    package var value: Double
    package var interval: Interval
    /// One for each resample, in the order of the draws.
    var draws: [Double]

    init(_ value: Double, _ draws: [Double], _ level: Double) {
        self.value = value
        self.draws = draws
        interval = Ratio.interval(of: draws, level)
    }

    /// Of another level than that of the bootstrap: a stricter one where many ratios are looked at together.
    package func interval(level: Double) -> Interval { Ratio.interval(of: draws, level) }

    private static func interval(of draws: [Double], _ level: Double) -> Interval {
        let sample = Sample(draws)
        return Interval(
            low: sample.quantile((1 - level) / 2), high: sample.quantile((1 + level) / 2), level: level)
    }
}

/// Which runs one resample takes.
private struct Picks {
    private var places: [(opening: Int, run: Int)] = []

    init(_ runs: RepeatedRuns, _ random: inout SplitMix64) {
        for _ in runs.openings.indices {
            let opening = random.below(runs.openings.count)
            let count = runs.openings[opening].count
            for _ in 0..<count { places.append((opening, random.below(count))) }
        }
    }

    func median(of runs: RepeatedRuns) -> Double {
        Sample(places.map { runs.openings[$0.opening][$0.run] }).median
    }
}
