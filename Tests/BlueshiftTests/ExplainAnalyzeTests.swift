import Blueshift
import Foundation
import Testing

/// EXPLAIN ANALYZE: the plan that EXPLAIN shows, the effect that the statement has, the figures of its trace.
@Suite struct ExplainAnalyzeTests {
    private func prepare(_ session: Session) async throws {
        try await session.execute("CREATE TABLE t (k INT, v INT, s VARCHAR(10)) DISTKEY (k) SORTKEY (v)")
        try await session.execute("CREATE TABLE u (k INT, w INT) DISTSTYLE EVEN")
        try await session.execute("CREATE TABLE a (k INT, name VARCHAR(10)) DISTSTYLE ALL")
        try await session.insert(
            into: "t", (0..<3_000).map { "(\($0 % 101), \($0), \($0 % 17 == 0 ? "NULL" : "'s\($0 % 13)'"))" })
        try await session.insert(into: "u", (0..<500).map { "(\($0 % 101), \($0 % 7))" })
        try await session.insert(into: "a", (0..<20).map { "(\($0), 'n\($0)')" })
        try await session.execute("ANALYZE")
    }

    private func lines(_ session: Session, _ sql: String) async throws -> [String] {
        try await session.rows(sql).map { try $0.decode(String.self) }
    }

    /// Without what only a run can tell.
    private func isMeasured(_ line: String) -> Bool { line.drop { $0 == " " }.hasPrefix("│") }

    @Test(arguments: [
        "SELECT s, sum(v) FROM t WHERE v > 100 GROUP BY s ORDER BY 2 DESC LIMIT 3",
        "SELECT count(*) FROM t JOIN u ON t.k = u.k JOIN a ON a.k = t.k WHERE a.name LIKE 'n1%'",
        "SELECT k, rank() OVER (PARTITION BY s ORDER BY v) FROM t UNION ALL SELECT w, 0 FROM u",
    ])
    func treeIsThatOfExplain(sql: String) async throws {
        try await withSession { _, session in
            try await prepare(session)
            let plain = try await lines(session, "EXPLAIN \(sql)")
            let analyzed = try await lines(session, "EXPLAIN ANALYZE \(sql)")
            let tree = analyzed.filter { !isMeasured($0) }
            #expect(Array(tree.prefix(plain.count)) == plain)
            #expect(analyzed.contains { isMeasured($0) })
            let trace = try #require(await session.lastTrace)
            #expect(analyzed.contains { $0.hasPrefix("Query \(trace.query): SELECT") }, "the number to go on with")
        }
    }

    @Test func rowsAreThoseOfEachNode() async throws {
        try await withSession { _, session in
            try await prepare(session)
            let lines = try await lines(
                session, "EXPLAIN ANALYZE SELECT s, count(*) FROM t JOIN a ON t.k = a.k GROUP BY s ORDER BY 1")
            func measured(under name: String) throws -> String {
                let place = try #require(lines.firstIndex { $0.contains(name) }, "\(name) in \(lines)")
                return try #require(lines[place...].first { isMeasured($0) })
            }
            let joined = try await session.number("SELECT count(*) FROM t JOIN a ON t.k = a.k")
            #expect(try measured(under: "HashAggregate").contains("│ 14 rows"))
            #expect(try measured(under: "XN Hash Join").contains("│ \(joined) rows"))
            #expect(try measured(under: "Seq Scan on a").contains("│ 20 rows on each node"))
        }
    }

