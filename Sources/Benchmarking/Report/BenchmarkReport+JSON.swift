package import FoundationEssentials

extension BenchmarkReport {
    /// Indented, keys in order, so that reports can be compared line by line and kept in a repository.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data([0x0A])
    }

    private struct Head: Decodable {
        var format: String
        var version: Int
    }

    /// - Throws: that it is no report, or one of another version.
    package init(json: Data) throws(BenchmarkError) {
        let head: Head
        do { head = try JSONDecoder().decode(Head.self, from: json) } catch {
            throw BenchmarkError("the file is no report of blueshift bench")
        }
        guard head.format == BenchmarkReport.formatName else {
            throw BenchmarkError("the file is of format \(head.format), not \(BenchmarkReport.formatName)")
        }
        guard head.version == BenchmarkReport.formatVersion else {
            throw BenchmarkError(
                "the report is of version \(head.version); this program reads version \(BenchmarkReport.formatVersion)")
        }
        do { self = try JSONDecoder().decode(BenchmarkReport.self, from: json) } catch {
            throw BenchmarkError("the report is damaged: \(error)")
        }
        try checkReferences()
    }

    /// What the analysis counts on and a file written by others may lack.
    private func checkReferences() throws(BenchmarkError) {
        for measurement in measurements {
            guard configuration(measurement.configuration) != nil else {
                throw BenchmarkError("the report has no configuration \(measurement.configuration)")
            }
            guard measurement.runs.allSatisfy({ $0.milliseconds.isFinite && $0.milliseconds > 0 }),
                measurement.cold.allSatisfy({ $0.isFinite && $0 > 0 })
            else { throw BenchmarkError("the report has times of \(measurement.query) that are none") }
            guard measurement.steps.allSatisfy({ !$0.milliseconds.isEmpty && !$0.rows.isEmpty }) else {
                throw BenchmarkError("the report has steps of \(measurement.query) without slices")
            }
        }
        guard configurations.allSatisfy({ $0.slices >= 1 }) else {
            throw BenchmarkError("the report has a configuration without slices")
        }
    }
}
