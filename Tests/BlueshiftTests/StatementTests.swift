import Blueshift
import FoundationEssentials
import Testing

/// A directory for one test, removed afterwards.
func withDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("blueshift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
}

@Suite struct StatementTests {
    @Test func createTableAsAndDrop() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE t (id INT, v INT) DISTKEY (id)")
            try await session.insert(into: "t", (0..<200).map { "(\($0), \($0 % 3))" })
            try await session.execute("CREATE TABLE u DISTKEY (v) AS SELECT v, count(*) AS n FROM t GROUP BY v")
            #expect(try await session.number("SELECT sum(n) FROM u") == 200)
            #expect(try await session.number("SELECT count(*) FROM u") == 3)
            try await session.execute("TRUNCATE u")
            #expect(try await session.number("SELECT count(*) FROM u") == 0)
            try await session.execute("DROP TABLE u")
            await expectError(.undefinedTable) { _ = try await session.rows("SELECT * FROM u") }
            let again = try await session.execute("DROP TABLE IF EXISTS u")
            #expect(again.notices.count == 1)
            await expectError(.duplicateTable) { try await session.execute("CREATE TABLE t (id INT)") }
        }
    }

    @Test func severalStatementsInOneText() async throws {
        try await withSession { _, session in
            let rows = try await session.rows(
                "CREATE TABLE t (id INT); INSERT INTO t VALUES (4), (5); SELECT sum(id) FROM t")
            #expect(try rows[0].decode(Int.self) == 9)
        }
    }

    @Test func parameters() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
            try await session.execute("INSERT INTO t VALUES ($1, $2)", 7, "seven")
            let rows = try await session.rows("SELECT name FROM t WHERE id = $1", 7)
            #expect(rows.map { $0["name"] } == [SQLValue("seven")])
        }
    }

    @Test func settings() async throws {
        try await withSession { _, session in
            try await session.execute("SET query_group TO 'etl'")
            #expect(try await session.rows("SHOW query_group")[0].decode(String.self) == "etl")
            try await session.execute("RESET query_group")
            #expect(try await session.rows("SHOW query_group")[0].decode(String.self) == "default")
            await expectError(.undefinedObject) { try await session.execute("SET no_such_thing TO 1") }
            await expectError(.featureNotSupported) { try await session.execute("SET datestyle TO 'German'") }
            await expectError(.invalidParameterValue) { try await session.execute("SET statement_timeout TO 'soon'") }
        }
    }

    @Test func transactionsCommitAllOrNothing() async throws {
        try await withSession { cluster, session in
            let other = cluster.session()
            try await session.execute("CREATE TABLE t (id INT)")
            try await session.execute("BEGIN")
            try await session.execute("INSERT INTO t VALUES (1), (2)")
            try await session.execute("CREATE TABLE inside (id INT)")
            try await session.execute("INSERT INTO inside SELECT id FROM t")
            #expect(try await session.number("SELECT count(*) FROM inside") == 2, "it sees its own changes")
            #expect(try await other.number("SELECT count(*) FROM t") == 0, "others do not")
            try await session.execute("COMMIT")
            #expect(try await other.number("SELECT count(*) FROM inside") == 2)

            try await session.execute("BEGIN; INSERT INTO t VALUES (3)")
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT count(*) FROM t") == 2)

            try await session.execute("BEGIN")
            await expectError(.undefinedTable) { try await session.execute("SELECT * FROM nowhere") }
            await expectError(.inFailedTransaction) { try await session.execute("SELECT 1") }
            #expect(try await session.execute("COMMIT").commandTag == "ROLLBACK")
            #expect(try await session.number("SELECT 1") == 1)
            await other.close()
        }
    }

    /// A snapshot stays what it was while others write; a second writer waits for the first one's end.
    @Test func oneWriterPerTable() async throws {
        try await withSession { cluster, session in
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE EVEN")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        let own = cluster.session()
                        for number in 0..<5 { try await own.execute("INSERT INTO t VALUES (\(writer * 10 + number))") }
                        await own.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await session.number("SELECT count(*) FROM t") == 30)
            #expect(try await session.number("SELECT count(DISTINCT id) FROM t") == 30)
            let counts = try await session.rowsPerSlice(of: "t")
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
        }
    }

    @Test func analyzeGivesThePlannerItsFigures() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE t (id INT, v INT, name VARCHAR(30)) DISTKEY (id)")
            try await session.insert(into: "t", (0..<2_000).map { "(\($0), \($0 % 10), 'name \($0 % 100)')" })
            try await session.execute("ANALYZE t")
            let plan = try await session.explain("SELECT v, count(*) FROM t GROUP BY v")
            #expect(plan.contains("rows=2000"), "\(plan)")
            #expect(plan.contains("rows=10 "), "\(plan)")
        }
    }

    @Test func aDirectoryIsReopened() async throws {
        try await withDirectory { directory in
            try await withSession(.init(nodes: 2, slicesPerNode: 2, directory: directory)) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) DISTKEY (id)")
                try await session.insert(into: "t", (0..<500).map { "(\($0), 'n\($0)')" })
            }
            try await withSession(.init(directory: directory)) { cluster, session in
                #expect((cluster.nodes, cluster.slicesPerNode) == (2, 2))
                #expect(try await session.number("SELECT sum(id) FROM t") == 124_750)
                #expect(try await session.rows("SELECT name FROM t WHERE id = 77")[0].decode(String.self) == "n77")
                try await session.execute("INSERT INTO t VALUES (500, 'last')")
            }
            await expectError(.objectNotInPrerequisiteState) {
                _ = try await Cluster(.init(nodes: 3, slicesPerNode: 2, directory: directory))
            }
            try await withSession(.init(directory: directory)) { _, session in
                let count = try await session.number("SELECT count(*) FROM t")
                #expect(count == 501)
            }
        }
    }

    @Test func systemViewsAnswer() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE t (id INT NOT NULL, name VARCHAR(20)) DISTKEY (id) SORTKEY (id)")
            try await session.insert(into: "t", (0..<50).map { "(\($0), 'x')" })
            let columns = try await session.rows("SELECT * FROM pg_table_def WHERE tablename = 't'")
            #expect(columns.count == 2)
            #expect(columns[0]["distkey"] == .boolean(true) && columns[0]["sortkey"] == .integer(1))
            #expect(columns[0]["notnull"] == .boolean(true))
            #expect(try await session.number("SELECT count(*) FROM stv_slices") == 4)
            for view in [
                "svv_tables", "svv_columns", "svv_table_info", "stv_tbl_perm", "stv_blocklist", "stv_sessions",
                "stl_query",
                "stl_explain", "svl_query_report", "svl_query_summary", "information_schema.tables",
                "information_schema.columns",
            ] {
                #expect(try await !session.rows("SELECT * FROM \(view)").isEmpty, "\(view) is empty")
            }
            #expect(try await session.rows("SELECT * FROM stl_load_errors").isEmpty)
        }
    }

    @Test func whatIsMissingSaysSo() async throws {
        try await withSession { _, session in
            await expectError(.featureNotSupported) { try await session.execute("CREATE SCHEMA s QUOTA 5 GB") }
            await expectError(.syntaxError) { try await session.execute("SELEC 1") }
        }
    }
}
