import Blueshift

/// What comes in while a benchmark runs, before it is put in order.
struct BenchmarkCollector {
    private struct Key: Hashable {
        var query: String
        var configuration: String
    }

    private struct Checked {
        var checksum: ResultChecksum
        var configuration: String
    }

    /// The latest answer to each query, for peers to be compared with.
    var answers: [String: [Row]] = [:]
    private(set) var warnings: [String] = []
    private var measurements: [Key: BenchmarkReport.Measurement] = [:]
    /// Steps of each run, beside `runs`: only those of the median run are kept in the end.
    private var steps: [Key: [[StepBalance]]] = [:]
    private var checksums: [String: Checked] = [:]
    private var floors: [String: [Double]] = [:]
    private var leftOut: Set<Key> = []
    /// Loads, in the order in which they came.
    private var loads: [String] = []

    mutating func warn(_ text: String) {
        if !warnings.contains(text) { warnings.append(text) }
    }

    private mutating func change(
        _ query: String, _ configuration: String, kind: BenchmarkReport.Measurement.Kind = .query,
        _ body: (inout BenchmarkReport.Measurement) -> Void
    ) {
        let key = Key(query: query, configuration: configuration)
        body(
            &measurements[
                key, default: BenchmarkReport.Measurement(query: query, configuration: configuration, kind: kind)])
    }

    mutating func add(
        _ run: BenchmarkRun, _ steps: [StepBalance], _ query: String, _ configuration: String,
        kind: BenchmarkReport.Measurement.Kind = .query
    ) {
        if kind == .load, !loads.contains(query) { loads.append(query) }
        change(query, configuration, kind: kind) { $0.runs.append(run) }
        self.steps[Key(query: query, configuration: configuration), default: []].append(steps)
    }

    mutating func addCold(_ query: String, _ configuration: String, _ milliseconds: Double) {
        change(query, configuration) { $0.cold.append(milliseconds) }
    }

    mutating func addFloor(_ milliseconds: Double, _ configuration: String) {
        floors[configuration, default: []].append(milliseconds)
    }

    /// - Throws: that the query gave something else before, on this shape or another.
    mutating func check(_ checksum: ResultChecksum, of query: String, _ configuration: String) throws(BenchmarkError) {
        guard let known = checksums[query] else {
            checksums[query] = Checked(checksum: checksum, configuration: configuration)
            return
        }
        guard checksum.agrees(with: known.checksum) else {
            throw BenchmarkError(
                "\(query) gives different results: \(known.checksum) on \(known.configuration), "
                    + "\(checksum) on \(configuration)")
        }
    }

    mutating func leaveOut(_ query: String, _ configuration: String, because reason: String) {
        leftOut.insert(Key(query: query, configuration: configuration))
        measurements[Key(query: query, configuration: configuration)] = nil
        warn("\(query) is not compared with \(configuration): \(reason)")
    }

    func isLeftOut(_ query: String, _ configuration: String) -> Bool {
        leftOut.contains(Key(query: query, configuration: configuration))
    }

    /// Everything, by query and configuration in the order given.
    func measurements(_ queries: [String], _ configurations: [String]) -> [BenchmarkReport.Measurement] {
        var all: [BenchmarkReport.Measurement] = []
        for query in queries + loads {
            for configuration in configurations {
                let key = Key(query: query, configuration: configuration)
                guard var measurement = measurements[key] else { continue }
                if let checked = checksums[query], measurement.runs.contains(where: { $0.trace != nil }) {
                    measurement.checksum = checked.checksum
                }
                measurement.floorMilliseconds = floors[configuration].map { Sample($0).median }
                if let steps = steps[key], steps.count == measurement.runs.count, !steps.isEmpty {
                    let order = measurement.runs.indices.sorted {
                        measurement.runs[$0].milliseconds < measurement.runs[$1].milliseconds
                    }
                    measurement.steps = steps[order[(order.count - 1) / 2]]
                }
                all.append(measurement)
            }
        }
        return all
    }
}
