import Blueshift
import ClusterRuntime
import QueryPlan
import SQLTypes
import Synchronization
import Testing
import VectorEngine

/// The extended query protocol's side of a session: types and columns before the run, values with it.
@Suite struct PreparedQueryTests {
    private static let tables = """
        CREATE TABLE t (id INT, name VARCHAR(20), code CHAR(3), price DECIMAL(8,2), big BIGINT, day DATE,
            at TIMESTAMP, ok BOOLEAN, x REAL);
        INSERT INTO t VALUES (1, 'one', 'a', 1.50, 10, '2020-01-01', '2020-01-01 10:00', true, 0.5),
            (2, 'two', 'b', 2.50, 20, '2020-01-02', '2020-01-02 10:00', false, 1.5)
        """

    private func withTables<T>(_ body: (DatabaseSession) async throws -> T) async throws -> T {
        try await withSession { _, session in
            try await session.execute(Self.tables)
            return try await body(session.runtime)
        }
    }

    @Test func typesComeFromTheContext() async throws {
        let cases: [(String, [SQLType])] = [
            ("SELECT * FROM t WHERE id = $1", [.integer]),
            ("SELECT * FROM t WHERE $1 = id", [.integer]),
            ("SELECT * FROM t WHERE day >= $1 AND at < $2", [.date, .timestamp]),
            ("SELECT id + $1 FROM t", [.integer]),
            ("SELECT big * $1 FROM t", [.bigint]),
            ("SELECT price + $1 FROM t", [.decimal(precision: 8, scale: 2)]),
            ("SELECT x - $1 FROM t", [.real]),
            ("SELECT * FROM t WHERE id IN ($1, $2)", [.integer, .integer]),
            ("SELECT * FROM t WHERE $1 IN (big, 3)", [.bigint]),
            ("SELECT * FROM t WHERE day BETWEEN $1 AND $2", [.date, .date]),
            ("SELECT * FROM t WHERE $1 BETWEEN day AND date '2020-01-01'", [.date]),
            ("SELECT CASE WHEN ok THEN id ELSE $1 END FROM t", [.integer]),
            ("SELECT CASE WHEN $1 THEN 1 ELSE 2 END", [.boolean]),
            ("SELECT CASE id WHEN $1 THEN 'a' END FROM t", [.integer]),
            ("SELECT coalesce(big, $1) FROM t", [.bigint]),
            ("SELECT nullif(id, $1) FROM t", [.integer]),
            ("SELECT $1::int, $2::date, CAST($3 AS BOOLEAN)", [.integer, .date, .boolean]),
            ("SELECT id FROM t LIMIT $1 OFFSET $2", [.bigint, .bigint]),
            ("INSERT INTO t (id, day) VALUES ($1, $2)", [.integer, .date]),
            ("INSERT INTO t (ok, big) SELECT $1, $2", [.boolean, .bigint]),
            ("UPDATE t SET at = $1, x = $2 WHERE big = $3", [.timestamp, .real, .bigint]),
            ("DELETE FROM t WHERE price > $1", [.decimal(precision: 8, scale: 2)]),
            ("SELECT * FROM t WHERE ok = $1 OR NOT $2", [.boolean, .boolean]),
            ("SELECT * FROM t WHERE name LIKE $1", [.varchar(length: 65535)]),
            ("SELECT $1", [.varchar(length: 65535)]),
            ("SELECT id FROM t UNION ALL SELECT $1", [.integer]),
            ("SELECT * FROM t WHERE id IN (SELECT $1::int) OR $2 IN (SELECT big FROM t)", [.integer, .bigint]),
            ("SELECT * FROM t WHERE $1 IN (SELECT big FROM t) AND $2 > ANY (SELECT day FROM t)", [.bigint, .date]),
            ("SELECT sqrt($1), length($2)", [.double, .varchar(length: 65535)]),
            ("WITH q AS (SELECT id FROM t WHERE id > $1) SELECT * FROM q WHERE id < $2", [.integer, .integer]),
            ("SELECT $1::int + $1", [.integer]),
            ("EXPLAIN SELECT * FROM t WHERE id = $1", [.integer]),
        ]
        try await withTables { session in
            for (text, types) in cases {
                do throws(SQLError) {
                    let prepared = try await session.prepareQuery(text)
                    #expect(prepared.parameterTypes == types, "\(text)")
                } catch {
                    Issue.record("\(text): \(error)")
                }
            }
            let given = try await session.prepareQuery("SELECT $1, $2 + 1", parameterTypes: [.date, nil])
            #expect(given.parameterTypes == [.date, .integer])
            #expect(given.columns?.map(\.type) == [.date, .integer])
            await expectError(.indeterminateDatatype) {
                _ = try await session.prepareQuery("SELECT 1", parameterTypes: [nil])
            }
            await expectError(.undefinedTable) { _ = try await session.prepareQuery("SELECT $1 FROM missing") }
            await expectError(.syntaxError) { _ = try await session.prepareQuery("SELECT 1; SELECT 2") }
            #expect(try await session.prepareQuery(" ; -- nothing").statement == nil)
        }
    }

