import Blueshift
import Testing

/// An interleaved sort key spares blocks whichever of its columns a query names; a compound one only for the first.
@Suite struct InterleavedTests {
    /// Share of the blocks of one column that `WHERE column = 500` reads, of those that it could.
    private func share(_ session: Session, _ column: String) async throws -> Double {
        #expect(try await session.number("SELECT count(\(column)) FROM t WHERE \(column) = 500") > 0)
        let trace = try #require(await session.lastTrace)
        return Double(trace.blocksRead) / Double(trace.blocksRead + trace.blocksSkipped)
    }

    private func fill(_ session: Session, _ key: String) async throws {
        try await session.execute("CREATE TABLE digits (d INT)")
        try await session.insert(into: "digits", (0..<10).map { "(\($0))" })
        try await session.execute("CREATE TABLE t (a INT, b INT, c INT) \(key)")
        try await session.execute(
            """
            INSERT INTO t SELECT n * 7919 % 1000, n * 10007 % 997, n / 64
            FROM (SELECT p.d + 10 * q.d + 100 * r.d + 1000 * s.d + 10000 * t.d AS n
                  FROM digits p, digits q, digits r, digits s, digits t) AS numbers
            """)
    }

    @Test func eachColumnSparesBlocks() async throws {
        try await withSession(.init(nodes: 1, slicesPerNode: 1)) { _, session in
            try await fill(session, "INTERLEAVED SORTKEY (a, b, c)")
            for column in ["a", "b", "c"] {
                let share = try await share(session, column)
                #expect(share <= 0.75, "\(column): \(share)")
            }
            let before = try await session.number("SELECT sum(a) + 3 * sum(b) + 7 * sum(c) FROM t")
            try await session.execute("INSERT INTO t VALUES (500, 1, 1), (1, 500, 1); VACUUM REINDEX t")
            #expect(try await session.number("SELECT sum(rows - sorted_rows) FROM stv_tbl_perm WHERE name = 't'") == 0)
            let after = try await session.number("SELECT sum(a) + 3 * sum(b) + 7 * sum(c) FROM t")
            #expect(after == before + 501 + 3 * 501 + 7 * 2)
            for column in ["a", "b", "c"] {
                let share = try await share(session, column)
                #expect(share <= 0.75, "\(column) after REINDEX: \(share)")
            }
            await expectError(.featureNotSupported) { try await session.execute("VACUUM RECLUSTER t") }
        }
    }

    @Test func aCompoundKeySparesThemForTheFirst() async throws {
        try await withSession(.init(nodes: 1, slicesPerNode: 1)) { _, session in
            try await fill(session, "COMPOUND SORTKEY (a, b, c)")
            #expect(try await share(session, "a") <= 0.25)
            #expect(try await share(session, "b") == 1)
        }
    }
}
