/// Comparisons as a terminal shows them.
package enum ComparisonText {
    package static func text(_ comparison: Comparison) -> String {
        var lines: [String] = comparison.warnings.map { "WARNING:  \($0)" }
        if !lines.isEmpty { lines.append("") }
        var table = TextTable(
            ["query", "configuration", "old ms", "new ms", "new / old [95 %]", "verdict"], leftAligned: [0, 1, 5])
        for line in comparison.lines {
            table.add([
                line.query, line.configuration, significant(line.oldMedian), significant(line.newMedian),
                ratioText(line.ratio), line.verdict.rawValue,
            ])
        }
        for mean in comparison.means {
            table.add([
                "geometric mean", mean.configuration, "", "", ratioText(mean.ratio),
                mean.isPeer ? "(control) \(mean.verdict.rawValue)" : mean.verdict.rawValue,
            ])
        }
        lines += table.lines
        lines.append("")
        lines.append(
            "A query's verdict is by an interval that allows for \(comparison.lines.count) looks at once, the "
                + "mean's by the one shown; up to \(percentText(comparison.tolerance)) slower is tolerated.")
        lines.append(comparison.isWorse ? "Worse than before." : "No worse than before.")
        return lines.joined(separator: "\n") + "\n"
    }

    package static func text(_ agreement: OrderingAgreement) -> String {
        var table = TextTable(
            ["configuration", "queries", "pairs", "told apart by all", "by some", "contradictions"])
        for configuration in agreement.configurations {
            table.add([
                configuration.name, "\(configuration.queryCount)", "\(configuration.pairCount)",
                "\(configuration.separatedByAll)", "\(configuration.separatedBySome)",
                "\(configuration.contradictions.count)",
            ])
        }
        var lines = table.lines
        for configuration in agreement.configurations {
            for pair in configuration.contradictions {
                lines.append("\(configuration.name): \(pair.above) above \(pair.below) in one run, below it in another")
            }
        }
        lines.append("")
        lines.append(
            agreement.agrees
                ? "The runs agree: what one of them tells apart stands in the same order in all."
                : "The runs contradict each other.")
        return lines.joined(separator: "\n") + "\n"
    }
}
