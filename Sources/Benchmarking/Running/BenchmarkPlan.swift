/// All that says what a benchmark does.
package struct BenchmarkPlan: Sendable {
    package enum Source: Sendable {
        /// Rows that this module makes.
        case generated(any DataSet)
        /// Files that somebody made, of the same tables: `<directory>/<table>/…` or `<directory>/<table>.…`.
        case files(directory: String, of: any DataSet)
        /// The tables of a cluster that is there: as it is, if no shapes are asked for; otherwise unloaded from it and
        /// loaded into each.
        case cluster(directory: String)
    }

    /// `scale`, `tpch`, `ssb` or `query`.
    package var mode: String
    package var workload: Workload
    package var source: Source
    /// In the order that was asked for; empty: the source's own cluster as it is.
    package var shapes: [BenchmarkShape]
    /// SET statements for each session, of a user's file.
    package var sessionSettings: [String] = []

    /// How often the clusters are closed and opened anew; the rounds of each opening come on top of each other.
    package var openings = 3
    /// Counted rounds per opening.
    package var rounds = 5
    /// Rounds of each opening that are not counted.
    package var warmUps = 1
    /// Runs of each query right after opening, with an empty block cache.
    package var coldRuns = 1

    /// Where files and clusters are kept between runs.
    package var workDirectory: String
    /// Keep the tables in memory: nothing is left behind, no cold runs.
    package var isInMemory = false
    /// Load again what is there already.
    package var reloads = false
    /// For all clusters together; nil: half of the machine's memory.
    package var memoryBytes: Int64?
    /// Slices that may compute at one time; nil: as many as cores.
    package var concurrentSlices: Int?
    /// The Python whose DuckDB is timed, too, with so many threads each; nil: no peer.
    package var peer: Peer?
    /// Numbers of gzip files to load the largest table from.
    package var copyFileCounts: [Int] = []
    package var copyRounds = 3
    /// Seed of what is drawn at random: the order of configurations.
    package var seed: UInt64 = 1

    package struct Peer: Hashable, Sendable {
        package var python: String
        package var threads: [Int]
        /// Somebody asked for this peer: that it is not there is an error, not a note.
        package var isRequired: Bool
        package init(python: String, threads: [Int], isRequired: Bool) {
            self.python = python
            self.threads = threads
            self.isRequired = isRequired
        }
    }

    package init(
        mode: String, workload: Workload, source: Source, shapes: [BenchmarkShape], workDirectory: String
    ) {
        self.mode = mode
        self.workload = workload
        self.source = source
        self.shapes = shapes
        self.workDirectory = workDirectory
    }
}