    /// What was measured of the root.
    private func top(_ lines: [String]) throws -> String { try #require(lines.first { isMeasured($0) }) }

    @Test func whatWritesWrites() async throws {
        try await withSession { _, session in
            try await prepare(session)
            let insert = try await lines(session, "EXPLAIN ANALYZE INSERT INTO u SELECT k, 1 FROM a")
            #expect(insert.contains { $0.contains(": INSERT 0 20") })
            #expect(try top(insert).contains("│ 20 rows"))
            #expect(try await session.number("SELECT count(*) FROM u") == 520)
            let update = try await lines(session, "EXPLAIN ANALYZE UPDATE u SET w = 9 WHERE w = 3")
            let changed = try await session.number("SELECT count(*) FROM u WHERE w = 9")
            #expect(update.contains { $0.contains(": UPDATE \(changed)") })
            #expect(try top(update).contains("│ \(changed) rows of "))
            let delete = try await lines(session, "EXPLAIN ANALYZE VERBOSE DELETE FROM u WHERE w = 9")
            #expect(try top(delete).contains("│ \(changed) rows of "))
            #expect(try await session.number("SELECT count(*) FROM u") == 520 - changed)
            let made = try await lines(session, "EXPLAIN ANALYZE CREATE TABLE c AS SELECT * FROM t WHERE v < 10")
            #expect(made.contains { $0.contains("SELECT") })
            #expect(try top(made).contains("│ 10 rows of "))
            #expect(try await session.number("SELECT count(*) FROM c") == 10)
            let again = try await session.execute("EXPLAIN ANALYZE CREATE TABLE IF NOT EXISTS c AS SELECT 1 AS v")
            #expect(try await again.collect().isEmpty && !again.notices.isEmpty)
        }
    }

    @Test func aBlockTakesItBack() async throws {
        try await withSession { _, session in
            try await prepare(session)
            try await session.execute("BEGIN")
            _ = try await lines(session, "EXPLAIN ANALYZE DELETE FROM t")
            #expect(try await session.number("SELECT count(*) FROM t") == 0)
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT count(*) FROM t") == 3_000)
            try await session.execute("BEGIN")
            await expectError(.divisionByZero) {
                try await session.execute("EXPLAIN ANALYZE SELECT 1 / (v - v) FROM t")
            }
            await expectError(.inFailedTransaction) { try await session.execute("SELECT 1") }
            try await session.execute("ROLLBACK")
            #expect(try await session.number("SELECT 1") == 1)
        }
    }

    @Test func preparedStatementsAndConstants() async throws {
        try await withSession { _, session in
            try await prepare(session)
            try await session.execute("PREPARE p (INT) AS SELECT count(*) FROM t WHERE v < $1")
            let lines = try await lines(session, "EXPLAIN ANALYZE EXECUTE p (10)")
            #expect(lines.contains { $0.contains("10 rows of 3,000 stored") })
            #expect(try await self.lines(session, "EXPLAIN ANALYZE SELECT 1").contains { $0.contains("SELECT 1") })
        }
    }

    @Test func needsTheRightsOfTheStatement() async throws {
        try await withSession { cluster, session in
            try await prepare(session)
            try await session.execute("CREATE USER mary PASSWORD DISABLE")
            let mary = try cluster.session(user: "mary")
            await expectError(.insufficientPrivilege) { try await mary.execute("EXPLAIN ANALYZE SELECT * FROM t") }
            try await session.execute("GRANT SELECT ON t TO mary")
            #expect(try await !mary.rows("EXPLAIN ANALYZE SELECT * FROM t").isEmpty)
            await expectError(.insufficientPrivilege) { try await mary.execute("EXPLAIN ANALYZE DELETE FROM t") }
            #expect(try await session.number("SELECT count(*) FROM t") == 3_000)
            await mary.close()
        }
    }

    /// Of the same run, EXPLAIN ANALYZE and the system tables say the same, figure by figure.
    @Test(arguments: [(1, 1), (1, 2), (2, 2), (3, 4)])
    func everyFigureIsThatOfTheSystemTables(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { _, session in
            try await prepare(session)
            var random = SplitMix(seed: UInt64(nodes * 100 + slicesPerNode))
            for _ in 0..<12 {
                let sql = random.query()
                let text = try #require(try await lines(session, "EXPLAIN (ANALYZE, FORMAT JSON) \(sql)").first)
                let analysis = try AnalyzedQuery(json: text)
                let rows = try await session.rows(
                    """
                    SELECT slice, segment, step, rows, bytes, trim(label) AS label, is_diskbased, workmem,
                        rows_pre_filter, elapsed_time
                    FROM svl_query_report WHERE query = \(analysis.query)
                    """)
                let logged = try rows.map { try AnalyzedQuery.Step($0) }
                #expect(Set(logged).symmetricDifference(analysis.steps) == [], "\(sql)")
                #expect(logged.count == analysis.steps.count && !logged.isEmpty, "\(sql)")
                let moved = logged.filter { ["dist", "bcast", "return"].contains($0.label) }
                #expect(analysis.bytesMoved == moved.reduce(0) { $0 + $1.bytes }, "\(sql)")
                let plain = try await session.rows(sql).count
                #expect(analysis.rootRows == plain && analysis.resultRows == plain, "\(sql)")
                let blocks = try await session.rows(
                    """
                    SELECT sum(blocks_read) AS blocks, count(*) AS steps FROM sys_query_detail
                    WHERE query_id = \(analysis.query) AND metrics_level = 'step'
                    """)
                #expect(try blocks[0].decode(Int.self, column: "blocks") == analysis.blocksRead, "\(sql)")
                let noted = try await session.rows(
                    "SELECT count(*) FROM stl_explain WHERE query = \(analysis.query)")
                #expect(try noted[0].decode(Int.self) == analysis.nodes, "the nodes of STL_EXPLAIN")
            }
        }
    }

    /// Of the same run, the assertions, the trace and the system tables say the same, figure by figure; and its figures that
    /// do not depend on when slices ran are those of EXPLAIN ANALYZE's run.
    @Test(arguments: [(1, 1), (1, 2), (2, 2), (3, 4)])
    func everyFigureOfAnAssertionIsThatOfTheSystemTables(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { _, session in
            try await prepare(session)
            // Small inserts lie in no blocks yet.
            for table in ["t", "u", "a"] { try await session.execute("VACUUM \(table) TO 100 PERCENT") }
            var random = SplitMix(seed: UInt64(nodes * 100 + slicesPerNode))
            for _ in 0..<10 {
                let sql = random.query()
                try await session.execute(
                    "ASSERT QUERY (\(sql)) MOVES AT MOST 1 GB AND SKIPS AT LEAST 0 PERCENT OF BLOCKS")
                let report = try #require(await session.lastAssertion)
                let trace = try #require(await session.lastTrace)
                let steps = trace.runs.flatMap { run in run.steps.map { (run.slice, $0) } }
                let moved = steps.filter { ["dist", "bcast"].contains($0.1.label) }.reduce(0) {
                    $0 + $1.1.bytesLocal + $1.1.bytesRemote
                }
                let read = steps.reduce(0) { $0 + $1.1.blocksRead }
                let skipped = steps.reduce(0) { $0 + $1.1.blocksSkipped }
                #expect(
                    report.findings.map(\.figure) == [Double(moved), 100 * Double(skipped) / Double(read + skipped)])
                let logged = try await session.rows(
                    """
                    SELECT slice, sum(CASE WHEN label LIKE 'dist%' OR label LIKE 'bcast%' THEN bytes ELSE 0 END) AS moved
                    FROM svl_query_report WHERE query = \(trace.query) AND slice < 10000 GROUP BY 1 ORDER BY 1
                    """)
                for row in logged {
                    let slice = try row.decode(Int.self, column: "slice")
                    let own = steps.filter { $0.0 == slice && ["dist", "bcast"].contains($0.1.label) }
                    let bytes = own.reduce(0) { $0 + $1.1.bytesLocal + $1.1.bytesRemote }
                    #expect(try row.decode(Int.self, column: "moved") == Int(bytes), "slice \(slice) of \(sql)")
                }
                #expect(!logged.isEmpty)
                let blocks = try await session.number(
                    """
                    SELECT sum(blocks_read) FROM sys_query_detail
                    WHERE query_id = \(trace.query) AND metrics_level = 'step'
                    """)
                #expect(blocks == Int(read), "\(sql)")
            }
        }
    }
}