    @Test func columnsAreKnownBeforeTheRun() async throws {
        let cases: [(String, [String]?)] = [
            ("SELECT id, name AS n, count(*) OVER () FROM t", ["id", "n", "count"]),
            ("SELECT 1", ["?column?"]),
            ("SHOW search_path", ["search_path"]),
            ("SHOW ALL", ["name", "setting"]),
            ("EXPLAIN SELECT 1", ["QUERY PLAN"]),
            ("FETCH FORWARD 2 FROM c", ["id", "day"]),
            ("EXECUTE p(1)", ["name"]),
            ("INSERT INTO t (id) VALUES (1)", nil),
            ("CREATE TABLE u AS SELECT * FROM t", nil),
            ("DROP TABLE nowhere", nil),
            ("BEGIN", nil),
        ]
        try await withTables { session in
            _ = try await session.execute("BEGIN; DECLARE c CURSOR FOR SELECT id, day FROM t")
            _ = try await session.execute("PREPARE p (INT) AS SELECT name FROM t WHERE id = $1")
            for (text, names) in cases {
                let prepared = try await session.prepareQuery(text)
                #expect(prepared.columns?.map(\.name) == names, "\(text)")
            }
        }
    }

    /// Values come as text, as a driver without types sends them.
    @Test func textsAreReadAsLiteralsAre() async throws {
        let cases: [(String, [String?], [[String?]])] = [
            ("SELECT id FROM t WHERE id = $1", ["2"], [["2"]]),
            ("SELECT id FROM t WHERE price = $1", ["1.505"], []),
            ("SELECT id FROM t WHERE price < $1", ["1.505"], [["1"]]),
            ("SELECT id FROM t WHERE code = $1", ["a"], [["1"]]),
            ("SELECT id FROM t WHERE code = $1", ["abcd"], []),
            ("SELECT id FROM t WHERE day = $1", ["2020-01-02"], [["2"]]),
            ("SELECT $1 || name FROM t ORDER BY id", ["no. "], [["no. one"], ["no. two"]]),
            ("SELECT $1::int + 1, $2", ["41", nil], [["42", nil]]),
            ("SELECT id FROM t WHERE id IN ($1, $2) ORDER BY id LIMIT $3", ["2", "1", "1"], [["1"]]),
            ("SELECT CASE WHEN ok THEN id ELSE $1 END FROM t ORDER BY 1", ["7"], [["1"], ["7"]]),
        ]
        try await withTables { session in
            for (text, values, expected) in cases {
                let prepared = try await session.prepareQuery(text)
                let rows = try await rows(of: prepared, values, on: session)
                #expect(rows == expected, "\(text)")
            }
            let wrong = try await session.prepareQuery("SELECT id FROM t WHERE id = $1")
            await expectError(.invalidTextRepresentation) {
                _ = try await self.rows(of: wrong, ["two"], on: session)
            }
            await expectError(.protocolViolation) { _ = try await self.rows(of: wrong, [], on: session) }
            let insert = try await session.prepareQuery("INSERT INTO t (id, price, code) VALUES ($1, $2, $3)")
            _ = try await rows(of: insert, ["3", "3.456", "xyz"], on: session)
            #expect(try await texts("SELECT price, code FROM t WHERE id = 3", on: session) == [["3.46", "xyz"]])
            await expectError(.stringDataRightTruncation) {
                _ = try await self.rows(of: insert, ["4", "1", "long"], on: session)
            }
        }
    }

    /// A plan that is kept must not outlive what it was made of.
    @Test func preparedStatementsSeeChanges() async throws {
        try await withTables { session in
            let prepared = try await session.prepareQuery("SELECT * FROM t WHERE id = 1")
            #expect(try await rows(of: prepared, [], on: session).first?.count == 9)
            _ = try await session.execute("ALTER TABLE t ADD COLUMN more INT DEFAULT 5")
            #expect(try await rows(of: prepared, [], on: session).first?.last == "5")
            let count = try await session.prepareQuery("SELECT count(*) FROM t")
            _ = try await session.execute("INSERT INTO t (id) VALUES (9)")
            #expect(try await rows(of: count, [], on: session) == [["3"]])
            let path = try await session.prepareQuery("SELECT count(*) FROM t")
            _ = try await session.execute("CREATE SCHEMA s; CREATE TABLE s.t (n INT); SET search_path TO s, public")
            #expect(try await rows(of: path, [], on: session) == [["0"]])
            _ = try await session.execute("RESET search_path; BEGIN; CREATE TABLE v (a INT)")
            let made = try await session.prepareQuery("SELECT * FROM v")
            _ = try await session.execute("ROLLBACK; CREATE TABLE w (b INT)")
            await expectError(.undefinedTable) { _ = try await self.rows(of: made, [], on: session) }
            let clock = try await session.prepareQuery("SELECT sysdate, 'now'::timestamp")
            let first = try await rows(of: clock, [], on: session)
            try await Task.sleep(for: .milliseconds(2))
            #expect(try await rows(of: clock, [], on: session) != first)
        }
    }

