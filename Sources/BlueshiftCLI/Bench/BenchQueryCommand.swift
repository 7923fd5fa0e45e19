import ArgumentParser
import Benchmarking
import FoundationEssentials

struct BenchQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Your own queries on your own data.",
        discussion: """
            The file has SELECT statements; a comment line `-- name: nightly report` before one names it. SET \
            statements are run once in each session. Without --shapes the cluster in --data-dir is measured as it is; \
            with them its tables are unloaded and loaded into each shape (views stay behind).
            """)

    @Option(name: .shortAndLong, help: "A file of queries.")
    var file: String

    @Option(help: "The data directory of a cluster, which nobody else may have open.")
    var dataDir: String

    @OptionGroup(title: "Runs") var run: BenchRunOptions
    @OptionGroup(title: "Output") var output: BenchOutputOptions

    func validate() throws {
        if run.inMemory, run.shapes == nil { throw ValidationError("--in-memory takes --shapes") }
    }

    func run() async throws {
        guard let text = FileManager.default.contents(atPath: file) else {
            printToStandardError("blueshift: cannot read \(file)")
            throw ExitCode(66)
        }
        guard FileManager.default.fileExists(atPath: dataDir) else {
            printToStandardError("blueshift: there is no \(dataDir)")
            throw ExitCode(66)
        }
        try await reportingFailure {
            let queries = try QueryFile(String(decoding: text, as: UTF8.self))
            let name = file.split(separator: "/").last.map(String.init) ?? file
            var plan = BenchmarkPlan(
                mode: "query", workload: Workload(name: name, queries: queries.queries),
                source: .cluster(directory: absolutePath(dataDir)), shapes: run.shapes?.shapes ?? [],
                workDirectory: absolutePath(run.workDir))
            plan.sessionSettings = queries.settings
            run.apply(to: &plan)
            try await runBenchmark(plan, run, output)
        }
    }
}
