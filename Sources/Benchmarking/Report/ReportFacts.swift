/// Sentences and lists that the terminal and the page share.
enum ReportFacts {
    static func title(_ report: BenchmarkReport) -> String {
        var title = ["tpch": "TPC-H", "ssb": "SSB"][report.data.workload] ?? report.data.workload
        if let scale = report.data.scale { title += " at scale \(scaleText(scale))" }
        return title
    }

    /// The configuration that the headline speaks of: the most slices that have cores of their own, or just the fewest.
    static func headline(_ analysis: Analysis) -> Analysis.Summary? {
        let parallel = analysis.summaries.filter { $0.speedUp != nil }.sorted {
            $0.configuration.slices < $1.configuration.slices
        }
        return parallel.last { $0.configuration.slices <= analysis.report.host.cores } ?? parallel.first
    }

    static func lines(_ report: BenchmarkReport) -> [String] {
        facts(report).map { "\($0.name): \($0.value)" }
    }

    static func facts(_ report: BenchmarkReport) -> [(name: String, value: String)] {
        let host = report.host
        let settings = report.settings
        var source = report.data.source
        if let seed = report.data.seed, let version = report.data.version {
            source += ", seed \(seed), generator \(version)"
        }
        var machine = "\(host.cpu), \(host.cores) core\(host.cores == 1 ? "" : "s"), "
        machine += "\(bytesText(host.memoryBytes)) of memory, \(host.kernel)"
        machine += ", governor \(host.governor ?? "not told")"
        if let load = host.loadAverages {
            machine += ", load average \(load.map { rounded($0, 2) }.joined(separator: " ")) at the start"
        }
        var program = "\(host.isDebugBuild ? "DEBUG" : "release") build, Swift \(host.swift)"
        if let commit = host.commit { program += ", commit \(commit)" }
        if let peer = settings.peerVersion { program += "; DuckDB \(peer)" }
        let runs =
            "\(settings.openings) opening\(settings.openings == 1 ? "" : "s") × \(settings.roundsPerOpening) "
            + "round\(settings.roundsPerOpening == 1 ? "" : "s") after \(settings.warmUps) warm-up"
        var storage = settings.isInMemory ? "tables in memory" : "tables on disk"
        if let memory = settings.memoryBytesPerCluster { storage += ", \(bytesText(memory)) of memory per cluster" }
        return [
            ("data", "\(title(report)) (\(source))"), ("machine", machine), ("program", program),
            ("runs", "\(runs), configurations interleaved; \(storage); result cache off"), ("started", report.started),
        ]
    }

    /// A configuration in the plot of speed-up over slices.
    struct SpeedUpPoint {
        var configuration: BenchmarkConfiguration
        var value: Double
        /// nil of the one slice that the others are compared with.
        var interval: Interval?
        var slices: Int { configuration.slices }
    }

    /// One slice and every parallel configuration that has a speed-up, by slices.
    static func speedUpPoints(_ analysis: Analysis) -> [SpeedUpPoint] {
        analysis.summaries.filter(\.configuration.isCluster).compactMap { summary in
            if summary.configuration.slices == 1 {
                return SpeedUpPoint(configuration: summary.configuration, value: 1)
            }
            return summary.speedUp.map {
                SpeedUpPoint(configuration: summary.configuration, value: $0.value, interval: $0.interval)
            }
        }.sorted { ($0.slices, $0.configuration.nodes) < ($1.slices, $1.configuration.nodes) }
    }

    static func lawText(_ fit: ScalabilityFit) -> String {
        var text = "σ = \(rounded(fit.law.sigma, 4)), κ = \(rounded(fit.law.kappa, 5))"
        if let peak = fit.law.peak { text += ", peak at \(rounded(peak, 1)) slices" } else { text += ", no peak" }
        if let error = fit.relativeError { text += ", off by \(percentText(error)) of the greatest throughput" }
        return text
    }

    /// What is there to fit, or why nothing is; residuals by configuration.
    static func lawLines(_ analysis: Analysis) -> [String] {
        guard let law = analysis.law else {
            return ["Universal Scalability Law: not fitted (it takes three numbers of slices, one of them 1)."]
        }
        var lines = ["Universal Scalability Law: \(lawText(law))."]
        let n = analysis.summaries.filter(\.configuration.isCluster).map(\.configuration.slices)
        let residuals = zip(n, law.residuals).map { "n=\($0): \(signed($1))" }.joined(separator: ", ")
        lines.append("Residuals in queries per second: \(residuals).")
        if analysis.report.configurations.contains(where: { $0.isCluster && $0.slices > analysis.report.host.cores }) {
            lines.append(
                "Some points have more slices than cores: the law then describes this machine, not what more cores "
                    + "would do.")
        }
        return lines
    }

    private static func signed(_ value: Double) -> String {
        (value >= 0 ? "+" : "−") + significant(abs(value))
    }

    static func costLines(_ analysis: Analysis) -> [String] {
        var lines: [String] = []
        if let cost = analysis.costOfOneSlice {
            lines.append("COST against our own single slice (geometric mean): \(cost).")
        }
        if let cost = analysis.costOfPeer {
            lines.append("COST against DuckDB on one thread (geometric mean): \(cost).")
        }
        return lines
    }

    /// `hjoin in segment 3, slice 1`
    static func stepText(_ step: StepBalance) -> String {
        "\(step.label) in segment \(step.segment), slice \(step.slowestSlice)"
    }

    static func orderingLines(_ ordering: Ordering) -> [String] {
        var lines = ordering.tiers.enumerated().map { place, tier in
            "\(place + 1).  " + tier.map { "\($0.name) \(rounded($0.value, 2))" }.joined(separator: ", ")
        }
        let pairs = ordering.entries.count * (ordering.entries.count - 1) / 2
        lines.append(
            "\(ordering.separated.count) of \(pairs) pairs are told apart: their intervals at 99 % do not overlap and "
                + "each opening says the same. Queries on one line are not; their order is chance.")
        return lines
    }

    static func flagLines(_ analysis: Analysis) -> [String] {
        let flags: [Analysis.Flag] = [.tooShort, .wideSpread, .fewRuns, .moreSlicesThanCores]
        return flags.compactMap { flag in
            var places: [String] = []
            for configuration in analysis.report.configurations {
                let names = analysis.queries.filter { $0.cell(configuration.name)?.flags.contains(flag) == true }
                guard !names.isEmpty else { continue }
                let all = names.count == analysis.queries.count
                places.append("\(configuration.name): \(all ? "all" : names.map(\.name).joined(separator: ", "))")
            }
            return places.isEmpty ? nil : "\(flag.rawValue): \(places.joined(separator: "; "))"
        }
    }
}
