import Blueshift
import Catalog
import ClusterRuntime
import QueryPlan
import Testing

/// Queries that run whole do what they do the usual way, slice by slice and step by step.
@Suite struct WholeQueryTests {
    private static let tables = [
        "CREATE TABLE sale (id INT, grp INT, price DECIMAL(8,2), name VARCHAR(20)) DISTKEY (id) SORTKEY (id)",
        "CREATE TABLE kind (grp INT, label VARCHAR(10)) DISTSTYLE ALL",
        "CREATE TABLE none (i INT)",
        "INSERT INTO kind VALUES (0, 'zero'), (1, 'one'), (2, NULL)",
    ]

    private static let queries = [
        "SELECT grp, count(*), sum(price) FROM sale WHERE grp < 5 GROUP BY grp ORDER BY grp",
        "SELECT grp, name, avg(price), min(id), max(name) FROM sale GROUP BY grp, name ORDER BY 1, 2",
        "SELECT count(*) FROM sale",
        "SELECT id, price FROM sale WHERE id % 97 = 3 ORDER BY price DESC LIMIT 7",
        "SELECT count(DISTINCT grp) FROM sale WHERE name LIKE '%1'",
        "SELECT label FROM kind ORDER BY label",
        "SELECT i, sum(i) FROM none GROUP BY i",
        "SELECT max(i) FROM none",
        "SELECT id, rank() OVER (PARTITION BY grp ORDER BY price) FROM sale WHERE id < 40 ORDER BY id",
        "SELECT grp FROM sale WHERE id < 5 UNION ALL SELECT grp FROM kind ORDER BY 1",
        "SELECT DISTINCT grp FROM sale ORDER BY 1 LIMIT 3",
    ]

    private func withTables<T>(_ workload: String?, _ body: (Session) async throws -> T) async throws -> T {
        var configuration = ClusterConfiguration(shape: ClusterShape(nodes: 1, slicesPerNode: 3))
        configuration.workload = workload
        let cluster = try await Cluster(runtime: configuration)
        let session = cluster.session()
        for table in Self.tables { try await session.execute(table) }
        let rows = (0..<1_500).map { "(\($0), \($0 * 7 % 10), \($0 % 400).25, 'name \($0 % 13)')" }
        try await session.insert(into: "sale", rows)
        let result = try await body(session)
        await session.close()
        try await cluster.close()
        return result
    }

    /// What each step of each slice did, without times.
    private func figures(_ sql: String, _ session: Session) async throws -> (rows: [String], steps: [String]) {
        let rows = try await session.rows(sql).map { "\($0)" }
        let trace = try #require(await session.lastTrace)
        let steps = trace.runs.flatMap { run in
            run.steps.map { step in
                "\(run.segment) \(run.slice ?? -1) \(step.label) \(step.rowsIn) \(step.rowsOut) \(step.bytesLocal)"
                    + " \(step.bytesRemote) \(step.rowsSent) \(step.blocksRead) \(step.blocksSkipped)"
                    + " \(step.rowsStored) \(step.rowGroupsRead) \(step.algorithm)"
            }
        }
        return (rows, steps)
    }

    @Test func itsTraceIsThatOfTheUsualWay() async throws {
        // A queue with a limit of time runs its queries the usual way.
        let timed = #"[{"query_concurrency": 5, "max_execution_time": 3600000}]"#
        let usual = try await withTables(timed) { session in
            var all: [(rows: [String], steps: [String])] = []
            for query in Self.queries { all.append(try await figures(query, session)) }
            return all
        }
        try await withTables(nil) { session in
            // Once more with what was kept of the first time.
            for _ in 0..<2 {
                for (query, expected) in zip(Self.queries, usual) {
                    let found = try await figures(query, session)
                    #expect(found.rows == expected.rows, "\(query)")
                    #expect(found.steps == expected.steps, "\(query)")
                }
            }
        }
    }

    @Test func slicesRunOneAfterTheOther() async throws {
        try await withTables(nil) { session in
            _ = try await session.rows(Self.queries[0])
            let runs = try #require(await session.lastTrace).runs.sorted { $0.start < $1.start }
            #expect(runs.count == 7)
            for (run, next) in zip(runs, runs.dropFirst()) { #expect(run.end <= next.start) }
            for run in runs { #expect(run.blocked == 0 && run.running > 0 && run.waitingForCore >= 0) }
        }
    }

    @Test func errorsAndTransactionsAreThoseOfOtherQueries() async throws {
        try await withTables(nil) { session in
            let failing = "SELECT sum(100 / (grp - 3)) FROM sale"
            await expectError(.divisionByZero) { _ = try await session.rows(failing) }
            try await session.execute("BEGIN")
            await expectError(.divisionByZero) { _ = try await session.rows(failing) }
            await expectError(.inFailedTransaction) { _ = try await session.rows("SELECT count(*) FROM sale") }
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT count(*) FROM sale") == 1_500)
            #expect(
                try await session.number("SELECT count(*) FROM stl_query WHERE querytxt = '\(failing)' AND aborted = 1")
                    == 2)
        }
    }

    @Test func rowsThatWereDeletedOrAddedAreSeen() async throws {
        try await withTables(nil) { session in
            let count = "SELECT count(*) FROM sale"
            #expect(try await session.number(count) == 1_500)
            try await session.execute("DELETE FROM sale WHERE id < 100")
            #expect(try await session.number(count) == 1_400)
            for _ in 0..<3 { try await session.execute("INSERT INTO sale SELECT id, grp, price, name FROM sale") }
            // Past the limit: the usual way.
            #expect(try await session.number(count) == 11_200)
        }
    }
}
