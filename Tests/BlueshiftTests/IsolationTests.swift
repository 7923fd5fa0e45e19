import Blueshift
import Testing

/// SNAPSHOT and SERIALIZABLE, and LOCK.
@Suite struct IsolationTests {
    /// Two sessions, and two tables with one row each.
    private func withTwo(
        serializable: Bool, _ body: (Session, Session) async throws -> Void
    ) async throws {
        try await withSession { cluster, first in
            let second = cluster.session()
            try await first.execute("CREATE TABLE a (n INT); CREATE TABLE b (n INT)")
            try await first.execute("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)")
            if serializable { try await first.execute("ALTER DATABASE dev ISOLATION LEVEL SERIALIZABLE") }
            try await body(first, second)
            await second.close()
        }
    }

    /// Write skew: each reads what the other one writes.
    @Test(arguments: [false, true]) func writeSkew(serializable: Bool) async throws {
        try await withTwo(serializable: serializable) { first, second in
            try await first.execute("BEGIN; INSERT INTO b SELECT n + 10 FROM a")
            try await second.execute("BEGIN; INSERT INTO a SELECT n + 10 FROM b")
            try await first.execute("COMMIT")
            guard serializable else {
                try await second.execute("COMMIT")
                return
            }
            do {
                try await second.execute("COMMIT")
                Issue.record("both have committed")
            } catch let error as SQLError {
                #expect(error.state == .serializationFailure && error.message == "1023")
                #expect(error.detail?.hasPrefix("Serializable isolation violation on table - 100") == true)
                #expect(error.detail?.contains("transactions forming the cycle are: ") == true)
            }
            #expect(try await second.number("SELECT count(*) FROM a") == 1, "it is rolled back")
            try await second.execute("BEGIN; INSERT INTO a SELECT n + 10 FROM b; COMMIT")
            #expect(try await second.number("SELECT count(*) FROM a") == 3)
        }
    }

    /// What replaces all rows of a table must not take those along that its block never saw.
    @Test(arguments: [
        "ALTER TABLE a ALTER DISTKEY n", "ALTER TABLE a ADD COLUMN m INT DEFAULT 3", "ALTER TABLE c DROP COLUMN m",
    ])
    func rewritingOverOthersRows(alter: String) async throws {
        try await withTwo(serializable: false) { first, second in
            try await first.execute("CREATE TABLE c (n INT, m INT); INSERT INTO c VALUES (1, 1)")
            try await first.execute("BEGIN; SELECT * FROM b")
            try await second.execute("INSERT INTO a VALUES (2); DELETE FROM c; INSERT INTO c VALUES (5, 5)")
            do {
                try await first.execute(alter)
                Issue.record("rows are lost")
            } catch let error as SQLError {
                #expect(error.state == .serializationFailure)
            }
            try await first.execute("ROLLBACK")
            #expect(try await first.number("SELECT count(*) FROM a") == 2)
            #expect(try await first.number("SELECT sum(n) FROM c") == 5)
            // With a snapshot that has them, after its own changes too.
            try await first.execute("BEGIN; INSERT INTO a VALUES (3); INSERT INTO c VALUES (6, 6); \(alter); COMMIT")
            #expect(try await first.number("SELECT count(*) FROM a") == 3)
            #expect(try await first.number("SELECT sum(n) FROM c") == 11)
        }
    }

    @Test func whatHasAnOrderIsNoViolation() async throws {
        try await withTwo(serializable: true) { first, second in
            // One reads what the other writes, not the other way round.
            try await first.execute("BEGIN; SELECT * FROM a")
            try await second.execute("INSERT INTO a VALUES (2)")
            try await first.execute("INSERT INTO b VALUES (2); COMMIT")
            // Blind inserts into one table.
            try await first.execute("BEGIN; INSERT INTO a VALUES (3)")
            try await second.execute("BEGIN; INSERT INTO b VALUES (3)")
            try await first.execute("COMMIT")
            try await second.execute("INSERT INTO a VALUES (4); COMMIT")
            #expect(try await first.number("SELECT count(*) FROM a") == 4)
            // Nor is one rolled back to blame.
            try await first.execute("BEGIN; INSERT INTO b SELECT n FROM a; ROLLBACK")
            try await second.execute("BEGIN; INSERT INTO a SELECT n FROM b; COMMIT")
            // One after the other is always right.
            try await first.execute("INSERT INTO b SELECT n FROM a")
            try await second.execute("INSERT INTO a SELECT n FROM b")
        }
    }

    /// A reader that sees the second of two and not the first: an order exists for any two of the three, not for all.
    @Test func aReaderCanCloseTheCircle() async throws {
        try await withTwo(serializable: true) { first, second in
            try await first.execute("BEGIN; INSERT INTO b SELECT n FROM a")
            try await second.execute("INSERT INTO a VALUES (5)")
            // Sees a's new row, and not what the first one is about to commit into b.
            try await second.execute("BEGIN; SELECT * FROM a; SELECT * FROM b")
            try await first.execute("COMMIT")
            await expectError(.serializationFailure) { try await second.execute("COMMIT") }
        }
    }

    @Test func lockTableMakesTheOtherOneWaitAndSee() async throws {
        try await withTwo(serializable: true) { first, second in
            try await first.execute("BEGIN; LOCK TABLE a, b; INSERT INTO b SELECT n FROM a")
            async let other: Void = {
                try await second.execute("BEGIN; LOCK a, b; INSERT INTO a SELECT n FROM b; COMMIT")
            }()
            try await Task.sleep(for: .milliseconds(30))
            try await first.execute("COMMIT")
            try await other
            #expect(try await first.number("SELECT count(*) FROM a") == 3)
            await expectError(.undefinedTable) { try await first.execute("BEGIN; LOCK nowhere") }
            try await first.execute("ROLLBACK")
            #expect(try await first.execute("LOCK a").notices.count == 1)
        }
    }

    @Test func theLevelIsTheDatabases() async throws {
        try await withTwo(serializable: false) { first, _ in
            let level = "SELECT isolation_level FROM stv_db_isolation_level WHERE db_name = 'dev'"
            #expect(try await first.text(level) == "Snapshot Isolation")
            try await first.execute("ALTER DATABASE dev ISOLATION LEVEL SERIALIZABLE")
            #expect(try await first.text(level) == "Serializable")
            try await first.execute("ALTER DATABASE dev ISOLATION LEVEL SNAPSHOT")
            #expect(try await first.text(level) == "Snapshot Isolation")
            await expectError(.invalidCatalogName) {
                try await first.execute("ALTER DATABASE other ISOLATION LEVEL SNAPSHOT")
            }
            await expectError(.activeTransaction) {
                try await first.execute("BEGIN; ALTER DATABASE dev ISOLATION LEVEL SERIALIZABLE")
            }
        }
    }
}

extension Session {
    fileprivate func text(_ sql: String) async throws -> String? {
        try await rows(sql).first?.decode(String.self, at: 0)
    }
}
