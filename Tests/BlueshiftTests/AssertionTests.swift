import Blueshift
import Catalog
import ClusterRuntime
import Testing

/// What ASSERT leaves behind for programs, and what is kept of declared statistics.
@Suite struct AssertionTests {
    @Test func reportsHaveTheFiguresInTheirParts() async throws {
        try await withSession(.init(nodes: 2, slicesPerNode: 2)) { _, session in
            #expect(await session.lastAssertion == nil)
            try await session.execute("CREATE TABLE t (id INT, state CHAR(2)) DISTKEY (state)")
            try await session.insert(into: "t", (0..<100).map { "(\($0), '\($0 < 80 ? "CA" : "NY")')" })
            #expect(try await session.execute("ASSERT NO VALUE OF t.state ABOVE 80 PERCENT").commandTag == "ASSERT")
            var report = try #require(await session.lastAssertion)
            #expect(report.isPassed && report.assertion == "ASSERT NO VALUE OF t.state ABOVE 80 PERCENT")
            let error = await #expect(throws: SQLError.self) { try await session.execute("ASSERT SKEW OF t AT MOST 3") }
            #expect(error?.state == .assertFailure)
            report = try #require(await session.lastAssertion)
            let finding = try #require(report.findings.first)
            let rows = try await session.rowsPerSlice(of: "t")
            let fullest = try #require(rows.max())
            #expect(!finding.isPassed && finding.limit == 3 && finding.value == "'CA'")
            #expect(finding.figure == Double(fullest) / 25)
            #expect(finding.slice == rows.firstIndex(of: fullest))
            #expect(error?.message == finding.message && error?.detail == finding.detail && error?.hint == finding.hint)
        }
    }

    /// The figure of an assertion is that of the trace: nothing is counted twice, nothing estimated.
    @Test func movedBytesAreThoseOfTheTrace() async throws {
        try await withSession(.init(nodes: 2, slicesPerNode: 2)) { _, session in
            try await session.execute("CREATE TABLE a (x INT, y INT) DISTKEY (x)")
            try await session.execute("CREATE TABLE b (x INT, y INT) DISTKEY (x)")
            for table in ["a", "b"] {
                try await session.insert(into: table, (0..<500).map { "(\($0), \($0 * 7 % 500))" })
            }
            for join in ["a.x = b.x", "a.y = b.x", "a.y = b.y", "a.x < b.y"] {
                let query = "SELECT count(*) FROM a JOIN b ON \(join)"
                _ = try await session.rows(query)
                let trace = try #require(await session.lastTrace)
                let steps = trace.runs.flatMap(\.steps).filter { $0.label == "dist" || $0.label == "bcast" }
                let moved = steps.reduce(0) { $0 + $1.bytesLocal + $1.bytesRemote }
                try await session.execute("ASSERT QUERY (\(query)) MOVES AT MOST 1 GB")
                #expect(await session.lastAssertion?.findings.first?.figure == Double(moved), "\(join)")
                // The run that the assertion measured is in the logs as any other.
                let logged = try await session.number(
                    """
                    SELECT coalesce(sum(bytes), 0) FROM svl_query_report
                    WHERE query = pg_last_query_id() AND (label LIKE 'dist%' OR label LIKE 'bcast%')
                    """)
                #expect(logged == Int(moved), "\(join)")
                #expect((moved == 0) == (join == "a.x = b.x"))
            }
        }
    }

    @Test func skippedBlocksAreThoseOfTheTrace() async throws {
        try await withSession(.init(nodes: 2, slicesPerNode: 2)) { _, session in
            try await session.execute("CREATE TABLE t (k INT, v INT) DISTKEY (k) SORTKEY (v)")
            try await session.insert(into: "t", (0..<900).map { "(\($0), \($0 / 9))" })
            try await session.execute("VACUUM t")
            for limit in [0, 50, 99, 200] {
                let query = "SELECT sum(k) FROM t WHERE v > \(limit) AND k <> 5"
                _ = try await session.rows(query)
                let trace = try #require(await session.lastTrace)
                try await session.execute("ASSERT QUERY (\(query)) SKIPS AT LEAST 0 PERCENT OF BLOCKS OF t")
                let share = 100 * Double(trace.blocksSkipped) / Double(trace.blocksSkipped + trace.blocksRead)
                #expect(await session.lastAssertion?.findings.first?.figure == share, "\(limit)")
            }
        }
    }

    @Test func aFailedAssertionFailsItsBlock() async throws {
        try await withSession(.init(nodes: 1, slicesPerNode: 2)) { _, session in
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE EVEN; BEGIN; INSERT INTO t VALUES (1)")
            await expectError(.assertFailure) { try await session.execute("ASSERT DISTSTYLE OF t IS ALL") }
            await expectError(.inFailedTransaction) { try await session.execute("SELECT 1") }
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func parametersStandForValues() async throws {
        try await withSession(.init(nodes: 1, slicesPerNode: 2)) { _, session in
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE EVEN; INSERT INTO t VALUES (1), (2)")
            try await session.execute("ASSERT QUERY (SELECT id FROM t WHERE id > $1) SAME ON SHAPES (2x2)", 1)
        }
    }

    /// Results that are compared, and the rows of the other cluster, are within the leader's memory; what was held goes back.
    @Test func resultsAreHeldWithinTheBudget() async throws {
        var configuration = ClusterConfiguration(shape: ClusterShape(nodes: 1, slicesPerNode: 2))
        configuration.memoryBytes = 16 << 20
        let cluster = try await Cluster(runtime: configuration)
        let session = cluster.session()
        try await session.execute(
            "CREATE TABLE t (id INT, s VARCHAR(3000)) DISTSTYLE EVEN; INSERT INTO t VALUES (1, 'x')")
        for _ in 0..<11 { try await session.execute("INSERT INTO t SELECT id + 1, repeat('y', 3000) FROM t") }
        for _ in 0..<3 {
            await expectError(.outOfMemory) {
                try await session.execute("ASSERT QUERY (SELECT * FROM t) SAME ON SHAPES (1x1)")
            }
        }
        try await session.execute(
            "ASSERT QUERY (SELECT id, max(length(s)) FROM t GROUP BY 1) SAME ON SHAPES (1x2, 2x1)")
        // Those of several sessions take turns.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                let other = cluster.session()
                group.addTask {
                    try await other.execute("ASSERT QUERY (SELECT count(*) FROM t) SAME ON SHAPES (1x1)")
                    await other.close()
                }
            }
            try await group.waitForAll()
        }
        await session.close()
        try await cluster.close()
    }

    @Test func declaredStatisticsOutliveTheProcess() async throws {
        try await withDirectory { directory in
            let configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2, directory: directory + "/cluster")
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT); INSERT INTO t VALUES (1), (2)")
                try await session.execute("DECLARE STATISTICS FOR t (ROWS 2 BILLION, id DISTINCT 5 MILLION)")
            }
            try await withSession(configuration) { _, session in
                #expect(try await session.explain("SELECT * FROM t").contains("rows=2000000000"))
                let notices = try await session.execute("ANALYZE t").notices.map(\.message)
                #expect(notices == ["Statistics of table 't' are pinned and stay as they are."])
                try await session.execute("RESET STATISTICS FOR t; ANALYZE t")
            }
            try await withSession(configuration) { _, session in
                let plan = try await session.explain("SELECT * FROM t")
                #expect(plan.contains("rows=2 "))
                let notices = try await session.execute("ANALYZE t").notices
                #expect(notices.isEmpty)
            }
        }
    }
}
