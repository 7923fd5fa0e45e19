import Blueshift
import FoundationEssentials
import SQLTypes

/// Carries a plan out: data, loads, cold runs, openings of interleaved rounds, loads of different numbers of files.
///
/// Within a round every query is run on every configuration, one right after the other in an order drawn anew each
/// time, so that whatever disturbs the machine disturbs all of them alike and cancels out of their ratios.
package final class BenchmarkRunner {
    let plan: BenchmarkPlan
    let progress: @Sendable (String) -> Void
    private var clusters: [BenchmarkCluster] = []
    private var peers: [(configuration: BenchmarkConfiguration, process: PeerProcess)] = []
    var random: SplitMix64
    var collected = BenchmarkCollector()
    private let startLoad = Platform.loadAverages

    /// - Parameter progress: told what is going on, a line at a time.
    package init(_ plan: BenchmarkPlan, progress: @escaping @Sendable (String) -> Void) {
        self.plan = plan
        self.progress = progress
        random = SplitMix64(seed: plan.seed)
    }

    /// - Parameter commit: of the source tree, if the caller knows it.
    /// - Throws: what a statement fails of, and by name which query gives different results on different shapes.
    package func run(commit: String? = nil) async throws -> BenchmarkReport {
        let started = UTCTime.now
        var host = HostFacts.current(commit: commit)
        host.loadAverages = startLoad
        warnOfHost(host)
        try await prepare()
        do {
            if plan.coldRuns > 0, !plan.isInMemory { try await runCold() }
            for opening in 0..<plan.openings { try await runOpening(opening) }
            if !plan.copyFileCounts.isEmpty { try await runLoads() }
        } catch {
            for cluster in clusters { try? await cluster.close() }
            throw error
        }
        let settings = BenchmarkReport.Settings(
            openings: plan.openings, roundsPerOpening: plan.rounds, warmUps: plan.warmUps,
            coldRuns: plan.isInMemory ? 0 : plan.coldRuns, isInMemory: plan.isInMemory,
            memoryBytesPerCluster: memoryBytesPerCluster, clockStepNanoseconds: clockStep(),
            peerVersion: peers.first?.process.version)
        return BenchmarkReport(
            mode: plan.mode, started: started, host: host, data: dataFacts, settings: settings,
            configurations: clusters.map(\.configuration) + peers.map(\.configuration),
            measurements: collected.measurements(plan.workload.queries.map(\.name), configurationNames),
            warnings: collected.warnings)
    }

    private var configurationNames: [String] {
        clusters.map(\.configuration.name) + peers.map(\.configuration.name)
    }

    private func warnOfHost(_ host: HostFacts) {
        if host.isDebugBuild {
            collected.warn("DEBUG BUILD: these times say nothing about the engine. Build with swift build -c release.")
        }
        if let load = host.loadAverages?.first, load > 0.5 {
            collected.warn(
                "the machine was busy: its load average was \(rounded(load, 2)) when the run began (below 0.5 is idle)")
        }
        if plan.shapes.contains(where: { $0.slices > host.cores }) {
            collected.warn(
                "more slices than cores: \(host.cores) cores run at most \(host.cores) slices at a time; what is "
                    + "beyond shows the cost of sharing cores, not what more cores would do")
        }
    }

    private var dataFacts: BenchmarkReport.DataFacts {
        switch plan.source {
        case .generated(let data):
            BenchmarkReport.DataFacts(
                workload: plan.workload.name, scale: data.scale, seed: data.seed, version: data.version,
                source: "generated")
        case .files(let directory, _), .cluster(let directory):
            BenchmarkReport.DataFacts(workload: plan.workload.name, source: directory)
        }
    }

    // MARK: Data

    var memoryBytesPerCluster: Int64? {
        guard !plan.shapes.isEmpty else { return plan.memoryBytes }
        let total = plan.memoryBytes ?? Platform.physicalMemoryBytes / 2
        return max(16 << 20, total / Int64(plan.shapes.count))
    }

    private func prepare() async throws {
        guard !plan.shapes.isEmpty else { return try await takeClusterAsItIs() }
        let tables = try await BenchmarkTables.prepare(plan, progress)
        for shape in plan.shapes { try await prepare(shape, tables) }
        try preparePeers(tables)
    }

    /// The user's own cluster, in its own shape.
    private func takeClusterAsItIs() async throws {
        guard case .cluster(let directory) = plan.source else {
            throw BenchmarkError("no shapes of cluster to measure on")
        }
        var settings = Cluster.Configuration(directory: directory)
        settings.memoryBytes = plan.memoryBytes.map { Int($0) }
        settings.concurrentSlices = plan.concurrentSlices
        let cluster = try await Cluster(settings)
        var configuration = BenchmarkConfiguration(
            nodes: cluster.nodes, slicesPerNode: cluster.slicesPerNode, cores: cluster.concurrentSlices)
        configuration.concurrentSlices = cluster.concurrentSlices
        try await cluster.close()
        clusters.append(BenchmarkCluster(configuration, settings, sessionSettings: plan.sessionSettings))
    }

    private func prepare(_ shape: BenchmarkShape, _ tables: BenchmarkTables) async throws {
        var configuration = BenchmarkConfiguration(
            nodes: shape.nodes, slicesPerNode: shape.slicesPerNode,
            cores: plan.concurrentSlices ?? Platform.coreCount)
        let directory = "\(plan.workDirectory)/clusters/\(tables.identity)-\(configuration.name)"
        var settings = Cluster.Configuration(
            nodes: shape.nodes, slicesPerNode: shape.slicesPerNode, directory: plan.isInMemory ? nil : directory)
        settings.memoryBytes = memoryBytesPerCluster.map { Int($0) }
        settings.concurrentSlices = plan.concurrentSlices
        settings.allowsLocalFiles = true
        let stamp = LoadStamp(path: directory + ".loaded", text: tables.fingerprint)
        let isLoaded = !plan.isInMemory && !plan.reloads && stamp.holds
        if !isLoaded, !plan.isInMemory {
            try stamp.remove()
            if FileManager.default.fileExists(atPath: directory) {
                try FileManager.default.removeItem(atPath: directory)
            }
            try FileManager.default.createDirectory(
                atPath: plan.workDirectory + "/clusters", withIntermediateDirectories: true)
        }
        if !isLoaded {
            let loading = BenchmarkCluster(configuration, settings, sessionSettings: plan.sessionSettings)
            try await loading.open()
            configuration.loadSeconds = try await tables.load(into: loading, progress)
            if plan.isInMemory {
                // What is in memory only must stay open.
                return clusters.append(loading.with(configuration))
            }
            try await loading.close()
            try stamp.write()
        }
        clusters.append(BenchmarkCluster(configuration, settings, sessionSettings: plan.sessionSettings))
    }

    private func preparePeers(_ tables: BenchmarkTables) throws {
        guard let peer = plan.peer else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: plan.workDirectory + "/duckdb", withIntermediateDirectories: true)
            let database = "\(plan.workDirectory)/duckdb/\(tables.identity).duckdb"
            let stamp = LoadStamp(path: database + ".loaded", text: tables.fingerprint)
            if plan.reloads || !stamp.holds {
                try stamp.remove()
                let loader = try PeerProcess(python: peer.python, database: database, threads: Platform.coreCount)
                try tables.load(into: loader, progress)
                try stamp.write()
            }
            for threads in peer.threads {
                // Read through files of their own: DuckDB lets one process at a time open a file for writing.
                let process = try PeerProcess(
                    python: peer.python, database: database, threads: threads, isReadOnly: true)
                peers.append((BenchmarkConfiguration(peer: "duckdb", threads: threads), process))
            }
        } catch let error as BenchmarkError where !peer.isRequired {
            collected.warn("no DuckDB to compare with: \(error); --python names a Python that has it")
            peers = []
        }
    }

    // MARK: Queries

    /// Each query alone on a cluster that was just opened: its columns are read from files (the operating system may
    /// still have them in its cache), verified and unpacked.
    private func runCold() async throws {
        for run in 0..<plan.coldRuns {
            for query in plan.workload.queries {
                progress("cold run \(run + 1) of \(plan.coldRuns): \(query.name)")
                for cluster in clusters.shuffled(by: &random) {
                    try await cluster.open()
                    let timed = try await time(query, on: cluster)
                    collected.addCold(query.name, cluster.configuration.name, timed.milliseconds)
                    try await cluster.close()
                }
            }
        }
    }

    private func runOpening(_ opening: Int) async throws {
        for cluster in clusters { try await cluster.open() }
        for round in -plan.warmUps..<plan.rounds {
            let name = round < 0 ? "warm-up" : "round \(round + 1) of \(plan.rounds)"
            progress("opening \(opening + 1) of \(plan.openings), \(name)")
            for query in plan.workload.queries {
                try await run(query, opening: opening, round: round)
            }
        }
        try await measureFloors()
        guard !plan.isInMemory || opening == plan.openings - 1 else { return }
        for cluster in clusters { try await cluster.close() }
    }

    private func run(_ query: BenchmarkQuery, opening: Int, round: Int) async throws {
        let places = Array(0..<clusters.count + peers.count).shuffled(by: &random)
        for place in places {
            if place >= clusters.count {
                ask(query, peers[place - clusters.count], opening: opening, round: round)
                continue
            }
            let cluster = clusters[place]
            let timed = try await time(query, on: cluster)
            guard round >= 0 else { continue }
            var run = BenchmarkRun(opening: opening, round: round, milliseconds: timed.milliseconds)
            var steps: [StepBalance] = []
            if let trace = timed.trace {
                run.trace = TraceFigures(trace, milliseconds: timed.milliseconds)
                steps = StepBalance.steps(of: trace, slices: cluster.slices)
            }
            collected.add(run, steps, query.name, cluster.configuration.name)
        }
    }

    private func time(_ query: BenchmarkQuery, on cluster: BenchmarkCluster) async throws -> BenchmarkCluster.Timed {
        do {
            let timed = try await cluster.time(query.text)
            try collected.check(ResultChecksum(timed.rows), of: query.name, cluster.configuration.name)
            collected.answers[query.name] = timed.rows
            return timed
        } catch let error as SQLError {
            throw BenchmarkError("\(query.name) on \(cluster.configuration.name): \(error.message)")
        }
    }

    /// A query that DuckDB cannot run, or answers differently, is left out of the comparison and named.
    private func ask(
        _ query: BenchmarkQuery, _ peer: (configuration: BenchmarkConfiguration, process: PeerProcess), opening: Int,
        round: Int
    ) {
        let name = peer.configuration.name
        guard !collected.isLeftOut(query.name, name) else { return }
        do throws(BenchmarkError) {
            let answer = try peer.process.ask(query.text)
            guard let time = answer.milliseconds, let rows = answer.rows else {
                throw BenchmarkError("DuckDB's process gave no answer")
            }
            if let ours = collected.answers[query.name], let difference = PeerAnswers.difference(ours, rows) {
                throw BenchmarkError("answers differ: \(difference)")
            }
            if round >= 0 {
                collected.add(BenchmarkRun(opening: opening, round: round, milliseconds: time), [], query.name, name)
            }
        } catch {
            collected.leaveOut(query.name, name, because: error.message)
        }
    }

    /// What a query costs that has nothing to do: parsing, planning, one segment on each slice, the way back.
    private func measureFloors() async throws {
        for cluster in clusters {
            var times: [Double] = []
            for _ in 0..<21 { times.append(try await cluster.time("SELECT count(*) FROM stv_slices").milliseconds) }
            collected.addFloor(Sample(times).median, cluster.configuration.name)
        }
    }

    /// The smallest difference between two readings of the clock that is not 0.
    private func clockStep() -> Int64 {
        var least = Duration.seconds(1)
        for _ in 0..<1_000 {
            let start = ContinuousClock.now
            var end = ContinuousClock.now
            while end == start { end = ContinuousClock.now }
            least = min(least, end - start)
        }
        return least.components.attoseconds / 1_000_000_000
    }
}

extension Collection {
    /// By a generator of ours, whose sequence no version of the standard library changes.
    func shuffled(by random: inout SplitMix64) -> [Element] {
        var elements = Array(self)
        for place in elements.indices.dropFirst().reversed() {
            elements.swapAt(place, random.below(place + 1))
        }
        return elements
    }
}
