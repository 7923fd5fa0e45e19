/// A report as a terminal shows it.
package struct TextReport {
    private let analysis: Analysis
    private var report: BenchmarkReport { analysis.report }
    private var lines: [String] = []

    package static func text(_ analysis: Analysis) -> String {
        var report = TextReport(analysis: analysis)
        report.write()
        return report.lines.joined(separator: "\n") + "\n"
    }

    private init(analysis: Analysis) { self.analysis = analysis }

    private mutating func write() {
        for warning in report.warnings { lines.append("WARNING:  \(warning)") }
        if !report.warnings.isEmpty { lines.append("") }
        lines += ReportFacts.lines(report)
        section("Configurations")
        lines += configurations.lines
        writePlot()
        let queries = analysis.queries.filter { $0.kind == .query }
        if !queries.isEmpty {
            section("Median milliseconds, warm (± half of the interval at 95 %)")
            lines += times(queries).lines
        }
        if report.settings.coldRuns > 0 {
            section(
                "Cold: first run after opening (block cache empty, the operating system's page cache not), milliseconds"
            )
            lines += cold(queries).lines
        }
        for configuration in analysis.parallelConfigurations where !queries.isEmpty {
            section("Scaling on \(configuration.name)")
            lines += scaling(queries, configuration).lines
        }
        let loads = analysis.queries.filter { $0.kind == .load }
        if !loads.isEmpty {
            section("COPY of the largest table, seconds (± half of the range)")
            lines += copies(loads).lines
        }
        writeOrderings()
        writeFlags()
    }

    private mutating func section(_ title: String) { lines += ["", title, ""] }

    private var configurations: TextTable {
        var table = TextTable(
            [
                "configuration", "slices", "geometric mean", "speed-up [95 %]", "efficiency", "serial share",
                "time / DuckDB 1 thread",
            ])
        for summary in analysis.summaries {
            table.add([
                summary.configuration.title, "\(summary.configuration.slices)",
                timeText(milliseconds: summary.geometricMean), summary.speedUp.map(ratioText) ?? "",
                summary.efficiency.map(percentText) ?? "", summary.serialShare.map(percentText) ?? "",
                summary.ratioToPeer.map(ratioText) ?? "",
            ])
        }
        return table
    }

    private mutating func writePlot() {
        let points = ReportFacts.speedUpPoints(analysis)
        guard points.count > 1 else { return }
        section("Speed-up (geometric mean of the queries): ● measured, ⠢ ideal, line: fitted law")
        lines += SpeedUpPlot(points: points, law: analysis.law?.law, cores: report.host.cores).lines
        lines.append("")
        lines += ReportFacts.lawLines(analysis)
        lines += ReportFacts.costLines(analysis)
    }

    private func times(_ queries: [Analysis.Query]) -> TextTable {
        let names = report.configurations.map(\.name)
        var table = TextTable(["query"] + names + ["COST", "COST / DuckDB"])
        for query in queries {
            table.add(
                [query.name]
                    + names.map { name in
                        guard let cell = query.cell(name) else { return "" }
                        let half = (cell.interval.high - cell.interval.low) / 2
                        return "\(significant(cell.sample.median)) ±\(significant(half))"
                    } + [query.costOfOneSlice?.description ?? "", query.costOfPeer?.description ?? ""])
        }
        return table
    }

    private func cold(_ queries: [Analysis.Query]) -> TextTable {
        let names = report.configurations.filter(\.isCluster).map(\.name)
        var table = TextTable(["query"] + names)
        for query in queries {
            table.add([query.name] + names.map { query.cell($0)?.coldMedian.map(significant) ?? "" })
        }
        return table
    }

    private func scaling(_ queries: [Analysis.Query], _ configuration: BenchmarkConfiguration) -> TextTable {
        var table = TextTable(
            [
                "query", "speed-up [95 %]", "efficiency", "serial share", "ceiling", "leader only", "local", "remote",
                "most uneven step", "max/mean",
            ], leftAligned: [0, 8])
        for query in queries {
            guard let cell = query.cell(configuration.name) else { continue }
            table.add([
                query.name, cell.speedUp.map(ratioText) ?? "", cell.efficiency.map(percentText) ?? "",
                cell.serialShare.map(percentText) ?? "", cell.trace.map { rounded($0.ceiling, 2) } ?? "",
                cell.trace.map { timeText(milliseconds: $0.leaderOnly) } ?? "",
                cell.trace.map { bytesText($0.bytesLocal) } ?? "", cell.trace.map { bytesText($0.bytesRemote) } ?? "",
                cell.worstStep.map(ReportFacts.stepText) ?? "",
                cell.worstStep.map { rounded($0.timeBalance.maxOverMean, 2) } ?? "",
            ])
        }
        return table
    }

    private func copies(_ loads: [Analysis.Query]) -> TextTable {
        let names = report.configurations.filter(\.isCluster).map(\.name)
        var table = TextTable(["load"] + names)
        for load in loads {
            table.add(
                [load.name]
                    + names.map { name in
                        guard let cell = load.cell(name) else { return "" }
                        let half = (cell.sample.maximum - cell.sample.minimum) / 2
                        return "\(significant(cell.sample.median / 1e3)) ±\(significant(half / 1e3))"
                    })
        }
        return table
    }

    private mutating func writeOrderings() {
        for configuration in analysis.parallelConfigurations {
            let ordering = analysis.ordering(on: configuration.name)
            guard ordering.entries.count > 1 else { continue }
            section("Queries by speed-up on \(configuration.name)")
            lines += ReportFacts.orderingLines(ordering)
        }
    }

    private mutating func writeFlags() {
        let flagged = ReportFacts.flagLines(analysis)
        guard !flagged.isEmpty else { return }
        section("To be read with care")
        lines += flagged
    }
}
