import Blueshift
import Testing

/// DELETE, UPDATE and VACUUM: tags, transactions, snapshots, placement, and against a model.
@Suite struct ChangeTests {
    private func fill(_ session: Session, _ style: String, rows: Int = 100) async throws {
        try await session.execute("CREATE TABLE t (id INT, v INT) \(style)")
        try await session.insert(into: "t", (0..<rows).map { "(\($0), \($0 % 10))" })
    }

    @Test(arguments: ["DISTSTYLE EVEN", "DISTKEY (id) SORTKEY (id)", "DISTSTYLE ALL"])
    func tagsCountRows(style: String) async throws {
        try await withSession { _, session in
            try await fill(session, style)
            let deleted = try await session.execute("DELETE FROM t WHERE v = 3")
            #expect(deleted.commandTag == "DELETE 10" && deleted.affectedRows == 10)
            let updated = try await session.execute("UPDATE t SET v = 3 WHERE id < 5")
            #expect(updated.commandTag == "UPDATE 4" && updated.affectedRows == 4)
            #expect(try await session.number("SELECT count(*) FROM t WHERE v = 3") == 4)
            #expect(try await session.execute("DELETE FROM t WHERE id = 3").commandTag == "DELETE 0")
            #expect(try await session.execute("DELETE FROM t").commandTag == "DELETE 90")
            #expect(try await session.number("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func aBlockSeesItsOwnChanges() async throws {
        try await withSession { cluster, session in
            let other = cluster.session()
            try await fill(session, "DISTKEY (id)")
            try await session.execute("BEGIN; DELETE FROM t WHERE v = 0; INSERT INTO t VALUES (1000, 0), (1001, 0)")
            try await session.execute("UPDATE t SET v = 7 WHERE id = 1000")
            try await session.execute("DELETE FROM t WHERE id = 1001")
            #expect(try await session.number("SELECT count(*) FROM t") == 91)
            #expect(try await session.number("SELECT v FROM t WHERE id = 1000") == 7)
            #expect(try await other.number("SELECT count(*) FROM t") == 100)
            try await session.execute("COMMIT")
            #expect(try await other.number("SELECT count(*) FROM t") == 91)
            try await session.execute("BEGIN; DELETE FROM t; ROLLBACK")
            #expect(try await session.number("SELECT count(*) FROM t") == 91)
            await other.close()
        }
    }

    @Test func theFirstCommitterWins() async throws {
        try await withSession { cluster, session in
            let other = cluster.session()
            try await fill(session, "DISTKEY (id)")
            try await session.execute("BEGIN; SELECT count(*) FROM t")
            try await other.execute("UPDATE t SET v = 100 WHERE id = 1")
            #expect(try await session.number("SELECT v FROM t WHERE id = 1") == 1, "its snapshot stays")
            try await session.execute("UPDATE t SET v = 200 WHERE id = 1")
            await expectError(.serializationFailure) { try await session.execute("COMMIT") }
            #expect(try await session.number("SELECT v FROM t WHERE id = 1") == 100)

            try await session.execute("BEGIN; SELECT count(*) FROM t")
            try await other.execute("UPDATE t SET v = 100 WHERE id = 2")
            try await session.execute("DELETE FROM t WHERE id = 3; COMMIT")
            #expect(try await session.number("SELECT count(*) FROM t") == 99)
            await other.close()
        }
    }

    @Test func vacuumFreesAndSortsAndReadersDoNotNotice() async throws {
        try await withSession { cluster, session in
            let other = cluster.session()
            try await fill(session, "DISTKEY (id) SORTKEY (v)", rows: 400)
            try await session.insert(into: "t", (400..<600).map { "(\($0), \($0 % 10))" })
            try await session.execute("DELETE FROM t WHERE id < 100")
            func stored() async throws -> Int { try await session.rowsPerSlice(of: "t").reduce(0, +) }
            func unsorted() async throws -> Int {
                try await session.number("SELECT sum(rows - sorted_rows) FROM stv_tbl_perm WHERE name = 't'")
            }
            #expect(try await stored() == 600)
            #expect(try await unsorted() == 200)
            try await other.execute("BEGIN")
            #expect(try await other.number("SELECT sum(id) FROM t") == 600 * 599 / 2 - 4_950)
            try await session.execute("VACUUM SORT ONLY t")
            #expect(try await stored() == 600)
            #expect(try await unsorted() == 0)
            #expect(try await session.number("SELECT count(*) FROM t") == 500)
            try await session.execute("VACUUM t")
            #expect(try await stored() == 500)
            #expect(try await unsorted() == 0)
            #expect(try await session.number("SELECT sum(id) FROM t") == 600 * 599 / 2 - 4_950)
            #expect(try await other.number("SELECT sum(id) FROM t") == 600 * 599 / 2 - 4_950)
            await expectError(.activeTransaction) { try await other.execute("VACUUM t") }
            try await other.execute("ROLLBACK")
            // Below the threshold nothing is worth it.
            try await session.execute("DELETE FROM t WHERE id = 599; VACUUM t")
            #expect(try await stored() == 500)
            try await session.execute("VACUUM DELETE ONLY t TO 100 PERCENT")
            #expect(try await stored() == 499)
            #expect(try await unsorted() == 0)
            try await session.execute("INSERT INTO t VALUES (700, 1); VACUUM RECLUSTER t")
            #expect(try await unsorted() == 1)
            try await session.execute("VACUUM REINDEX t; VACUUM")
            #expect(try await unsorted() == 0)
            #expect(try await session.number("SELECT count(*) FROM t") == 500)
            await other.close()
        }
    }

    @Test func analyzeAndViewsSeeLiveRows() async throws {
        try await withSession { _, session in
            try await fill(session, "DISTKEY (id)", rows: 1_000)
            try await session.execute("DELETE FROM t WHERE v < 4; ANALYZE t")
            let plan = try await session.explain("SELECT v, count(*) FROM t GROUP BY v")
            #expect(plan.contains("rows=600"), "\(plan)")
            #expect(plan.contains("rows=6 "), "\(plan)")
            let info = "FROM svv_table_info WHERE \"table\" = 't'"
            #expect(try await session.number("SELECT tbl_rows::int \(info)") == 1_000)
            #expect(try await session.number("SELECT estimated_visible_rows::int \(info)") == 600)
            #expect(try await session.number("SELECT stats_off::int \(info)") == 0)
            await expectError(.syntaxError) { try await session.execute("VACUUM REINDEX") }
            await expectError(.undefinedTable) { try await session.execute("VACUUM nowhere") }
        }
    }

    /// What one session has seen of a table must still hold when its block writes into it.
    @Test func aBlockDoesNotWriteIntoATableThatWasAltered() async throws {
        try await withSession { cluster, session in
            let other = cluster.session()
            try await fill(session, "DISTKEY (id)")
            try await session.execute("BEGIN; SELECT count(*) FROM t")
            try await other.execute("ALTER TABLE t ADD COLUMN w INT DEFAULT 5")
            try await other.execute("ALTER TABLE t DROP COLUMN v")
            await expectError(.serializationFailure) { try await session.execute("INSERT INTO t VALUES (1, 2)") }
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT sum(w) FROM t") == 500)
            try await session.execute("BEGIN; ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (1, 1); COMMIT")
            #expect(try await other.number("SELECT sum(w) FROM u") == 501)
            try await other.execute("BEGIN; ALTER TABLE u ALTER DISTSTYLE ALL; DELETE FROM u WHERE w = 5; COMMIT")
            #expect(try await session.number("SELECT sum(w) FROM u") == 1)
            await other.close()
        }
    }

    /// New keys send rows where a table that was filled with them has them.
    @Test func rowsFollowTheirKey() async throws {
        try await withSession { _, session in
            try await fill(session, "DISTKEY (id)")
            try await session.execute("UPDATE t SET id = id * 7 + 1")
            try await session.execute("VACUUM t TO 100 PERCENT")
            try await session.execute("CREATE TABLE u DISTKEY (id) AS SELECT id, v FROM t")
            let (t, u) = (try await session.rowsPerSlice(of: "t"), try await session.rowsPerSlice(of: "u"))
            #expect(t == u)
            #expect(try await session.number("SELECT count(*) FROM t JOIN u ON t.id = u.id") == 100)
        }
    }

    @Test func changesSurviveReopening() async throws {
        try await withDirectory { directory in
            try await withSession(.init(nodes: 2, slicesPerNode: 2, directory: directory)) { _, session in
                try await fill(session, "DISTKEY (id)")
                try await session.execute("DELETE FROM t WHERE v < 5; UPDATE t SET v = -1 WHERE id < 50")
            }
            try await withSession(.init(directory: directory)) { _, session in
                #expect(try await session.number("SELECT count(*) FROM t") == 50)
                #expect(try await session.number("SELECT count(*) FROM t WHERE v = -1") == 25)
                try await session.execute("VACUUM t")
                #expect(try await session.number("SELECT count(*) FROM t WHERE v = -1") == 25)
            }
            try await withSession(.init(directory: directory)) { _, session in
                let stored = try await session.rowsPerSlice(of: "t")
                let changed = try await session.number("SELECT count(*) FROM t WHERE v = -1")
                #expect(stored.reduce(0, +) == 50)
                #expect(changed == 25)
            }
        }
    }

    /// Random changes, against a dictionary.
    @Test(arguments: ["DISTSTYLE EVEN", "DISTKEY (id) SORTKEY (v)", "DISTKEY (v)", "DISTSTYLE ALL SORTKEY (id)"])
    func agreesWithAModel(style: String) async throws {
        try await withSession(.init(nodes: 2, slicesPerNode: 2)) { _, session in
            var random = SplitMix(seed: 11)
            var model: [Int: Int] = [:]
            try await session.execute("CREATE TABLE t (id INT, v INT) \(style)")
            try await session.execute("CREATE TABLE c (id INT, w INT) DISTSTYLE EVEN")
            var next = 0
            for _ in 0..<25 {
                switch random.below(6) {
                case 0:
                    let new = (next..<next + 40).map { ($0, random.below(50)) }
                    next += 40
                    try await session.insert(into: "t", new.map { "(\($0), \($1))" })
                    for (id, v) in new { model[id] = v }
                case 1:
                    let v = random.below(50)
                    try await session.execute("DELETE FROM t WHERE v = \(v)")
                    model = model.filter { $0.value != v }
                case 2:
                    let limit = random.below(50)
                    try await session.execute("UPDATE t SET v = v + 1 WHERE v < \(limit)")
                    model = model.mapValues { $0 < limit ? $0 + 1 : $0 }
                case 3:
                    let ids = (0..<10).map { _ in random.below(max(next, 1)) }
                    try await session.execute("TRUNCATE c")
                    try await session.insert(into: "c", ids.map { "(\($0), \($0 % 7))" })
                    try await session.execute("UPDATE t SET v = c.w FROM c WHERE c.id = t.id")
                    for id in ids where model[id] != nil { model[id] = id % 7 }
                case 4:
                    let ids = (0..<4).map { _ in random.below(max(next, 1)) }
                    try await session.execute("TRUNCATE c")
                    try await session.insert(into: "c", ids.map { "(\($0), 0)" })
                    try await session.execute("DELETE FROM t USING c WHERE c.id = t.id")
                    for id in ids { model[id] = nil }
                default: try await session.execute("VACUUM t TO 100 PERCENT")
                }
                #expect(try await session.number("SELECT count(*) FROM t") == model.count)
                #expect(try await session.number("SELECT coalesce(sum(v), 0) FROM t") == model.values.reduce(0, +))
                let weighed = model.reduce(0) { $0 + $1.key * $1.value }
                #expect(try await session.number("SELECT coalesce(sum(id * v), 0) FROM t") == weighed)
            }
        }
    }
}
