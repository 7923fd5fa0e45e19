/// One line for each query and configuration, for spreadsheets and other plotting programs. Times are milliseconds;
/// what does not apply is empty. RFC 4180.
package enum CSVReport {
    package static func text(_ analysis: Analysis) -> String {
        let titles = [
            "query", "kind", "configuration", "nodes", "slices", "runs", "median", "low95", "high95", "minimum", "q1",
            "q3", "mad", "cold", "speedup", "speedup_low95", "speedup_high95", "efficiency", "serial_share",
            "ceiling", "worst_step", "worst_step_max_over_mean", "leader_only", "planning", "slices_busy",
            "bytes_local", "bytes_remote", "bytes_spilled", "blocks_read", "blocks_skipped", "checksum", "flags",
        ]
        var lines = [titles.joined(separator: ",")]
        for query in analysis.queries {
            for cell in query.cells { lines.append(line(query, cell, analysis.report)) }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static func line(_ query: Analysis.Query, _ cell: Analysis.Cell, _ report: BenchmarkReport) -> String {
        let configuration = cell.configuration
        let trace = cell.trace
        let checksum = report.measurement(query.name, configuration.name)?.checksum
        var fields: [String] = [
            query.name, query.kind.rawValue, configuration.name, "\(configuration.nodes)", "\(configuration.slices)",
            "\(cell.sample.count)",
        ]
        fields += [
            cell.sample.median, cell.interval.low, cell.interval.high, cell.sample.minimum, cell.sample.quantile(0.25),
            cell.sample.quantile(0.75), cell.sample.medianAbsoluteDeviation,
        ].map { rounded($0, 4) }
        fields += [
            cell.coldMedian, cell.speedUp?.value, cell.speedUp?.interval.low, cell.speedUp?.interval.high,
            cell.efficiency, cell.serialShare, trace?.ceiling,
        ].map { $0.map { rounded($0, 4) } ?? "" }
        fields.append(cell.worstStep.map(ReportFacts.stepText) ?? "")
        fields += [
            cell.worstStep?.timeBalance.maxOverMean, trace?.leaderOnly, trace?.planning, trace?.slicesBusy,
        ].map { $0.map { rounded($0, 4) } ?? "" }
        fields += [
            trace?.bytesLocal, trace?.bytesRemote, trace?.bytesSpilled, trace?.blocksRead, trace?.blocksSkipped,
        ].map { $0.map { "\($0)" } ?? "" }
        fields.append(checksum?.exact ?? "")
        fields.append(cell.flags.map(\.rawValue).joined(separator: "; "))
        return fields.map(quoted).joined(separator: ",")
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
