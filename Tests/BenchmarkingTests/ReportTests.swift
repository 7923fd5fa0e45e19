import Benchmarking
import FoundationEssentials
import SQLTypes
import Testing

/// A report as a run would make it, with times that are known.
func madeReport(
    slices: [Int] = [1, 2, 4], cores: Int = 4, queries: [String] = ["Q1", "Q2", "Q3"], slower: Double = 1,
    hasPeer: Bool = true, seed: UInt64 = 1,
    time: (_ query: Int, _ slices: Int) -> Double = { 10 * Double($0 + 1) / Double($1) }
) -> BenchmarkReport {
    var random = SplitMix64(seed: seed)
    var configurations = slices.map { BenchmarkConfiguration(nodes: 1, slicesPerNode: $0, cores: cores) }
    if hasPeer { configurations.append(BenchmarkConfiguration(peer: "duckdb", threads: 1)) }
    var measurements: [BenchmarkReport.Measurement] = []
    for (number, query) in queries.enumerated() {
        for configuration in configurations {
            var measurement = BenchmarkReport.Measurement(
                query: query, configuration: configuration.name, kind: .query)
            let center = configuration.isCluster ? time(number, configuration.slices) * slower : 12
            for opening in 0..<3 {
                for round in 0..<6 {
                    var run = BenchmarkRun(
                        opening: opening, round: round, milliseconds: center * (0.98 + 0.04 * random.unitDouble()))
                    if configuration.isCluster {
                        run.trace = TraceFigures(
                            planning: 0.1, leaderOnly: 0.3, slicesBusy: center, waitingForCore: 0, blocked: 0.1,
                            slowestSlices: center / Double(configuration.slices) * 1.1, bytesLocal: 1_000,
                            bytesRemote: 2_000, bytesSpilled: 0, blocksRead: 8, blocksSkipped: 3)
                    }
                    measurement.runs.append(run)
                }
            }
            if configuration.isCluster {
                measurement.cold = [center * 3]
                measurement.checksum = ResultChecksum([])
                measurement.floorMilliseconds = 0.5
                measurement.steps = [
                    StepBalance(
                        segment: 0, step: 0, label: "scan",
                        milliseconds: (0..<configuration.slices).map { Double($0 + 1) },
                        rows: (0..<configuration.slices).map { Int64($0) })
                ]
            }
            measurements.append(measurement)
        }
    }
    var host = HostFacts.current(commit: "abc<def>")
    host.cores = cores
    host.isDebugBuild = false
    host.loadAverages = [0.1, 0.2, 0.3]
    return BenchmarkReport(
        mode: "scale", started: "2026-11-22T18:04:05Z", host: host,
        data: BenchmarkReport.DataFacts(workload: "tpch", scale: 0.1, seed: 1, version: 1, source: "generated"),
        settings: BenchmarkReport.Settings(
            openings: 3, roundsPerOpening: 6, warmUps: 1, coldRuns: 1, isInMemory: false,
            memoryBytesPerCluster: 1 << 30, clockStepNanoseconds: 30, peerVersion: hasPeer ? "2.0.0" : nil),
        configurations: configurations, measurements: measurements, warnings: ["quotes \" & <angles>"])
}

@Suite struct ReportTests {
    @Test func jsonRoundTrip() throws {
        let report = madeReport()
        let json = try report.json()
        #expect(try BenchmarkReport(json: json) == report)
        #expect(try BenchmarkReport(json: json).json() == json)
    }

    @Test(arguments: [
        "", "{}", "[1]", #"{"format": "other", "version": 1}"#, #"{"format": "blueshift-bench", "version": 99}"#,
        #"{"format": "blueshift-bench", "version": 1}"#,
    ])
    func otherFilesAreRefused(text: String) {
        #expect(throws: BenchmarkError.self) { try BenchmarkReport(json: Data(text.utf8)) }
    }

    /// Figures that could not be computed with must not come as far as the analysis.
    @Test func impossibleFiguresAreRefused() throws {
        let changes: [(inout BenchmarkReport) -> Void] = [
            { $0.measurements[0].runs[0].milliseconds = -1 }, { $0.measurements[0].runs[0].milliseconds = 1e300 },
            { $0.measurements[0].configuration = "9x9" }, { $0.measurements[0].runs[0].trace?.bytesLocal = .max },
            { $0.measurements[0].steps[0].milliseconds = [] }, { $0.data.scale = 1e300 },
            { $0.configurations[0].slices = 0 }, { $0.settings.openings = .max }, { $0.host.cores = 0 },
        ]
        for (number, change) in changes.enumerated() {
            var report = madeReport()
            change(&report)
            let json = try report.json()
            #expect(throws: BenchmarkError.self, "\(number)") { try BenchmarkReport(json: json) }
        }
    }

    @Test func analysis() throws {
        let analysis = Analysis(madeReport(), bootstrap: Bootstrap(resamples: 200))
        #expect(analysis.summaries.count == 4)
        let four = try #require(analysis.summaries.first { $0.configuration.slices == 4 })
        #expect(four.speedUp.map { abs($0.value - 4) < 0.1 } == true)
        #expect(four.efficiency.map { abs($0 - 1) < 0.03 } == true)
        #expect(four.serialShare.map { abs($0) < 0.02 } == true)
        // Geometric mean of 10, 20, 30 over 4, against 12.
        #expect(four.ratioToPeer.map { abs($0.value - 18.17 / 4 / 12) < 0.02 } == true)
        #expect(analysis.costOfOneSlice == .slices(2))
        #expect(analysis.costOfPeer == .slices(2))
        let query = analysis.queries[0]
        #expect(query.costOfPeer == .slices(1))
        let cell = try #require(query.cell("1x4"))
        #expect(cell.trace?.ceiling == 4 / 1.1)
        #expect(cell.worstStep?.timeBalance.maxOverMean == 1.6)
        #expect(cell.coldMedian == 7.5)
        // 2.5 ms is five times the floor of 0.5 or less.
        #expect(query.cell("1x1")?.flags == [])
        #expect(analysis.law.map { abs($0.law.sigma) < 0.02 && $0.law.kappa < 0.01 } == true)
    }

