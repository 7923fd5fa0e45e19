import Catalog
import QueryPlan
import SQLTypes
import Synchronization
import Testing
import VectorEngine

@testable import ClusterRuntime

/// Texts that come again are not planned again, and nobody can tell by the answers.
@Suite struct PlanCacheTests {
    private func withLeader(_ body: (Leader, DatabaseSession) async throws -> Void) async throws {
        let leader = try await Leader.start(ClusterConfiguration(shape: ClusterShape(nodes: 1, slicesPerNode: 2)))
        try await body(leader, DatabaseSession.open(on: leader))
        try await leader.shutDown()
    }

    /// The first column of all rows, as text.
    private func ask(_ text: String, _ session: DatabaseSession) async throws -> [String] {
        let found = Mutex<[String]>([])
        try await session.runSimple(text) { result throws(SQLError) in
            var result = result
            while let batch = try await result.next() {
                for row in 0..<batch.count {
                    let value = batch.columns[0].value(at: row, as: result.columns[0].type)
                    let text = String(decoding: value.text(as: result.columns[0].type), as: UTF8.self)
                    found.withLock { $0.append(text) }
                }
            }
        }
        return found.withLock { $0 }
    }

    @Test func aTextIsKeptOnceForAllSessions() async throws {
        try await withLeader { leader, session in
            _ = try await ask("CREATE TABLE t (a INT)", session)
            _ = try await ask("INSERT INTO t VALUES (1), (2)", session)
            let other = DatabaseSession.open(on: leader)
            for _ in 0..<3 {
                #expect(try await ask("SELECT count(*) FROM t", session) == ["2"])
                #expect(try await ask("SELECT count(*) FROM t", other) == ["2"])
            }
            #expect(leader.plans.textCount == 1)
        }
    }

    /// Texts are bytes: what `String` takes for the same letter is another literal.
    @Test func equivalentLettersAreTwoTexts() async throws {
        try await withLeader { leader, session in
            let (composed, decomposed) = ("\u{E9}", "e\u{301}")
            #expect(composed == decomposed)
            let other = DatabaseSession.open(on: leader)
            _ = try await ask("CREATE TABLE t (a INT, n VARCHAR(20))", session)
            _ = try await ask("INSERT INTO t VALUES (1, '\(composed)'), (2, '\(decomposed)')", session)
            for session in [session, other, session] {
                #expect(try await ask("SELECT octet_length('\(composed)')", session) == ["2"])
                #expect(try await ask("SELECT octet_length('\(decomposed)')", session) == ["3"])
                #expect(try await ask("SELECT a FROM t WHERE n = '\(composed)'", session) == ["1"])
                #expect(try await ask("SELECT a FROM t WHERE n = '\(decomposed)'", session) == ["2"])
            }
            #expect(leader.plans.textCount == 4)
        }
    }

    @Test func newRowsAreSeen() async throws {
        try await withLeader { _, session in
            _ = try await ask("CREATE TABLE t (a INT)", session)
            for count in 0..<4 {
                #expect(try await ask("SELECT count(*) FROM t", session) == ["\(count)"])
                _ = try await ask("INSERT INTO t VALUES (1)", session)
            }
        }
    }

    @Test func namesMeanWhatTheyMeanNow() async throws {
        try await withLeader { leader, session in
            let other = DatabaseSession.open(on: leader)
            let query = "SELECT a FROM t"
            _ = try await ask("CREATE TABLE t AS SELECT 1 AS a", session)
            #expect(try await ask(query, session) == ["1"])
            _ = try await ask("CREATE SCHEMA s", session)
            _ = try await ask("CREATE TABLE s.t AS SELECT 2 AS a", session)
            _ = try await ask("SET search_path TO s", session)
            #expect(try await ask(query, session) == ["2"])
            #expect(try await ask(query, other) == ["1"])
            _ = try await ask("RESET search_path", session)
            #expect(try await ask(query, session) == ["1"])
            _ = try await ask("CREATE TEMP TABLE t AS SELECT 3 AS a", session)
            #expect(try await ask(query, session) == ["3"])
            #expect(try await ask(query, other) == ["1"])
            _ = try await ask("DROP TABLE public.t", other)
            await #expect(throws: SQLError.self) { try await ask(query, other) }
            #expect(try await ask(query, session) == ["3"])
        }
    }

    @Test func aBlockSeesItsOwnChanges() async throws {
        try await withLeader { _, session in
            _ = try await ask("CREATE TABLE t AS SELECT 1 AS a", session)
            #expect(try await ask("SELECT * FROM t", session) == ["1"])
            _ = try await ask("BEGIN", session)
            _ = try await ask("DROP TABLE t", session)
            _ = try await ask("CREATE TABLE t AS SELECT 2 AS a", session)
            #expect(try await ask("SELECT * FROM t", session) == ["2"])
            _ = try await ask("ROLLBACK", session)
            #expect(try await ask("SELECT * FROM t", session) == ["1"])
        }
    }

    @Test func rightsAreThoseOfNow() async throws {
        try await withLeader { leader, session in
            _ = try await ask("CREATE TABLE t AS SELECT 1 AS a", session)
            _ = try await ask("CREATE USER mary PASSWORD DISABLE", session)
            _ = try await ask("GRANT SELECT ON t TO mary", session)
            let mary = try DatabaseSession.open(on: leader, SessionIdentity(user: "mary", database: "dev"))
            #expect(try await ask("SELECT a FROM t", session) == ["1"])
            #expect(try await ask("SELECT a FROM t", mary) == ["1"])
            _ = try await ask("REVOKE SELECT ON t FROM mary", session)
            await #expect(throws: SQLError.self) { try await ask("SELECT a FROM t", mary) }
            #expect(try await ask("SELECT a FROM t", session) == ["1"])
        }
    }

    @Test func whatTheClockSaysIsNotKept() async throws {
        try await withLeader { leader, session in
            _ = try await ask("SELECT 'now'::timestamp", session)
            #expect(leader.plans.textCount == 0)
        }
    }

    @Test func anErrorFailsTheBlock() async throws {
        try await withLeader { _, session in
            let query = "SELECT 1 / (pg_backend_pid() - pg_backend_pid())"
            for _ in 0..<2 { await #expect(throws: SQLError.self) { try await ask(query, session) } }
            _ = try await ask("BEGIN", session)
            await #expect(throws: SQLError.self) { try await ask(query, session) }
            #expect(await session.transactionStatus == .failed)
            await #expect(throws: SQLError.self) { try await ask("SELECT 1", session) }
            _ = try await ask("ROLLBACK", session)
            #expect(try await ask("SELECT 1", session) == ["1"])
        }
    }

    @Test func itIsBounded() async throws {
        try await withLeader { leader, session in
            for number in 0..<PlanCache.textsMax + 100 {
                let answer = try await ask("SELECT \(number)", session)
                #expect(answer == ["\(number)"])
            }
            #expect(leader.plans.textCount <= PlanCache.textsMax)
            let again = try await ask("SELECT 7", session)
            #expect(again == ["7"])
        }
    }
}
