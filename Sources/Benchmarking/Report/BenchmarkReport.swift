/// Everything that a benchmark measured: what JSON keeps, and what tables, plots and comparisons are made from.
/// Nothing in it is computed from something else in it. `docs/benchmarking-parallelism-honestly.md` describes the
/// JSON.
package struct BenchmarkReport: Hashable, Sendable, Codable {
    package static let formatName = "blueshift-bench"
    /// Raised when a reader of the old format would misread the new one.
    package static let formatVersion = 1

    package var format = formatName
    package var version = formatVersion
    /// `scale`, `tpch`, `ssb`, `query`.
    package var mode: String
    /// When the run began, in UTC: `2026-11-22T18:04:05Z`.
    package var started: String
    package var host: HostFacts
    package var data: DataFacts
    package var settings: Settings
    package var configurations: [BenchmarkConfiguration]
    /// By query in the order of the workload, then by configuration.
    package var measurements: [Measurement]
    /// What the reader must know: debug build, busy machine, a peer that was not there.
    package var warnings: [String]

    package init(
        mode: String, started: String, host: HostFacts, data: DataFacts, settings: Settings,
        configurations: [BenchmarkConfiguration], measurements: [Measurement], warnings: [String]
    ) {
        self.mode = mode
        self.started = started
        self.host = host
        self.data = data
        self.settings = settings
        self.configurations = configurations
        self.measurements = measurements
        self.warnings = warnings
    }

    package struct DataFacts: Hashable, Sendable, Codable {
        /// `tpch`, `ssb`, a file's name.
        package var workload: String
        /// nil of the user's own data.
        package var scale: Double?
        package var seed: UInt64?
        /// Version of the generator; nil of the user's own data.
        package var version: Int?
        /// Where the rows come from: `generated`, or a path.
        package var source: String

        package init(workload: String, scale: Double? = nil, seed: UInt64? = nil, version: Int? = nil, source: String) {
            self.workload = workload
            self.scale = scale
            self.seed = seed
            self.version = version
            self.source = source
        }
    }

    package struct Settings: Hashable, Sendable, Codable {
        package var openings: Int
        package var roundsPerOpening: Int
        package var warmUps: Int
        package var coldRuns: Int
        package var isInMemory: Bool
        /// Of each cluster; nil: the default.
        package var memoryBytesPerCluster: Int64?
        /// The smallest step of the clock, in nanoseconds.
        package var clockStepNanoseconds: Int64
        /// Of DuckDB; nil if it was not timed.
        package var peerVersion: String?

        package init(
            openings: Int, roundsPerOpening: Int, warmUps: Int, coldRuns: Int, isInMemory: Bool,
            memoryBytesPerCluster: Int64?, clockStepNanoseconds: Int64, peerVersion: String?
        ) {
            self.openings = openings
            self.roundsPerOpening = roundsPerOpening
            self.warmUps = warmUps
            self.coldRuns = coldRuns
            self.isInMemory = isInMemory
            self.memoryBytesPerCluster = memoryBytesPerCluster
            self.clockStepNanoseconds = clockStepNanoseconds
            self.peerVersion = peerVersion
        }
    }

    /// One query in one configuration.
    package struct Measurement: Hashable, Sendable, Codable {
        package var query: String
        package var configuration: String
        package var kind: Kind
        /// Warm runs, in the order in which they were made.
        package var runs: [BenchmarkRun]
        /// Milliseconds of runs right after opening, the block cache empty.
        package var cold: [Double]
        package var checksum: ResultChecksum?
        /// Steps of the run whose time is the median (or just below it).
        package var steps: [StepBalance]
        /// Milliseconds of a query that does nothing on all slices, in this configuration: what is not work.
        package var floorMilliseconds: Double?

        package enum Kind: String, Hashable, Sendable, Codable { case query, load }

        package init(query: String, configuration: String, kind: Kind) {
            self.query = query
            self.configuration = configuration
            self.kind = kind
            runs = []
            cold = []
            steps = []
        }

        /// Times by opening; nil if nothing was run.
        package var times: RepeatedRuns? {
            let openings = Set(runs.map(\.opening)).sorted()
            guard !openings.isEmpty else { return nil }
            return RepeatedRuns(
                openings.map { opening in runs.filter { $0.opening == opening }.map(\.milliseconds) })
        }
    }

    package func configuration(_ name: String) -> BenchmarkConfiguration? {
        configurations.first { $0.name == name }
    }

    package func measurement(_ query: String, _ configuration: String) -> Measurement? {
        measurements.first { $0.query == query && $0.configuration == configuration }
    }

    /// Names in the order of the workload; loads come last.
    package var queries: [String] {
        var names: [String] = []
        for measurement in measurements where !names.contains(measurement.query) { names.append(measurement.query) }
        return names
    }
}
