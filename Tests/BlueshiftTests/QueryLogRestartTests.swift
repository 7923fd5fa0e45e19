import Blueshift
import FoundationEssentials
import Testing

@testable import ClusterRuntime

/// The log of statements after a restart, an orderly one or not.
@Suite struct QueryLogRestartTests {
    private func configuration(_ directory: String) -> Cluster.Configuration {
        Cluster.Configuration(nodes: 2, slicesPerNode: 2, directory: directory + "/cluster")
    }

    private static let views = [
        "SELECT * FROM svl_query_report WHERE query <= 5 ORDER BY query, segment, step, slice",
        "SELECT * FROM stl_explain WHERE query <= 5 ORDER BY query, nodeid",
        "SELECT * FROM stl_ddltext ORDER BY starttime", "SELECT * FROM stl_query WHERE query <= 5 ORDER BY query",
        "SELECT * FROM sys_query_detail WHERE query_id <= 5 ORDER BY 2, 4, 5, 6",
        "SELECT * FROM stl_wlm_query WHERE query <= 5 ORDER BY query",
    ]

    private func answers(_ session: Session) async throws -> [String] {
        var answers: [String] = []
        for view in QueryLogRestartTests.views {
            let rows = try await session.rows(view)
            #expect(rows.count > 0, "\(view)")
            answers.append(
                rows.map { row in (0..<row.count).map { "\(row[$0])" }.joined(separator: "|") }.joined(separator: "\n"))
        }
        return answers
    }

    @Test func theLogOutlivesARestart() async throws {
        try await withDirectory { directory in
            var before: [String] = []
            var last = 0
            try await withSession(configuration(directory)) { _, session in
                try await session.execute("CREATE TABLE t (id INT, v INT) DISTKEY (id)")
                try await session.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)")
                _ = try await session.rows("SELECT v, count(*) FROM t GROUP BY v")
                before = try await answers(session)
                last = try await session.number("SELECT max(query_id) FROM sys_query_history")
            }
            for run in 0..<2 {
                if run == 1 {
                    // A record that a crash has cut off.
                    let file = URL(filePath: directory + "/cluster/query-log")
                    var bytes = try Data(contentsOf: file)
                    bytes.append(contentsOf: [200, 0, 0, 0, 1, 2, 3, 4, 5])
                    try bytes.write(to: file)
                }
                try await withSession(configuration(directory)) { _, session in
                    #expect(try await answers(session) == before)
                    _ = try await session.rows("SELECT count(*) FROM t")
                    let next = try await session.number("SELECT pg_last_query_id()")
                    #expect(next > last)
                    let numbers = "SELECT count(*) - count(DISTINCT query_id) FROM sys_query_history"
                    #expect(try await session.number(numbers) == 0)
                    last = next
                }
            }
        }
    }

    /// Rows that came and went since ANALYZE: in the log of commits first, then in a checkpoint; of all databases.
    @Test func statisticsAreAsFarOffAfterARestart() async throws {
        try await withDirectory { directory in
            let off = "SELECT stats_off::int FROM svv_table_info WHERE \"table\" = 't'"
            try await withSession(configuration(directory)) { _, session in
                try await session.execute("CREATE TABLE t (id INT, v INT) DISTKEY (id)")
                try await session.insert(into: "t", (0..<100).map { "(\($0), 0)" })
                try await session.execute("ANALYZE t")
                try await session.execute("UPDATE t SET v = 1 WHERE id < 10")
                #expect(try await session.number(off) == 20)
            }
            for _ in 0..<2 {
                try await withSession(configuration(directory)) { _, session in
                    #expect(try await session.number(off) == 20)
                    try await session.execute("VACUUM t")
                    #expect(try await session.number(off) == 20)
                }
            }
        }
    }

    /// What was written when the process was killed is there: the directory is copied while the cluster runs.
    @Test func theLogOutlivesAKill() async throws {
        try await withDirectory { directory in
            try await withSession(configuration(directory)) { cluster, session in
                try await session.execute("CREATE TABLE t (id INT)")
                for _ in 0..<20 { _ = try await session.rows("SELECT count(*) FROM t") }
                let log = cluster.runtime.queryLog
                await log.flush()
                try FileManager.default.createDirectory(atPath: directory + "/copy", withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: directory + "/cluster", toPath: directory + "/copy/cluster")
            }
            try await withSession(configuration(directory + "/copy")) { _, session in
                let queries = try await session.number(
                    "SELECT count(*) FROM stl_query WHERE querytxt LIKE 'SELECT count%'")
                #expect(queries == 20)
                let definitions = try await session.number("SELECT count(*) FROM stl_ddltext")
                #expect(definitions == 1)
            }
        }
    }
}
