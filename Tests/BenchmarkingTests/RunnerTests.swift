import Benchmarking
import Blueshift
import FoundationEssentials
import Testing

/// Real clusters, very small.
@Suite(.serialized) struct RunnerTests {
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/bench-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do { try await body(path) } catch {
            try FileManager.default.removeItem(atPath: path)
            throw error
        }
        try FileManager.default.removeItem(atPath: path)
    }

    private func smallPlan(_ directory: String, queries: [String]) throws -> BenchmarkPlan {
        var plan = BenchmarkPlan(
            mode: "scale", workload: try Workload.tpch.only(queries), source: .generated(TPCH(scale: 0.001)),
            shapes: [BenchmarkShape(nodes: 1, slicesPerNode: 1), BenchmarkShape(nodes: 2, slicesPerNode: 2)],
            workDirectory: directory)
        plan.openings = 2
        plan.rounds = 2
        return plan
    }

    @Test func wholeRun() async throws {
        try await withDirectory { directory in
            var plan = try smallPlan(directory, queries: ["1", "6", "3", "12"])
            plan.copyFileCounts = [1, 2]
            plan.copyRounds = 1
            let report = try await BenchmarkRunner(plan) { _ in }.run(commit: "c0ffee")
            #expect(report.configurations.map(\.name) == ["1x1", "2x2"])
            #expect(report.queries == ["Q1", "Q6", "Q3", "Q12", "COPY 1 file", "COPY 2 files"])
            #expect(report.host.commit == "c0ffee")
            for measurement in report.measurements {
                let isLoad = measurement.kind == .load
                #expect(measurement.runs.count == (isLoad ? 1 : 4), "\(measurement.query)")
                #expect(measurement.cold.count == (isLoad ? 0 : 1))
                #expect(measurement.checksum != nil)
                #expect(measurement.floorMilliseconds.map { $0 > 0 } == true)
                #expect(!measurement.steps.isEmpty)
                let slices = report.configuration(measurement.configuration)?.slices
                #expect(measurement.steps.allSatisfy { $0.milliseconds.count == slices })
                #expect(measurement.runs.allSatisfy { $0.trace.map { $0.slicesBusy > 0 } == true })
            }
            // What lies on other nodes has to come over.
            #expect(report.measurement("Q1", "2x2")?.runs.allSatisfy { ($0.trace?.bytesRemote ?? 0) > 0 } == true)
            let analysis = Analysis(report, bootstrap: Bootstrap(resamples: 50))
            #expect(analysis.summaries.count == 2)
            #expect(TextReport.text(analysis).contains("COPY of the largest table"))
            #expect(HTMLReport.text(analysis).contains("</html>"))

            // A second run finds the clusters loaded.
            #expect(report.configurations.allSatisfy { $0.loadSeconds != nil })
            plan.copyFileCounts = []
            let again = try await BenchmarkRunner(plan) { _ in }.run()
            #expect(again.configurations.allSatisfy { $0.loadSeconds == nil })
            #expect(again.measurement("Q3", "1x1")?.checksum == report.measurement("Q3", "1x1")?.checksum)
        }
    }

    @Test func starSchemaInMemory() async throws {
        try await withDirectory { directory in
            var plan = BenchmarkPlan(
                mode: "ssb", workload: .ssb, source: .generated(SSB(scale: 0.001)),
                shapes: [BenchmarkShape(nodes: 1, slicesPerNode: 2)], workDirectory: directory)
            plan.isInMemory = true
            plan.openings = 1
            plan.rounds = 1
            plan.warmUps = 0
            let report = try await BenchmarkRunner(plan) { _ in }.run()
            #expect(report.queries.count == 13)
            #expect(report.measurements.allSatisfy { $0.cold.isEmpty })
            #expect(!FileManager.default.fileExists(atPath: directory + "/clusters"))
        }
    }

    @Test func ownQueriesOnOwnData() async throws {
        try await withDirectory { directory in
            let cluster = try await Cluster(.init(nodes: 1, slicesPerNode: 2, directory: directory + "/mine"))
            let session = cluster.session()
            try await session.execute("CREATE SCHEMA \"Odd|Name\"")
            try await session.execute(
                "CREATE TABLE \"Odd|Name\".t (id INT, note VARCHAR(30)) DISTKEY (id)")
            try await session.execute(
                "INSERT INTO \"Odd|Name\".t "
                    + "VALUES (1, 'a|b'), (2, NULL), (3, ''), (4, 'back\\\\slash'), (5, 'line\nbreak')"
            )
            await session.close()
            try await cluster.close()
            let queries = try QueryFile(
                "SET query_group TO 'x'; SELECT count(*), count(note), sum(len(note)), max(note) FROM \"Odd|Name\".t")
            var plan = BenchmarkPlan(
                mode: "query", workload: Workload(name: "mine.sql", queries: queries.queries),
                source: .cluster(directory: directory + "/mine"), shapes: [], workDirectory: directory + "/work")
            plan.sessionSettings = queries.settings
            plan.openings = 1
            plan.rounds = 1
            let asItIs = try await BenchmarkRunner(plan) { _ in }.run()
            #expect(asItIs.configurations.map(\.name) == ["1x2"])
            plan.shapes = [BenchmarkShape(nodes: 1, slicesPerNode: 1), BenchmarkShape(nodes: 2, slicesPerNode: 1)]
            let elsewhere = try await BenchmarkRunner(plan) { _ in }.run()
            #expect(elsewhere.configurations.map(\.name) == ["1x1", "2x1"])
            // Every row has come over as it was.
            let mine = try #require(asItIs.measurements.first?.checksum)
            #expect(elsewhere.measurements.allSatisfy { $0.checksum == mine })
        }
    }

    /// A result that depends on the shape fails the run, with the query's name.
    @Test func differentResultsAreNamed() async throws {
        try await withDirectory { directory in
            var plan = try smallPlan(directory, queries: ["1"])
            plan.coldRuns = 0
            plan.workload = Workload(
                name: "wrong", queries: [BenchmarkQuery(name: "slices", text: "SELECT count(*) FROM stv_slices")])
            let runner = BenchmarkRunner(plan) { _ in }
            await #expect {
                _ = try await runner.run()
            } throws: { error in
                "\(error)".hasPrefix("slices gives different results: 1 rows")
            }
        }
    }

    @Test func missingPeer() async throws {
        try await withDirectory { directory in
            var plan = try smallPlan(directory, queries: ["6"])
            plan.openings = 1
            plan.coldRuns = 0
            plan.peer = BenchmarkPlan.Peer(python: "no-such-python", threads: [1], isRequired: false)
            let report = try await BenchmarkRunner(plan) { _ in }.run()
            #expect(report.warnings.contains { $0.hasPrefix("no DuckDB to compare with: cannot run no-such-python") })
            plan.peer?.isRequired = true
            let runner = BenchmarkRunner(plan) { _ in }
            await #expect(throws: BenchmarkError.self) { _ = try await runner.run() }
        }
    }
}