extension SplitMix {
    fileprivate mutating func one(of choices: [String]) -> String { choices[below(choices.count)] }

    /// A query over the tables of the suite: a scan, a join or a union, with or without groups, order and limit.
    fileprivate mutating func query() -> String {
        let source = one(of: [
            "t", "t", "t JOIN u ON t.k = u.k", "t JOIN u ON t.v = u.w", "t JOIN a ON t.k = a.k",
            "t LEFT JOIN a ON t.v = a.k", "t JOIN u ON t.k = u.k JOIN a ON a.k = u.w",
            "t JOIN (SELECT k AS kk, sum(w) AS w FROM u GROUP BY 1) x ON x.kk = t.k",
        ])
        let filter = one(of: ["", " WHERE t.v < \(below(3_000))", " WHERE t.s = 's\(below(13))'", " WHERE t.k > 5"])
        var sql: String
        switch below(4) {
        case 0: sql = "SELECT t.k, t.v, t.s FROM \(source)\(filter)"
        case 1: sql = "SELECT t.s, count(*), sum(t.v), min(t.k) FROM \(source)\(filter) GROUP BY 1"
        case 2: sql = "SELECT t.k, count(DISTINCT t.s), 1 FROM \(source)\(filter) GROUP BY 1"
        default: sql = "SELECT t.s, row_number() OVER (PARTITION BY t.s ORDER BY t.v), 2 FROM \(source)\(filter)"
        }
        if below(5) == 0 { sql = "SELECT DISTINCT z.c, 1 FROM (SELECT k AS c FROM (\(sql)) y (k, l)) z" }
        if below(2) == 0 { sql += " ORDER BY 1, 2 LIMIT \(1 + below(40))" }
        return sql
    }
}

