import ArgumentParser
import Blueshift
import FoundationEssentials

struct SQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Run SQL statements and print their results.",
        discussion: "Statements run in order and the first error ends the run, unless --keep-going is given.")

    @OptionGroup var clusterOptions: ClusterOptions

    @Option(name: [.short, .customLong("command")], help: "Statements to run; may be given more than once.")
    var commands: [String] = []

    @Option(name: .shortAndLong, help: "A file of statements; `-` is standard input, run as it arrives.")
    var file: String?

    @Option(help: "table, csv, json or markdown.")
    var format: ResultFormat = .table

    @Flag(help: "Print each statement's time to standard error.")
    var timing = false

    @Flag(help: "Go on after an error; the exit status still tells.")
    var keepGoing = false

    func validate() throws {
        if commands.isEmpty && file == nil { throw ValidationError("give statements with -c or a file with -f") }
    }

    func run() async throws {
        let cluster = try await openCluster(clusterOptions)
        let runner = StatementRunner(cluster: cluster, format: format, printsTags: format == .table)
        runner.isTiming = timing
        let interrupt = InterruptHandler { [session = runner.session] in session.cancel() }
        defer { interrupt.stop() }

        var succeeded = true
        var script = SQLScript()
        for text in commands where succeeded || keepGoing {
            succeeded = await run(SQLScript.statements(in: text), on: runner, interrupt) && succeeded
        }
        if let file, succeeded || keepGoing {
            if file == "-" {
                for await chunk in standardInputChunks() {
                    succeeded =
                        await run(on: runner, interrupt) { () throws(SQLError) in try script.append(chunk) }
                        && succeeded
                    if !(succeeded || keepGoing) { break }
                }
            } else {
                guard let data = FileManager.default.contents(atPath: file) else {
                    printToStandardError("blueshift: cannot read \(file)")
                    throw ExitCode(66)
                }
                succeeded = await run(on: runner, interrupt) { () throws(SQLError) in try script.append(Array(data)) }
            }
            if succeeded || keepGoing {
                succeeded = await run(on: runner, interrupt) { () throws(SQLError) in try script.finish() } && succeeded
            }
        }
        try await cluster.close()
        if interrupt.wasInterrupted { throw ExitStatus.interrupted }
        if let failure = runner.output.failure {
            printToStandardError("blueshift: cannot write the results: \(failure)")
            throw ExitStatus.cannotWrite
        }
        if !succeeded { throw ExitStatus.statementFailed }
    }

    /// Runs what the script gives; bytes that are no text are an error like that of a statement.
    private func run(
        on runner: StatementRunner, _ interrupt: InterruptHandler, _ statements: () throws(SQLError) -> [String]
    ) async -> Bool {
        do throws(SQLError) {
            return await run(try statements(), on: runner, interrupt)
        } catch {
            printToStandardError(errorReport(error, statement: ""))
            return false
        }
    }

    private func run(_ statements: [String], on runner: StatementRunner, _ interrupt: InterruptHandler) async -> Bool {
        var succeeded = true
        for statement in statements where (succeeded || keepGoing) && !interrupt.wasInterrupted {
            succeeded = await runner.run(statement) && succeeded
        }
        return succeeded
    }
}

/// Opens the cluster that the options name; an error is printed and ends the process with 74.
/// - Parameter isTold: prints what there is to know of the cluster.
func openCluster(_ options: ClusterOptions, isTold: Bool = true) async throws(ExitCode) -> Cluster {
    do {
        let cluster = try await Cluster(options.configuration)
        for notice in cluster.notices where isTold { printToStandardError("\(notice.severity):  \(notice.message)") }
        return cluster
    } catch {
        printToStandardError(errorReport(error, statement: ""))
        throw ExitStatus.cannotOpen
    }
}
