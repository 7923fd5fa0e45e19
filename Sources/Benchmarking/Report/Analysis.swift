/// What follows from a report: every figure that tables and plots show beside the raw times.
package struct Analysis: Sendable {
    /// One query, or one way of loading, in one configuration.
    package struct Cell: Sendable {
        package var configuration: BenchmarkConfiguration
        package var times: RepeatedRuns
        package var sample: Sample
        /// For the median, between two of the runs.
        package var interval: Interval
        package var coldMedian: Double?
        /// Over the configuration with one slice; nil if there is none, of that one itself, and of peers.
        package var speedUp: Ratio?
        package var efficiency: Double?
        package var serialShare: Double?
        /// Medians of what the traces say; nil of a peer.
        package var trace: TraceFigures?
        /// The step in which waiting for the slowest slice costs most; nil if none has more than one slice.
        package var worstStep: StepBalance?
        package var flags: [Flag]
    }

    package enum Flag: String, Hashable, Sendable {
        /// The median is less than `floorsToMeasure` times what a query costs that does nothing.
        case tooShort = "too short to measure"
        case moreSlicesThanCores = "more slices than cores"
        /// The interval is wider than a fifth of the median.
        case wideSpread = "wide spread"
        /// Too few runs for an interval of 95 %.
        case fewRuns = "few runs"
    }

    package struct Query: Sendable {
        package var name: String
        package var kind: BenchmarkReport.Measurement.Kind
        /// In the order of the report's configurations.
        package var cells: [Cell]
        package var law: ScalabilityFit?
        /// Against the one slice of our own, and against the peer on one thread.
        package var costOfOneSlice: COST?
        package var costOfPeer: COST?

        package func cell(_ configuration: String) -> Cell? {
            cells.first { $0.configuration.name == configuration }
        }
    }

    /// All queries (not the loads) together, in one configuration.
    package struct Summary: Sendable {
        package var configuration: BenchmarkConfiguration
        package var geometricMean: Double
        package var speedUp: Ratio?
        package var efficiency: Double?
        package var serialShare: Double?
        /// Our time over the peer's on one thread, with an interval; nil without a peer, and of the peer.
        package var ratioToPeer: Ratio?
        package var queryCount: Int
    }

    package static let floorsToMeasure = 5.0
    /// Of the intervals that tell two queries apart: there are many pairs to be wrong about.
    package static let orderingLevel = 0.99
    package static let bootstrap = Bootstrap()

    package let report: BenchmarkReport
    package let queries: [Query]
    package let summaries: [Summary]
    package let law: ScalabilityFit?
    package let costOfOneSlice: COST?
    package let costOfPeer: COST?

    package init(_ report: BenchmarkReport, bootstrap: Bootstrap = Analysis.bootstrap) {
        self.report = report
        let alone = report.configurations.first { $0.isCluster && $0.slices == 1 }
        let peer = report.configurations.first { !$0.isCluster && $0.slices == 1 }
        queries = report.queries.map { name in
            Analysis.query(name, report, alone: alone?.name, peer: peer?.name, bootstrap)
        }
        let timed = queries.filter { $0.kind == .query }
        summaries = report.configurations.compactMap { configuration in
            Analysis.summary(configuration, timed, peer: peer?.name, bootstrap)
        }
        let means = summaries.filter(\.configuration.isCluster).map {
            (slices: $0.configuration.slices, time: $0.geometricMean)
        }
        law = Analysis.fit(means)
        let found = summaries
        costOfOneSlice = Analysis.cost(means, alone.flatMap { Analysis.mean(found, $0.name) }, isOwn: true)
        costOfPeer = Analysis.cost(means, peer.flatMap { Analysis.mean(found, $0.name) }, isOwn: false)
    }

    private static func mean(_ summaries: [Summary], _ configuration: String) -> Double? {
        summaries.first { $0.configuration.name == configuration }?.geometricMean
    }

    private static func query(
        _ name: String, _ report: BenchmarkReport, alone: String?, peer: String?, _ bootstrap: Bootstrap
    ) -> Query {
        let measurements = report.measurements.filter { $0.query == name }
        let base = measurements.first { $0.configuration == alone }?.times
        let cells = measurements.compactMap { measurement in cell(measurement, report, base, bootstrap) }
        let medians = cells.filter(\.configuration.isCluster).map {
            (slices: $0.configuration.slices, time: $0.sample.median)
        }
        let peerMedian = cells.first { $0.configuration.name == peer }?.sample.median
        return Query(
            name: name, kind: measurements.first?.kind ?? .query, cells: cells, law: fit(medians),
            costOfOneSlice: cost(medians, base?.median, isOwn: true),
            costOfPeer: cost(medians, peerMedian, isOwn: false))
    }

    /// - Parameter isOwn: the single thread is our own slice: only more slices can outperform it.
    private static func cost(_ medians: [(slices: Int, time: Double)], _ single: Double?, isOwn: Bool) -> COST? {
        guard let single else { return nil }
        return COST.of(isOwn ? medians.filter { $0.slices > 1 } : medians, against: single)
    }

    private static func fit(_ medians: [(slices: Int, time: Double)]) -> ScalabilityFit? {
        ScalabilityFit(medians.map { ScalabilityFit.Point(n: Double($0.slices), throughput: 1_000 / $0.time) })
    }

    private static func cell(
        _ measurement: BenchmarkReport.Measurement, _ report: BenchmarkReport, _ base: RepeatedRuns?,
        _ bootstrap: Bootstrap
    ) -> Cell? {
        guard let times = measurement.times, let configuration = report.configuration(measurement.configuration) else {
            return nil
        }
        let sample = times.all
        var cell = Cell(
            configuration: configuration, times: times, sample: sample, interval: sample.medianInterval(), flags: [])
        cell.coldMedian = measurement.cold.isEmpty ? nil : Sample(measurement.cold).median
        if configuration.isCluster, configuration.slices > 1, let base {
            let ratio = bootstrap.pairedRatio(base, times)
            let speedUp = SpeedUp(slices: configuration.slices, value: ratio.value)
            cell.speedUp = ratio
            cell.efficiency = speedUp.efficiency
            cell.serialShare = speedUp.serialShare
        }
        cell.trace = TraceFigures.median(measurement.runs.compactMap(\.trace))
        cell.worstStep =
            configuration.slices > 1
            ? measurement.steps.max { $0.millisecondsLost < $1.millisecondsLost } : nil
        if let floor = measurement.floorMilliseconds, sample.median < floorsToMeasure * floor {
            cell.flags.append(.tooShort)
        }
        if configuration.isCluster, configuration.slices > report.host.cores { cell.flags.append(.moreSlicesThanCores) }
        if cell.interval.high - cell.interval.low > 0.2 * sample.median { cell.flags.append(.wideSpread) }
        if cell.interval.level < 0.95 { cell.flags.append(.fewRuns) }
        return cell
    }

    private static func summary(
        _ configuration: BenchmarkConfiguration, _ queries: [Query], peer: String?, _ bootstrap: Bootstrap
    ) -> Summary? {
        let cells = queries.compactMap { $0.cell(configuration.name) }
        guard let mean = geometricMean(cells.map(\.sample.median)) else { return nil }
        var summary = Summary(configuration: configuration, geometricMean: mean, queryCount: cells.count)
        if let speedUp = bootstrap.geometricMean(of: cells.compactMap(\.speedUp)) {
            let figures = SpeedUp(slices: configuration.slices, value: speedUp.value)
            summary.speedUp = speedUp
            summary.efficiency = figures.efficiency
            summary.serialShare = figures.serialShare
        }
        if configuration.isCluster, let peer {
            let ratios = queries.compactMap { query -> Ratio? in
                guard let ours = query.cell(configuration.name), let theirs = query.cell(peer) else { return nil }
                return bootstrap.pairedRatio(ours.times, theirs.times)
            }
            summary.ratioToPeer = bootstrap.geometricMean(of: ratios)
        }
        return summary
    }

    /// Queries by their speed-up on one configuration, as far as this run tells them apart.
    package func ordering(on configuration: String) -> Ordering {
        Ordering(
            queries.filter { $0.kind == .query }.compactMap { query in
                guard let cell = query.cell(configuration), let speedUp = cell.speedUp else { return nil }
                return Ordering.Entry(
                    name: query.name, value: speedUp.value,
                    interval: speedUp.interval(level: Analysis.orderingLevel),
                    byOpening: byOpening(query, cell))
            })
    }

    private func byOpening(_ query: Query, _ cell: Cell) -> [Double] {
        guard let alone = query.cells.first(where: { $0.configuration.isCluster && $0.configuration.slices == 1 }),
            alone.times.openings.count == cell.times.openings.count
        else { return [] }
        return zip(alone.times.openings, cell.times.openings).map { Sample($0).median / Sample($1).median }
    }

    /// Clusters of more than one slice, fewest slices first.
    package var parallelConfigurations: [BenchmarkConfiguration] {
        report.configurations.filter { $0.isCluster && $0.slices > 1 }.sorted {
            ($0.slices, $0.nodes) < ($1.slices, $1.nodes)
        }
    }
}

