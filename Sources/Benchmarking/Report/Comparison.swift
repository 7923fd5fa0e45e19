/// A report against an older one of the same workload: is anything slower, beyond what the runs vary by themselves?
package struct Comparison: Sendable {
    package struct Line: Sendable {
        package var query: String
        package var configuration: String
        package var oldMedian: Double
        package var newMedian: Double
        /// New time over old: above 1 is slower.
        package var ratio: Ratio
        /// Of the level at which all lines together are wrong as seldom as one interval is (Bonferroni's correction).
        package var strictInterval: Interval
        package var verdict: Verdict
    }

    package struct Mean: Sendable {
        package var configuration: String
        package var ratio: Ratio
        package var verdict: Verdict
        package var queryCount: Int
        /// A peer is the same program in both runs: its ratio tells how the machine has changed.
        package var isPeer: Bool
    }

    package enum Verdict: String, Sendable {
        case faster, slower
        /// The interval holds 1.
        case same = "no difference seen"
        /// Slower beyond doubt, but by less than the tolerance.
        case tolerated = "slower within tolerance"
    }

    package let lines: [Line]
    package let means: [Mean]
    /// What makes the two runs less alike than they should be.
    package let warnings: [String]
    /// Ratios up to 1 + this do not count as worse.
    package let tolerance: Double

    /// Worse beyond the interval: the geometric mean of a configuration of ours, or a single query.
    package var isWorse: Bool {
        means.contains { !$0.isPeer && $0.verdict == .slower }
            || lines.contains { $0.verdict == .slower && !isPeer($0) }
    }

    private func isPeer(_ line: Line) -> Bool {
        means.contains { $0.configuration == line.configuration && $0.isPeer }
    }

    /// - Throws: that the reports are not of the same workload and data, or have nothing in common.
    package init(
        new: BenchmarkReport, old: BenchmarkReport, tolerance: Double = 0.05,
        bootstrap: Bootstrap = Bootstrap(resamples: 4_000)
    ) throws(BenchmarkError) {
        guard new.data.workload == old.data.workload, new.data.scale == old.data.scale, new.data.seed == old.data.seed,
            new.data.version == old.data.version
        else {
            throw BenchmarkError(
                "the reports are of different data: \(Comparison.title(new.data)) and \(Comparison.title(old.data))")
        }
        self.tolerance = tolerance
        var pairs: [(new: BenchmarkReport.Measurement, old: BenchmarkReport.Measurement)] = []
        for measurement in new.measurements {
            guard let other = old.measurement(measurement.query, measurement.configuration) else { continue }
            pairs.append((measurement, other))
        }
        let level = 1 - (1 - bootstrap.level) / Double(max(1, pairs.count))
        lines = pairs.compactMap { new, old -> Line? in
            guard let newTimes = new.times, let oldTimes = old.times else { return nil }
            let ratio = bootstrap.ratio(newTimes, oldTimes)
            let strict = ratio.interval(level: level)
            return Line(
                query: new.query, configuration: new.configuration, oldMedian: oldTimes.median,
                newMedian: newTimes.median, ratio: ratio, strictInterval: strict,
                verdict: Comparison.verdict(strict, tolerance))
        }
        guard !lines.isEmpty else { throw BenchmarkError("the reports have no query and configuration in common") }
        let found = lines
        means = new.configurations.compactMap { configuration in
            let ratios = found.filter { $0.configuration == configuration.name }.map(\.ratio)
            guard let mean = bootstrap.geometricMean(of: ratios) else { return nil }
            return Mean(
                configuration: configuration.name, ratio: mean,
                verdict: Comparison.verdict(mean.interval, configuration.isCluster ? tolerance : 0),
                queryCount: ratios.count, isPeer: !configuration.isCluster)
        }
        warnings = Comparison.differences(new, old) + Comparison.answers(pairs) + Comparison.control(means)
    }

    private static func verdict(_ interval: Interval, _ tolerance: Double) -> Verdict {
        if interval.high < 1 { return .faster }
        if interval.low <= 1 { return .same }
        return interval.low > 1 + tolerance ? .slower : .tolerated
    }

    private static func title(_ data: BenchmarkReport.DataFacts) -> String {
        var title = data.workload
        if let scale = data.scale { title += " at scale \(scaleText(scale))" }
        if let seed = data.seed { title += ", seed \(seed)" }
        if let version = data.version { title += ", generator \(version)" }
        return title
    }

    private static func differences(_ new: BenchmarkReport, _ old: BenchmarkReport) -> [String] {
        var texts: [String] = []
        func compare(_ what: String, _ new: String, _ old: String) {
            if new != old { texts.append("\(what) differs: \(new) now, \(old) then") }
        }
        compare("the processor", new.host.cpu, old.host.cpu)
        compare("the number of cores", "\(new.host.cores)", "\(old.host.cores)")
        compare("the kernel", new.host.kernel, old.host.kernel)
        compare("the governor", new.host.governor ?? "unknown", old.host.governor ?? "unknown")
        compare("the build", new.host.isDebugBuild ? "debug" : "release", old.host.isDebugBuild ? "debug" : "release")
        compare(
            "where the tables are", new.settings.isInMemory ? "memory" : "disk",
            old.settings.isInMemory ? "memory" : "disk")
        compare("the source of the data", new.data.source, old.data.source)
        for report in [new, old] {
            texts += report.warnings.filter { $0.hasPrefix("the machine was busy") }.map {
                "\(report.started): \($0)"
            }
        }
        return texts
    }

    private static func answers(
        _ pairs: [(new: BenchmarkReport.Measurement, old: BenchmarkReport.Measurement)]
    ) -> [String] {
        var names: [String] = []
        for (new, old) in pairs {
            if let mine = new.checksum, let other = old.checksum, !mine.agrees(with: other), !names.contains(new.query)
            {
                names.append(new.query)
            }
        }
        return names.isEmpty
            ? [] : ["the answers differ from those of the older report: \(names.joined(separator: ", "))"]
    }

    private static func control(_ means: [Mean]) -> [String] {
        means.filter { $0.isPeer && $0.verdict != .same }.map {
            "the peer \($0.configuration), the same program in both runs, is \($0.verdict.rawValue) by a factor of "
                + "\(rounded($0.ratio.value, 3)): the machine has changed, and our ratios with it"
        }
    }
}
