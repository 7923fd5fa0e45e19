import Blueshift
import FoundationEssentials

extension BenchmarkRunner {
    /// The largest table from different numbers of gzip files: a file is the unit that COPY deals to slices.
    func runLoads() async throws {
        guard case .generated(let data) = plan.source,
            let table = data.tables.max(by: { $0.unitCount < $1.unitCount })
        else { throw BenchmarkError("numbers of COPY files can be varied only for generated data") }
        let files = DataFiles(root: plan.workDirectory + "/data", data: data)
        var prefixes: [(count: Int, prefix: String)] = []
        for count in plan.copyFileCounts {
            progress("writing \(table.name) as \(count) files")
            prefixes.append((count, try await files.prepare(table, files: count)))
        }
        for round in 0..<plan.copyRounds {
            progress("COPY, round \(round + 1) of \(plan.copyRounds)")
            for (count, prefix) in prefixes {
                for shape in plan.shapes.shuffled(by: &random) {
                    try await load(table, from: prefix, files: count, into: shape, round: round)
                }
            }
        }
    }

    /// Into a cluster that is made for this one load and removed.
    private func load(
        _ table: DataTable, from prefix: String, files: Int, into shape: BenchmarkShape, round: Int
    ) async throws {
        let name = "\(shape.nodes)x\(shape.slicesPerNode)"
        let directory = "\(plan.workDirectory)/clusters/copy-\(name)"
        if FileManager.default.fileExists(atPath: directory) { try FileManager.default.removeItem(atPath: directory) }
        var settings = Cluster.Configuration(
            nodes: shape.nodes, slicesPerNode: shape.slicesPerNode, directory: plan.isInMemory ? nil : directory)
        settings.memoryBytes = memoryBytesPerCluster.map { Int($0) }
        settings.concurrentSlices = plan.concurrentSlices
        settings.allowsLocalFiles = true
        let configuration = BenchmarkConfiguration(
            nodes: shape.nodes, slicesPerNode: shape.slicesPerNode,
            cores: plan.concurrentSlices ?? Platform.coreCount)
        let cluster = BenchmarkCluster(configuration, settings, sessionSettings: [])
        try await cluster.open()
        _ = try await cluster.session.execute(table.createStatement)
        let copy = "COPY \(table.name) FROM \(BenchmarkTables.quoted(prefix)) GZIP DELIMITER '|'"
        let timed = try await cluster.time(copy)
        let rows = try await cluster.session.rows("SELECT count(*) FROM \(table.name)")
        let query = "COPY \(files) file\(files == 1 ? "" : "s")"
        try collected.check(ResultChecksum(rows), of: query, name)
        var run = BenchmarkRun(opening: round, round: 0, milliseconds: timed.milliseconds)
        var steps: [StepBalance] = []
        if let trace = timed.trace {
            run.trace = TraceFigures(trace, milliseconds: timed.milliseconds)
            steps = StepBalance.steps(of: trace, slices: configuration.slices)
        }
        collected.add(run, steps, query, name, kind: .load)
        try await cluster.close()
        if !plan.isInMemory { try FileManager.default.removeItem(atPath: directory) }
    }
}
