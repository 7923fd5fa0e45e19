import Blueshift
import Testing

/// The whole path of a statement, from text to rows.
@Suite struct FirstLight {
    @Test func constantQueryStaysOnTheLeader() async throws {
        let cluster = try await Cluster(.init(nodes: 2, slicesPerNode: 2))
        let session = cluster.session()
        let rows = try await session.rows("SELECT 1 AS one, 'two' AS two")
        #expect(rows.count == 1)
        #expect(rows[0]["one"] == .integer(1))
        #expect(try rows[0].decode(Int.self, String.self) == (1, "two"))
        let trace = try #require(await session.lastTrace)
        #expect(trace.deliveries.isEmpty)
        await session.close()
        try await cluster.close()
    }

    @Test func createInsertSelect() async throws {
        let cluster = try await Cluster(.init(nodes: 2, slicesPerNode: 2))
        let session = cluster.session()
        let created = try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) DISTSTYLE KEY DISTKEY (id)")
        #expect(created.commandTag == "CREATE TABLE")
        let inserted = try await session.execute("INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, NULL)")
        #expect(inserted.commandTag == "INSERT 0 3")
        let rows = try await session.rows("SELECT id, name FROM t ORDER BY id")
        #expect(rows.map { $0[0] } == [.integer(1), .integer(2), .integer(3)])
        #expect(try rows[2].decode(String?.self, at: 1) == nil)
        let counted = try await session.rows("SELECT count(*), sum(id) FROM t WHERE id > 1")
        #expect(try counted[0].decode(Int.self, Int.self) == (2, 5))
        await session.close()
        try await cluster.close()
    }
}

/// The README's Swift sample, so that it goes on being true.
@Suite struct ReadmeSample {
    @Test func compilesAndRuns() async throws {
        let cluster = try await Cluster(.init(nodes: 2, slicesPerNode: 2))
        let session = cluster.session()
        try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) DISTKEY (id)")
        try await session.execute("INSERT INTO t VALUES (10, 'ten'), (11, 'eleven')")
        var found: [String] = []
        for try await row in try await session.execute("SELECT id, name FROM t WHERE id > $1", 10) {
            let (id, name) = try row.decode(Int.self, String.self)
            found.append("\(id) \(name)")
        }
        #expect(found == ["11 eleven"])
        try await cluster.close()
    }
}