extension StepBalance {
    /// What the slowest slice took longer than the mean.
    package var millisecondsLost: Double {
        (milliseconds.max() ?? 0) - milliseconds.reduce(0, +) / Double(max(1, milliseconds.count))
    }

    /// The slice that had most to do.
    package var slowestSlice: Int {
        milliseconds.indices.max { milliseconds[$0] < milliseconds[$1] } ?? 0
    }
}

extension TraceFigures {
    /// Each figure's own median; nil of none.
    static func median(_ figures: [TraceFigures]) -> TraceFigures? {
        guard var result = figures.first else { return nil }
        func median(_ figure: (TraceFigures) -> Double) -> Double { Sample(figures.map(figure)).median }
        result.planning = median(\.planning)
        result.leaderOnly = median(\.leaderOnly)
        result.slicesBusy = median(\.slicesBusy)
        result.waitingForCore = median(\.waitingForCore)
        result.blocked = median(\.blocked)
        result.slowestSlices = median(\.slowestSlices)
        result.bytesLocal = Int64(median { Double($0.bytesLocal) })
        result.bytesRemote = Int64(median { Double($0.bytesRemote) })
        result.bytesSpilled = Int64(median { Double($0.bytesSpilled) })
        result.blocksRead = Int64(median { Double($0.blocksRead) })
        result.blocksSkipped = Int64(median { Double($0.blocksSkipped) })
        return result
    }
}
