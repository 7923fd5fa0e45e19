import Blueshift
import Catalog
import ClusterRuntime
import QueryPlan
import Storage
import Testing
import VectorEngine

/// CREATE, ALTER and DROP DATABASE, and sessions on each.
@Suite struct DatabaseTests {
    private func open(_ database: String, on cluster: Cluster) throws -> DatabaseSession {
        try DatabaseSession.open(on: cluster.runtime, SessionIdentity(user: "awsuser", database: database))
    }

    private func number(_ sql: String, on session: DatabaseSession) async throws -> Int64? {
        var result = try await session.execute(sql)
        var value: Int64?
        while let batch = try await result.next() {
            if case .integer(let found) = batch.columns[0].value(at: 0, as: result.columns[0].type) { value = found }
        }
        return value
    }

    @Test func databasesHaveTablesOfTheirOwn() async throws {
        try await withSession { cluster, dev in
            try await dev.execute("CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
            try await dev.execute("CREATE DATABASE other WITH OWNER awsuser CONNECTION LIMIT 10 ISOLATION LEVEL SERIALIZABLE")
            let other = try open("other", on: cluster)
            await expectError(.undefinedTable) { _ = try await other.execute("SELECT * FROM t") }
            _ = try await other.execute("CREATE SCHEMA s; CREATE TABLE t (n INT, m INT); INSERT INTO t VALUES (5, 6), (7, 8)")
            _ = try await other.execute("BEGIN; INSERT INTO t VALUES (9, 9); DELETE FROM t WHERE n = 5; COMMIT")
            _ = try await other.execute("CREATE VIEW s.v AS SELECT sum(n) AS n FROM t; VACUUM t; ANALYZE t")
            #expect(try await number("SELECT n FROM s.v", on: other) == 16)
            #expect(try await number("SELECT n FROM other.public.t WHERE m = 8", on: other) == 7)
            #expect(try await dev.number("SELECT sum(n) FROM t") == 1)
            await expectError(.featureNotSupported) { try await dev.execute("SELECT * FROM other.public.t") }
            await expectError(.undefinedObject) { try await dev.execute("CREATE DATABASE third OWNER nobody") }
            #expect(try await dev.number("SELECT count(*) FROM pg_database WHERE datname IN ('dev', 'other')") == 2)
            _ = try await other.execute("CREATE TEMP TABLE mine (n INT); INSERT INTO mine VALUES (3)")
            #expect(try await number("SELECT n FROM mine", on: other) == 3)
            #expect(
                try await dev.number(
                    "SELECT count(*) FROM svv_redshift_databases WHERE database_name = 'other' "
                        + "AND database_isolation_level = 'Serializable'") == 1)
            // What is open stays.
            await expectError(.objectInUse) { try await dev.execute("DROP DATABASE other") }
            await other.close()
            try await dev.execute("ALTER DATABASE other RENAME TO another")
            await expectError(.invalidCatalogName) { _ = try self.open("other", on: cluster) }
            let another = try open("another", on: cluster)
            #expect(try await number("SELECT count(*) FROM t", on: another) == 2)
            await another.close()
            try await dev.execute("DROP DATABASE another")
            await expectError(.invalidCatalogName) { _ = try self.open("another", on: cluster) }
        }
    }

    @Test(arguments: [
        ("CREATE DATABASE dev", SQLState.duplicateDatabase),
        ("CREATE DATABASE template1", .reservedName),
        ("CREATE DATABASE x COLLATE CASE_INSENSITIVE", .featureNotSupported),
        ("DROP DATABASE missing", .invalidCatalogName),
        ("ALTER DATABASE dev RENAME TO x", .featureNotSupported),
        ("ALTER DATABASE missing OWNER TO awsuser", .invalidCatalogName),
        ("ALTER DATABASE missing ISOLATION LEVEL SNAPSHOT", .invalidCatalogName),
        ("BEGIN; CREATE DATABASE x", .activeTransaction),
    ])
    func wrongUse(sql: String, state: SQLState) async throws {
        try await withSession { _, session in
            await expectError(state) { try await session.execute(sql) }
        }
    }

    /// Through the log, through a checkpoint, and through both.
    @Test(arguments: [false, true]) func databasesOutliveARestart(checkpoint: Bool) async throws {
        try await withDirectory { directory in try await restart(in: directory, checkpoint: checkpoint) }
    }

    private func restart(in directory: String, checkpoint: Bool) async throws {
        let shape = ClusterShape(nodes: 2, slicesPerNode: 2)
        var cluster = try await Cluster(runtime: ClusterConfiguration(shape: shape, directory: directory))
        let dev = cluster.session()
        try await dev.execute("CREATE TABLE t (n INT); INSERT INTO t VALUES (1); CREATE DATABASE other")
        let other = try open("other", on: cluster)
        _ = try await other.execute(
            "CREATE SCHEMA s; CREATE TABLE s.t (id INT IDENTITY(1, 1), n INT) DISTSTYLE ALL; "
                + "INSERT INTO s.t (n) VALUES (5), (6), (7); DELETE FROM s.t WHERE n = 6; "
                + "CREATE VIEW v AS SELECT n FROM s.t; COMMENT ON TABLE s.t IS 'kept'; ANALYZE s.t")
        await other.close()
        if checkpoint {
            await dev.close()
            try await cluster.close()
            cluster = try await Cluster(runtime: ClusterConfiguration(shape: shape, directory: directory))
        }
        let again = try open("other", on: cluster)
        _ = try await again.execute("INSERT INTO s.t (n) VALUES (8)")
        await again.close()
        try await cluster.close()
        cluster = try await Cluster(runtime: ClusterConfiguration(shape: shape, directory: directory))
        let last = try open("other", on: cluster)
        #expect(try await number("SELECT sum(n) FROM v", on: last) == 20)
        #expect(try await number("SELECT count(DISTINCT id) FROM s.t", on: last) == 3)
        await last.close()
        let first = cluster.session()
        #expect(try await first.number("SELECT sum(n) FROM t") == 1)
        try await first.execute("DROP DATABASE other")
        await first.close()
        try await cluster.close()
        cluster = try await Cluster(runtime: ClusterConfiguration(shape: shape, directory: directory))
        await expectError(.invalidCatalogName) { _ = try self.open("other", on: cluster) }
        try await cluster.close()
    }
}
