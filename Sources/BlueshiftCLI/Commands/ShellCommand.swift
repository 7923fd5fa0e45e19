import ArgumentParser
import Blueshift

struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Type SQL at a prompt; \\? lists the shell's own commands.")

    @OptionGroup var clusterOptions: ClusterOptions

    @Option(help: "table, csv, json or markdown.")
    var format: ResultFormat = .table

    func run() async throws {
        let cluster = try await openCluster(clusterOptions)
        let runner = StatementRunner(cluster: cluster, format: format, printsTags: true)
        await Shell(runner: runner).run()
        try await cluster.close()
    }
}
