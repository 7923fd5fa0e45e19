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

    /// What the analysis counts on and a file written by others may lack: configurations that are there, times that are
    /// times, numbers that can be added and multiplied.
    private func checkReferences() throws(BenchmarkError) {
        let isPlausible =
            configurations.allSatisfy { (1...65_536).contains($0.slices) && (1...65_536).contains($0.concurrentSlices) }
            && (1...65_536).contains(host.cores) && (1...10_000).contains(settings.openings)
            && (1...10_000).contains(settings.roundsPerOpening) && (data.scale.map { (0...1e6).contains($0) } ?? true)
        guard isPlausible else { throw BenchmarkError("the report has settings or configurations that cannot be") }
        for measurement in measurements {
            guard configuration(measurement.configuration) != nil else {
                throw BenchmarkError("the report has no configuration \(measurement.configuration)")
            }
            guard measurement.hasPlausibleFigures else {
                throw BenchmarkError("the report has figures of \(measurement.query) that cannot be")
            }
        }
    }
}

extension BenchmarkReport.Measurement {
    /// From a nanosecond to thirty years.
    private static let times = 1e-6...1e12
    private static let spans = 0...1e12
    private static let counts = Int64(0)...1 << 60

    fileprivate var hasPlausibleFigures: Bool {
        runs.allSatisfy { run in
            Self.times.contains(run.milliseconds) && (run.trace.map(Self.isPlausible) ?? true)
        }
            && cold.allSatisfy(Self.times.contains) && (floorMilliseconds.map(Self.times.contains) ?? true)
            && steps.allSatisfy { step in
                !step.milliseconds.isEmpty && step.milliseconds.allSatisfy(Self.spans.contains)
                    && !step.rows.isEmpty && step.rows.allSatisfy(Self.counts.contains)
            }
    }

    private static func isPlausible(_ trace: TraceFigures) -> Bool {
        [
            trace.planning, trace.leaderOnly, trace.slicesBusy, trace.waitingForCore, trace.blocked,
            trace.slowestSlices,
        ].allSatisfy(spans.contains)
            && [
                trace.bytesLocal, trace.bytesRemote, trace.bytesSpilled, trace.blocksRead, trace.blocksSkipped,
            ].allSatisfy(counts.contains)
    }
}