    @Test func flags() throws {
        let report = madeReport(slices: [1, 8], cores: 4, hasPeer: false) { _, slices in 4 / Double(slices) }
        let analysis = Analysis(report, bootstrap: Bootstrap(resamples: 100))
        let cell = try #require(analysis.queries[0].cell("1x8"))
        #expect(cell.flags == [.tooShort, .moreSlicesThanCores])
        var few = report
        for index in few.measurements.indices { few.measurements[index].runs.removeLast(15) }
        let fewer = Analysis(few, bootstrap: Bootstrap(resamples: 100))
        #expect(fewer.queries[0].cell("1x8")?.flags.contains(.fewRuns) == true)
        #expect(analysis.law == nil)
        #expect(analysis.costOfPeer == nil)
    }

    @Test func comparisons() throws {
        let old = madeReport(seed: 1)
        let bootstrap = Bootstrap(resamples: 400)
        let same = try Comparison(new: madeReport(seed: 2), old: old, bootstrap: bootstrap)
        #expect(!same.isWorse)
        let slower = try Comparison(new: madeReport(slower: 1.2, seed: 2), old: old, bootstrap: bootstrap)
        #expect(slower.isWorse)
        #expect(slower.means.filter { !$0.isPeer }.allSatisfy { $0.verdict == .slower })
        #expect(slower.means.filter(\.isPeer).allSatisfy { $0.verdict == .same })
        let faster = try Comparison(new: madeReport(slower: 0.8, seed: 2), old: old, bootstrap: bootstrap)
        #expect(!faster.isWorse)
        #expect(faster.means.filter { !$0.isPeer }.allSatisfy { $0.verdict == .faster })
        // Beyond doubt, but within what is tolerated.
        let little = try Comparison(new: madeReport(slower: 1.03, seed: 2), old: old, bootstrap: bootstrap)
        #expect(!little.isWorse)
        #expect(little.means.contains { $0.verdict == .tolerated })
    }

    /// One query that has become slow is enough, though the mean hardly moves.
    @Test func oneSlowQueryIsWorse() throws {
        let names = (1...12).map { "Q\($0)" }
        let old = madeReport(queries: names)
        let new = madeReport(queries: names, seed: 2) { query, slices in
            10 * Double(query + 1) / Double(slices) * (query == 5 ? 1.4 : 1)
        }
        let comparison = try Comparison(new: new, old: old, bootstrap: Bootstrap(resamples: 1_000))
        #expect(comparison.isWorse)
        #expect(comparison.means.allSatisfy { $0.verdict != .slower })
        #expect(comparison.lines.filter { $0.verdict == .slower }.map(\.query) == ["Q6", "Q6", "Q6"])
    }

    @Test func otherDataIsRefused() {
        var other = madeReport()
        other.data.seed = 2
        let refused = other
        #expect(throws: BenchmarkError.self) { try Comparison(new: madeReport(), old: refused) }
    }

    @Test func agreement() throws {
        // Speed-ups of 1.9, 1.5 and 1.2 on two slices.
        func time(_ query: Int, _ slices: Int) -> Double { slices == 1 ? 10 : 10 / [1.9, 1.5, 1.2][query] }
        let bootstrap = Bootstrap(resamples: 200)
        let runs = (1...3).map {
            Analysis(madeReport(slices: [1, 2], seed: UInt64($0), time: time), bootstrap: bootstrap)
        }
        let agreement = try OrderingAgreement(runs)
        #expect(agreement.agrees)
        #expect(agreement.configurations.map(\.separatedByAll) == [3])
        let swapped = Analysis(
            madeReport(slices: [1, 2], seed: 9) { query, slices in slices == 1 ? 10 : 10 / [1.2, 1.5, 1.9][query] },
            bootstrap: bootstrap)
        let contradicted = try OrderingAgreement([runs[0], swapped])
        #expect(!contradicted.agrees)
        #expect(contradicted.configurations.map(\.contradictions.count) == [3])
        #expect(throws: BenchmarkError.self) { try OrderingAgreement([runs[0]]) }
    }

    @Test func csvHasALinePerCell() {
        let analysis = Analysis(madeReport(), bootstrap: Bootstrap(resamples: 50))
        let lines = CSVReport.text(analysis).split(separator: "\r\n")
        #expect(lines.count == 1 + 3 * 4)
        let columns = lines[0].split(separator: ",").count
        for line in lines where !line.contains("\"") {
            #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns)
        }
    }

    @Test func terminal() {
        let text = TextReport.text(Analysis(madeReport(), bootstrap: Bootstrap(resamples: 50)))
        for part in ["WARNING:  quotes", "geometric mean", "Scaling on 1x4", "Universal Scalability Law", "●", "σ = "] {
            #expect(text.contains(part), "\(part)")
        }
    }
}
