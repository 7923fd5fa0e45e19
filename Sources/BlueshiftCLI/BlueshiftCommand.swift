import ArgumentParser

@main
struct BlueshiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blueshift",
        abstract: "Amazon Redshift on a laptop: a cluster of leader, compute nodes and slices in this process.",
        discussion: """
            Exit status: 0 all statements succeeded; 1 a statement failed; 64 wrong usage; 74 the cluster could not be \
            opened; 130 interrupted.
            """,
        subcommands: [
            DemoCommand.self, SQLCommand.self, ShellCommand.self, SLTCommand.self, BenchCommand.self,
            CheckCommand.self, WhereCommand.self,
        ]
            + serverCommands)
}

/// What the process says when it ends.
enum ExitStatus {
    static let statementFailed = ExitCode(1)
    static let cannotOpen = ExitCode(74)
    static let cannotWrite = ExitCode(74)
    static let interrupted = ExitCode(130)
}