/// What EXPLAIN (ANALYZE, FORMAT JSON) says, as far as SVL_QUERY_REPORT says it, too.
private struct AnalyzedQuery {
    struct Step: Hashable {
        var slice: Int
        var segment: Int
        var step: Int
        var rows: Int
        var bytes: Int
        var label: String
        var isDiskBased: Bool
        var memory: Int
        var stored: Int
        var elapsed: Int
    }

    var query: Int
    var steps: [Step]
    var bytesMoved: Int
    var blocksRead: Int
    var rootRows: Int
    var resultRows: Int
    var nodes: Int

    init(json: String) throws {
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        func number(_ object: [String: Any], _ name: String) throws -> Int {
            try #require(object[name] as? Int, "\(name)")
        }
        func objects(_ object: [String: Any], _ name: String) throws -> [[String: Any]] {
            try #require(object[name] as? [[String: Any]], "\(name)")
        }
        #expect(whole["schema"] as? String == "blueshift.explain-analyze")
        #expect(try number(whole, "version") == 1)
        query = try number(whole, "query")
        resultRows = try number(whole, "result_rows")
        let totals = try #require(whole["totals"] as? [String: Any])
        bytesMoved = try number(totals, "bytes_local") + number(totals, "bytes_remote")
        blocksRead = try number(totals, "blocks_read")
        let plan = try objects(whole, "plan")
        nodes = plan.count
        rootRows = try number(plan[0], "rows") / number(plan[0], "copies")
        steps = []
        for segment in try objects(whole, "segments") {
            for slice in try objects(segment, "slices") {
                for step in try objects(slice, "steps") {
                    let label = try #require(step["label"] as? String)
                    // A step that hands on no rows has those that it took.
                    let isSink = ["hash", "save", "dist", "bcast", "return"].contains(label)
                    let moved = try number(step, "bytes_local") + number(step, "bytes_remote")
                    let bytes =
                        switch label {
                        case "dist", "bcast", "return": moved
                        case "hash", "save": try number(step, "memory_bytes")
                        default: try number(step, "bytes_out")
                        }
                    let (start, end) = (try number(slice, "start_ns"), try number(slice, "end_ns"))
                    let spent = try ["run_ns", "ready_wait_ns", "blocked_ns"].reduce(0) { try $0 + number(slice, $1) }
                    #expect(spent <= end - start)
                    steps.append(
                        Step(
                            slice: try number(slice, "slice"), segment: try number(segment, "segment"),
                            step: try number(step, "step"), rows: try number(step, isSink ? "rows_in" : "rows_out"),
                            bytes: bytes,
                            label: label, isDiskBased: try number(step, "spilled_bytes") > 0,
                            memory: try number(step, "memory_bytes"), stored: try number(step, "rows_pre_filter"),
                            elapsed: end / 1_000 - start / 1_000))
                }
            }
        }
    }
}

extension AnalyzedQuery.Step {
    init(_ row: Row) throws {
        func number(_ name: String) throws -> Int { try row.decode(Int.self, column: name) }
        let label = try row.decode(String.self, column: "label")
        self.init(
            slice: try number("slice"), segment: try number("segment"), step: try number("step"),
            rows: try number("rows"), bytes: try number("bytes"),
            label: String(label.prefix { $0 != " " }),
            isDiskBased: try row.decode(String.self, column: "is_diskbased") == "t", memory: try number("workmem"),
            stored: try number("rows_pre_filter"), elapsed: try number("elapsed_time"))
    }
}
