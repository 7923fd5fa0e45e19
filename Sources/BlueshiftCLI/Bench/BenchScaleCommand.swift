import ArgumentParser
import Benchmarking
import FoundationEssentials

/// The database, its size and which of its queries.
struct BenchDataOptions: ParsableArguments {
    @Option(help: "Scale factor: 1 is 8.7 million rows of TPC-H, 6 million of SSB's fact table.")
    var scale = 1.0

    @Option(help: ArgumentHelp("Some of the queries only, such as 1,6,18 or Q1.1,Q3.2.", valueName: "list"))
    var queries: NameList?

    @Option(
        help: ArgumentHelp(
            "Load these files instead of generated ones: <dir>/<table>/… or <dir>/<table>.…, fields separated by |, "
                + "gzip if they end in .gz.", valueName: "dir"))
    var data: String?

    func validate() throws {
        if !TPCH.scales.contains(scale) { throw ValidationError("--scale takes 0.001 to 1000") }
    }

    func plan(
        mode: String, _ kind: BenchData, _ shapes: [BenchmarkShape], _ options: BenchRunOptions
    ) throws -> BenchmarkPlan {
        let set: any DataSet =
            switch kind {
            case .tpch: TPCH(scale: scale, seed: options.seed)
            case .ssb: SSB(scale: scale, seed: options.seed)
            }
        let workload = try (kind == .tpch ? Workload.tpch : .ssb).only(queries?.names)
        let work = absolutePath(options.workDir)
        let source: BenchmarkPlan.Source =
            if let data { .files(directory: absolutePath(data), of: set) } else { .generated(set) }
        var plan = BenchmarkPlan(
            mode: mode, workload: workload, source: source, shapes: options.shapes?.shapes ?? shapes,
            workDirectory: work)
        options.apply(to: &plan)
        return plan
    }
}

/// COPY takes a plain path only if it is absolute.
func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}

struct BenchScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "The same queries on more and more slices.",
        discussion: """
            Without --shapes there is one node, with 1 slice, 2, 3, 4, 6, 8, … up to --max-slices: by default twice as \
            many as cores, to show what happens beyond.
            """)

    @Option(help: "The data: tpch or ssb.")
    var workload = BenchData.tpch

    @Option(help: "The greatest number of slices, if no shapes are given.")
    var maxSlices: Int?

    @Option(
        help: ArgumentHelp(
            "Also load the largest table from so many gzip files, such as 1,2,4,8.", valueName: "list"))
    var copyFiles: CountList?

    @Option(help: "Loads of each number of files on each shape.")
    var copyRounds = 3

    @OptionGroup(title: "Data") var data: BenchDataOptions
    @OptionGroup(title: "Runs") var run: BenchRunOptions
    @OptionGroup(title: "DuckDB") var peer: BenchPeerOptions
    @OptionGroup(title: "Output") var output: BenchOutputOptions

    func validate() throws {
        if let maxSlices, !(1...1_024).contains(maxSlices) { throw ValidationError("--max-slices takes 1 to 1024") }
        if maxSlices != nil, run.shapes != nil {
            throw ValidationError("--max-slices and --shapes exclude each other")
        }
        if copyFiles != nil, data.data != nil {
            throw ValidationError("--copy-files works with generated data only")
        }
        if !(1...100).contains(copyRounds) { throw ValidationError("--copy-rounds takes 1 to 100") }
    }

    func run() async throws {
        try await reportingFailure {
            let most = maxSlices ?? 2 * HostFacts.current().cores
            let shapes = sliceCounts(upTo: most).map { BenchmarkShape(nodes: 1, slicesPerNode: $0) }
            var plan = try data.plan(mode: "scale", workload, shapes, run)
            plan.copyFileCounts = copyFiles?.counts ?? []
            plan.copyRounds = copyRounds
            plan.peer = peer.peer
            try await runBenchmark(plan, run, output)
        }
    }
}

struct BenchTPCHCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpch", abstract: "The 22 queries of TPC-H on one slice and on as many as cores.")

    @OptionGroup(title: "Data") var data: BenchDataOptions
    @OptionGroup(title: "Runs") var run: BenchRunOptions
    @OptionGroup(title: "DuckDB") var peer: BenchPeerOptions
    @OptionGroup(title: "Output") var output: BenchOutputOptions

    func run() async throws { try await runWorkload("tpch", .tpch, data, run, peer, output) }
}

struct BenchSSBCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssb",
        abstract: "The 13 queries of the Star Schema Benchmark on one slice and on as many as cores.")

    @OptionGroup(title: "Data") var data: BenchDataOptions
    @OptionGroup(title: "Runs") var run: BenchRunOptions
    @OptionGroup(title: "DuckDB") var peer: BenchPeerOptions
    @OptionGroup(title: "Output") var output: BenchOutputOptions

    func run() async throws { try await runWorkload("ssb", .ssb, data, run, peer, output) }
}

private func runWorkload(
    _ mode: String, _ kind: BenchData, _ data: BenchDataOptions, _ run: BenchRunOptions, _ peer: BenchPeerOptions,
    _ output: BenchOutputOptions
) async throws {
    try await reportingFailure {
        let cores = HostFacts.current().cores
        let shapes = (cores > 1 ? [1, cores] : [1]).map { BenchmarkShape(nodes: 1, slicesPerNode: $0) }
        var plan = try data.plan(mode: mode, kind, shapes, run)
        plan.peer = peer.peer
        try await runBenchmark(plan, run, output)
    }
}
