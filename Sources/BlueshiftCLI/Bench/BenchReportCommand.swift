import ArgumentParser
import Benchmarking

struct BenchReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show a report that was measured before, or compare two, without measuring.")

    @Argument(help: "A report that --json wrote.")
    var file: String

    @OptionGroup(title: "Output") var output: BenchOutputOptions

    func run() async throws {
        try await reportingFailure { try output.write(try readReport(file)) }
    }
}

struct BenchAgreeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agree", abstract: "Whether several runs put the queries in the same order of speed-up.",
        discussion: """
            Exit status 1 if one run tells two queries apart (intervals that do not overlap, each opening saying the \
            same) and another has them the other way round.
            """)

    @Argument(help: "Two or more reports that --json wrote.")
    var files: [String]

    func validate() throws {
        if files.count < 2 { throw ValidationError("give two reports at least") }
    }

    func run() async throws {
        try await reportingFailure {
            let agreement = try OrderingAgreement(files.map { Analysis(try readReport($0)) })
            let output = BufferedOutput(descriptor: 1)
            output.write(ComparisonText.text(agreement))
            output.flush()
            if !agreement.agrees { throw ExitCode(1) }
        }
    }
}
