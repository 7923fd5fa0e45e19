import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure how queries scale with slices, and say how sure that is.",
        discussion: """
            Runs are interleaved: in each round every query runs on every configuration, in an order drawn anew. \
            Figures are medians with intervals at 95 %; results must be equal on every shape.

            Exit status: 0 measured, and no worse than --against; 1 worse beyond the interval (or, of `agree`, a \
            contradiction); 2 the benchmark failed, such as by different results on different shapes; 64 wrong usage; \
            66 a file cannot be read; 74 a file cannot be written.
            """,
        subcommands: [
            BenchScaleCommand.self, BenchTPCHCommand.self, BenchSSBCommand.self, BenchQueryCommand.self,
            BenchReportCommand.self, BenchAgreeCommand.self,
        ])
}
