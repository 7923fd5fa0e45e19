import ArgumentParser
import Benchmarking
import Blueshift
import FoundationEssentials

/// How a benchmark is run, whatever its queries.
struct BenchRunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Shapes as nodes × slices on each, such as 1x1,1x2,2x2.", valueName: "list"))
    var shapes: ShapeList?

    @Option(help: "Counted rounds after each opening of the clusters.")
    var rounds = 5

    @Option(help: "How often the clusters are closed and opened anew.")
    var openings = 3

    @Option(help: "Rounds of each opening that do not count.")
    var warmUps = 1

    @Option(help: "Runs of each query right after opening, the block cache empty; 0 for none.")
    var cold = 1

    @Option(help: "Where generated files and loaded clusters are kept for the next run; made if missing.")
    var workDir = "blueshift-bench"

    @Flag(help: "Keep tables in memory, and no clusters for the next run; no cold runs then.")
    var inMemory = false

    @Flag(help: "Load clusters again that are there.")
    var reload = false

    @OptionGroup var memoryOptions: MemoryOptions

    @Option(help: "Slices that may compute at one time; the default is as many as cores.")
    var permits: Int?

    @Option(help: "Seed of the data, and of the order of runs.")
    var seed: UInt64 = 1

    @Option(help: "Commit that the program was built from, for the report.")
    var commit: String?

    @Flag(help: "Do not tell on standard error what is going on.")
    var quiet = false

    func validate() throws {
        if !(1...1_000).contains(rounds) { throw ValidationError("--rounds takes 1 to 1000") }
        if !(1...100).contains(openings) { throw ValidationError("--openings takes 1 to 100") }
        if !(0...100).contains(warmUps) { throw ValidationError("--warm-ups takes 0 to 100") }
        if !(0...100).contains(cold) { throw ValidationError("--cold takes 0 to 100") }
        if let permits, permits < 1 { throw ValidationError("--permits takes 1 or more") }
    }

    func apply(to plan: inout BenchmarkPlan) {
        plan.openings = openings
        plan.rounds = rounds
        plan.warmUps = warmUps
        plan.coldRuns = cold
        plan.isInMemory = inMemory
        plan.reloads = reload
        plan.memoryBytes = memoryOptions.memory.map { Int64($0.bytes) }
        plan.concurrentSlices = permits
        plan.seed = seed
    }
}

/// DuckDB beside our own configurations.
struct BenchPeerOptions: ParsableArguments {
    @Option(help: "A Python that has the package duckdb; that it lacks it is an error then.")
    var python: String?

    @Flag(help: "Do not look for DuckDB.")
    var noDuckdb = false

    @Option(help: ArgumentHelp("Threads of DuckDB; one process each.", valueName: "list"))
    var duckdbThreads: CountList = CountList(counts: [1])

    func validate() throws {
        if noDuckdb, python != nil { throw ValidationError("--python and --no-duckdb exclude each other") }
    }

    var peer: BenchmarkPlan.Peer? {
        noDuckdb
            ? nil
            : BenchmarkPlan.Peer(
                python: python ?? "python3", threads: duckdbThreads.counts, isRequired: python != nil)
    }
}

/// Where the report goes besides the terminal, and what it is compared with.
struct BenchOutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the report as JSON: what --against, report and agree read.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a line for each query and configuration.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a page with plots that needs no other file.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Compare with an earlier report; exit status 1 if it was better.", valueName: "file"))
    var against: String?

    @Option(help: "How much slower is tolerated by --against, in percent.")
    var tolerance = 5.0

    func validate() throws {
        if !(0...1_000).contains(tolerance) { throw ValidationError("--tolerance takes 0 to 1000 percent") }
    }

    /// Prints and writes everything.
    /// - Throws: the exit status.
    func write(_ report: BenchmarkReport) throws {
        let analysis = Analysis(report)
        // First what took long to measure, then what may fail.
        if let json { try writeFile(json, try report.json()) }
        if let csv { try writeFile(csv, Data(CSVReport.text(analysis).utf8)) }
        if let html { try writeFile(html, Data(HTMLReport.text(analysis).utf8)) }
        printToStandardOutput(TextReport.text(analysis))
        guard let against else { return }
        let comparison = try Comparison(new: report, old: try readReport(against), tolerance: tolerance / 100)
        printToStandardOutput("\nAgainst \(against)\n\n" + ComparisonText.text(comparison))
        if comparison.isWorse { throw ExitCode(1) }
    }

    /// An old report that cannot be read is better known before an hour of measuring than after.
    func check() throws {
        if let against { _ = try readReport(against) }
    }
}

func readReport(_ path: String) throws -> BenchmarkReport {
    guard let data = FileManager.default.contents(atPath: path) else {
        printToStandardError("blueshift: cannot read \(path)")
        throw ExitCode(66)
    }
    do { return try BenchmarkReport(json: data) } catch { throw BenchmarkError("\(path): \(error)") }
}

private func writeFile(_ path: String, _ data: Data) throws {
    do { try data.write(to: URL(filePath: path)) } catch {
        printToStandardError("blueshift: cannot write \(path): \(error)")
        throw ExitStatus.cannotWrite
    }
}

private func printToStandardOutput(_ text: String) {
    let output = BufferedOutput(descriptor: 1)
    output.write(text)
    output.flush()
}

/// Carries a plan out, prints its report, and says by the exit status how it went.
func runBenchmark(_ plan: BenchmarkPlan, _ options: BenchRunOptions, _ output: BenchOutputOptions) async throws {
    try await reportingFailure {
        try output.check()
        if HostFacts.isDebugBuild {
            printToStandardError("WARNING:  this is a DEBUG BUILD: its times say nothing about the engine")
        }
        let isQuiet = options.quiet
        let runner = BenchmarkRunner(plan) { line in
            if !isQuiet { printToStandardError("bench: \(line)") }
        }
        try output.write(try await runner.run(commit: options.commit))
    }
}

/// Prints what went wrong and ends with 2, or with the status that was thrown.
func reportingFailure(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as ExitCode { throw error } catch let error as BenchmarkError {
        printToStandardError("blueshift bench: \(error)")
        throw ExitCode(2)
    } catch let error as SQLError {
        printToStandardError(errorReport(error, statement: ""))
        throw ExitCode(2)
    } catch {
        printToStandardError("blueshift bench: \(error)")
        throw ExitCode(2)
    }
}
