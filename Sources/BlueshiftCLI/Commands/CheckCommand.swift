import ArgumentParser
import Blueshift
import FoundationEssentials

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Run .sql files and report on the ASSERT statements in them.",
        discussion: """
            Each file runs on a fresh cluster in memory, or, with --data-dir, all of them one after the other on that one. \
            A failed assertion does not end its file; any other error does.

            Exit status: 0 all assertions passed; 1 one failed; 2 a file or an assertion could not be run, or there was \
            none; 64 wrong usage; 66 a file cannot be read; 74 the cluster or a report cannot be opened.
            """)

    @Argument(help: "Files, or folders with .sql files in them.")
    var paths: [String]

    @Option(help: "A file to run before each of the others: schema and data. May be given more than once.")
    var setup: [String] = []

    @Option(help: "Write the results as JUnit XML.")
    var junit: String?

    @Flag(help: "Print the results as TAP.")
    var tap = false

    @Flag(help: "Print annotations for GitHub, too.")
    var github = false

    @OptionGroup var clusterOptions: ClusterOptions

    func run() async throws { try await run(to: BufferedOutput(descriptor: 1)) }

    func run(to output: BufferedOutput) async throws {
        let start = ContinuousClock.now
        // A setup script in the folder is not a file of its own.
        let scripts = try files(under: paths, ending: ".sql").filter { !setup.contains($0) }.map { try script($0) }
        let runner = CheckRunner(setup: try setup.map { try script($0) })
        var results = CheckResults(files: [], seconds: 0)
        let kept =
            clusterOptions.dataDir != nil && !clusterOptions.inMemory ? try await openCluster(clusterOptions) : nil
        for script in scripts {
            let cluster: Cluster
            // Each cluster is like the one before: what there is to know is told once.
            if let kept {
                cluster = kept
            } else {
                cluster = try await openCluster(clusterOptions, isTold: results.files.isEmpty)
            }
            let session = cluster.session()
            let file = await runner.run(script, on: session)
            await session.close()
            if kept == nil { try await cluster.close() }
            results.files.append(file)
            if !tap {
                for line in CheckResults.lines(of: file) { output.line(line) }
                output.flush()
            }
        }
        try await kept?.close()
        let elapsed = (ContinuousClock.now - start).components
        results.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        if tap { output.write(results.tap) } else { output.line(results.summary) }
        if github { for line in results.githubAnnotations { output.line(line) } }
        output.flush()
        if let junit {
            do {
                try Data(results.junit.utf8).write(to: URL(filePath: junit), options: .atomic)
            } catch {
                printToStandardError("blueshift: cannot write \(junit): \(error)")
                throw ExitStatus.cannotWrite
            }
        }
        if results.exitCode != 0 { throw ExitCode(results.exitCode) }
    }

    private func script(_ path: String) throws -> CheckRunner.Script {
        guard let data = FileManager.default.contents(atPath: path) else {
            printToStandardError("blueshift: cannot read \(path)")
            throw ExitCode(66)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            printToStandardError("blueshift: \(path) is not UTF-8")
            throw ExitCode(66)
        }
        return CheckRunner.Script(path: path, text: text)
    }
}
