/// A report as one page that needs nothing else: styles and pictures are in it, there are no scripts.
package struct HTMLReport {
    private let analysis: Analysis
    private var report: BenchmarkReport { analysis.report }
    private var body: [String] = []
    private var figureCount = 0

    package static func text(_ analysis: Analysis) -> String {
        var page = HTMLReport(analysis: analysis)
        page.write()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(escaped(page.title))</title>
            <style>
            \(PageStyle.text(configurations: analysis.report.configurations))
            </style>
            </head>
            <body>
            <main>
            \(page.body.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private init(analysis: Analysis) { self.analysis = analysis }

    private var title: String { "\(ReportFacts.title(report)) on one slice and more" }

    private mutating func write() {
        body.append("<h1>\(escaped(title))</h1>")
        body.append("<p class=\"lead\">\(escaped(lead))</p>")
        for warning in report.warnings { body.append("<p class=\"warning\">\(escaped(warning))</p>") }
        body.append(summaryTable)
        writeFigures()
        writeTables()
        writeFacts()
    }

    /// The result in a sentence.
    private var lead: String {
        guard let best = ReportFacts.headline(analysis), let speedUp = best.speedUp
        else {
            let means = analysis.summaries.map {
                "\(timeText(milliseconds: $0.geometricMean)) on \($0.configuration.title)"
            }
            return "Geometric mean of \(analysis.summaries.first?.queryCount ?? 0) queries: "
                + means.joined(separator: "; ") + "."
        }
        var text =
            "On \(best.configuration.title) the queries (\(best.queryCount)) are \(rounded(speedUp.value, 2)) times as "
            + "fast as on one slice, in the geometric mean (95 % interval \(rounded(speedUp.interval.low, 2)) to "
            + "\(rounded(speedUp.interval.high, 2)))"
        if let share = best.serialShare, (0...1).contains(share) {
            text += ", as if \(percentText(share)) of the work were serial"
        }
        return text + "."
    }

    // MARK: Figures

    private mutating func writeFigures() {
        if var chart = SpeedUpChart(analysis) {
            let lines = ReportFacts.lawLines(analysis) + ReportFacts.costLines(analysis)
            figure("Speed-up over slices", chart.markup(), lines.joined(separator: " "))
        }
        for configuration in analysis.parallelConfigurations {
            guard var chart = QuerySpeedUpChart(analysis, configuration) else { continue }
            let ordering = analysis.ordering(on: configuration.name)
            let pairs = ordering.entries.count * (ordering.entries.count - 1) / 2
            figure(
                "Speed-up of each query on \(configuration.title)", chart.markup(),
                "\(ordering.separated.count) of \(pairs) pairs of queries are told apart (intervals at 99 % do not "
                    + "overlap, and each opening of the clusters says the same); within a band they are not. Names in "
                    + "grey: too short to measure.")
        }
        if var chart = TimesChart(analysis) {
            figure(
                "Warm times", chart.markup(),
                "Points are medians of \(report.settings.openings * report.settings.roundsPerOpening) runs, lines "
                    + "lead from the first quartile to the third. Diamonds: DuckDB on the same data.")
        }
        for configuration in analysis.parallelConfigurations {
            guard var chart = LossChart(analysis, configuration) else { continue }
            figure(
                "Where the time goes on \(configuration.title)", chart.markup(),
                "From the trace of the same runs. Even work is what the slices computed, spread evenly over "
                    + "\(configuration.concurrentSlices) at a time; slowest slice is what waiting for the "
                    + "slowest one of each segment adds; leader only is time in which no slice had a segment.")
        }
        if var chart = LoadsChart(analysis) {
            figure(
                "COPY of the largest table", chart.markup(),
                "Medians; lines reach from the fastest run to the slowest. A gzip file is read by one slice.")
        }
    }

    private mutating func figure(_ title: String, _ picture: String, _ caption: String) {
        figureCount += 1
        body.append(
            """
            <figure>
            \(picture)
            <figcaption><b>Figure \(figureCount). \(escaped(title)).</b> \(escaped(caption))</figcaption>
            </figure>
            """)
    }

    // MARK: Tables

    private var summaryTable: String {
        HTMLReport.table(
            [
                "configuration", "slices", "geometric mean", "speed-up [95 %]", "efficiency", "serial share",
                "time / DuckDB, 1 thread [95 %]",
            ],
            analysis.summaries.map { summary in
                [
                    summary.configuration.title, "\(summary.configuration.slices)",
                    timeText(milliseconds: summary.geometricMean), summary.speedUp.map(ratioText) ?? "",
                    summary.efficiency.map(percentText) ?? "", summary.serialShare.map(percentText) ?? "",
                    summary.ratioToPeer.map(ratioText) ?? "",
                ]
            })
    }

    private mutating func writeTables() {
        let queries = analysis.queries.filter { $0.kind == .query }
        let names = report.configurations.map(\.name)
        if !queries.isEmpty {
            body.append("<h2>Median milliseconds, warm</h2>")
            body.append(
                HTMLReport.table(
                    ["query"] + names + ["COST", "COST / DuckDB"],
                    queries.map { query in
                        [query.name]
                            + names.map { name in
                                guard let cell = query.cell(name) else { return "" }
                                let half = (cell.interval.high - cell.interval.low) / 2
                                return "\(significant(cell.sample.median)) ± \(significant(half))"
                            } + [query.costOfOneSlice?.description ?? "", query.costOfPeer?.description ?? ""]
                    }))
        }
        for configuration in analysis.parallelConfigurations {
            let cells = queries.compactMap { query in query.cell(configuration.name).map { (query, $0) } }
            guard !cells.isEmpty else { continue }
            body.append("<h2>Scaling on \(escaped(configuration.title))</h2>")
            body.append(HTMLReport.table(HTMLReport.scalingTitles, cells.map { HTMLReport.scaling($0, $1) }))
        }
        if report.settings.coldRuns > 0 {
            let clusters = report.configurations.filter(\.isCluster).map(\.name)
            body.append("<h2>Cold: first run after opening, milliseconds</h2>")
            body.append(
                "<p>The block cache is empty; the operating system's page cache is not.</p>")
            body.append(
                HTMLReport.table(
                    ["query"] + clusters,
                    queries.map { query in
                        [query.name] + clusters.map { query.cell($0)?.coldMedian.map(significant) ?? "" }
                    }))
        }
    }

    private static let scalingTitles = [
        "query", "speed-up [95 %]", "efficiency", "serial share", "ceiling", "leader only", "local", "remote",
        "most uneven step", "max/mean",
    ]

    private static func scaling(_ query: Analysis.Query, _ cell: Analysis.Cell) -> [String] {
        [
            query.name, cell.speedUp.map(ratioText) ?? "", cell.efficiency.map(percentText) ?? "",
            cell.serialShare.map(percentText) ?? "", cell.trace.map { rounded($0.ceiling, 2) } ?? "",
            cell.trace.map { timeText(milliseconds: $0.leaderOnly) } ?? "",
            cell.trace.map { bytesText($0.bytesLocal) } ?? "", cell.trace.map { bytesText($0.bytesRemote) } ?? "",
            cell.worstStep.map(ReportFacts.stepText) ?? "",
            cell.worstStep.map { rounded($0.timeBalance.maxOverMean, 2) } ?? "",
        ]
    }

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        let head = titles.map { "<th>\(escaped($0))</th>" }.joined()
        let lines = rows.map { row in
            "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
        }
        return """
            <div class="scroll"><table><thead><tr>\(head)</tr></thead><tbody>
            \(lines.joined(separator: "\n"))
            </tbody></table></div>
            """
    }

    private mutating func writeFacts() {
        let flags = ReportFacts.flagLines(analysis)
        if !flags.isEmpty {
            body.append("<h2>To be read with care</h2>")
            body.append("<ul>" + flags.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>")
        }
        body.append("<h2>How it was measured</h2>")
        let facts = ReportFacts.facts(report)
        body.append(
            "<dl>" + facts.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd>" }.joined() + "</dl>")
    }
}