    @Test func severalResultsAreOpenAtOnce() async throws {
        try await withTables { session in
            _ = try await session.execute("CREATE TABLE n AS SELECT a.id FROM t a, t b, t c, t d, t e, t f, t g, t h")
            for _ in 0..<5 { _ = try await session.execute("INSERT INTO n SELECT * FROM n") }
            _ = try await session.execute("BEGIN")
            let query = try await session.prepareQuery("SELECT id FROM n")
            var first = try await session.run(query, keepingOpenResults: true)
            var second = try await session.run(query, keepingOpenResults: true)
            var counts = [0, 0]
            while true {
                let (a, b) = (try await first.next(), try await second.next())
                counts[0] += a?.count ?? 0
                counts[1] += b?.count ?? 0
                if a == nil, b == nil { break }
            }
            #expect(counts == [256 * 32, 256 * 32])
            var third = try await session.run(query, keepingOpenResults: true)
            _ = try await session.execute("COMMIT")
            await expectError(.invalidCursorName) { while try await third.next() != nil {} }
        }
    }

    // MARK: Simple

    @Test func oneTextIsOneTransaction() async throws {
        try await withTables { session in
            await expectError(.divisionByZero) {
                try await self.simple("INSERT INTO t (id) VALUES (8); SELECT 1 / 0", on: session)
            }
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["2"]], "undone")
            #expect(await session.transactionStatus == .idle)
            try await simple("INSERT INTO t (id) VALUES (8); SELECT 1", on: session)
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["3"]])
            // COMMIT in between keeps what came before.
            await expectError(.divisionByZero) {
                try await self.simple(
                    "BEGIN; INSERT INTO t (id) VALUES (9); COMMIT; INSERT INTO t (id) VALUES (10); SELECT 1 / 0",
                    on: session)
            }
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["4"]])
            // BEGIN takes along what came before it.
            try await simple("INSERT INTO t (id) VALUES (11); BEGIN; INSERT INTO t (id) VALUES (12)", on: session)
            #expect(await session.transactionStatus == .inBlock)
            await expectError(.undefinedTable) { try await self.simple("SELECT * FROM missing", on: session) }
            #expect(await session.transactionStatus == .failed)
            await expectError(.inFailedTransaction) { try await self.simple("SELECT 1", on: session) }
            #expect(try await simple("ROLLBACK; SELECT count(*) FROM t", on: session) == ["ROLLBACK", "SELECT"])
            #expect(await session.transactionStatus == .idle)
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["4"]])
            #expect(try await simple("", on: session) == [])
            await expectError(.activeTransaction) { try await self.simple("SELECT 1; VACUUM t", on: session) }
            try await simple("VACUUM t", on: session)
        }
    }

    @Test func aPipelineIsOneTransaction() async throws {
        try await withTables { session in
            let insert = try await session.prepareQuery("INSERT INTO t (id) VALUES ($1)")
            await session.beginPipeline()
            _ = try await rows(of: insert, ["5"], on: session)
            _ = try await rows(of: insert, ["6"], on: session)
            try await session.endPipeline(commits: false)
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["2"]])
            await session.beginPipeline()
            _ = try await rows(of: insert, ["5"], on: session)
            try await session.endPipeline(commits: true)
            #expect(try await texts("SELECT count(*) FROM t", on: session) == [["3"]])
            #expect(await session.transactionStatus == .idle)
        }
    }

    // MARK: Help

    /// Tags of the results.
    @discardableResult
    private func simple(_ text: String, on session: DatabaseSession) async throws -> [String] {
        let tags = Mutex<[String]>([])
        try await session.runSimple(text) { result throws(SQLError) in
            var result = result
            while try await result.next() != nil {}
            tags.withLock { $0.append(result.tag) }
        }
        return tags.withLock { $0 }
    }

    private func texts(_ sql: String, on session: DatabaseSession) async throws -> [[String?]] {
        try await rows(of: try await session.prepareQuery(sql), [], on: session)
    }

    private func rows(
        of prepared: PreparedQuery, _ values: [String?], on session: DatabaseSession
    ) async throws -> [[String?]] {
        let parameters = values.map { SQLParameter($0.map { SQLValue($0) } ?? .null, .unknown) }
        var result = try await session.run(prepared, parameters: parameters)
        var rows: [[String?]] = []
        while let batch = try await result.next() {
            for row in 0..<batch.count {
                rows.append(
                    zip(batch.columns, result.columns).map { column, output in
                        let value = column.value(at: row, as: output.type)
                        return value.isNull ? nil : String(decoding: value.text(as: output.type), as: UTF8.self)
                    })
            }
        }
        return rows
    }
}
