import Blueshift
import ClusterRuntime
import SQLTypes
import Synchronization
import Testing

/// Sessions that end, cancel and watch one another, and the limits on their time.
@Suite struct SessionControlTests {
    private func withTwo(_ body: (Session, Session) async throws -> Void) async throws {
        try await withSession { cluster, first in
            let second = cluster.session()
            try await first.execute("CREATE TABLE a (n INT); INSERT INTO a VALUES (1)")
            try await body(first, second)
            await second.close()
        }
    }

    private func process(_ session: Session) async throws -> Int { try await session.number("SELECT pg_backend_pid()") }

    /// Waits until the session stands before a lock.
    private func waits(_ process: Int, seenBy session: Session) async throws {
        for _ in 0..<500 {
            let count = try await session.number(
                "SELECT count(*) FROM stv_locks WHERE lock_owner_pid = \(process) AND lock_status LIKE 'Waiting%'")
            if count > 0 { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        Issue.record("session \(process) does not wait")
    }

    @Test func cancellingAWaitForALock() async throws {
        try await withTwo { first, second in
            let (own, other) = (try await process(first), try await process(second))
            #expect(own != other)
            try await first.execute("BEGIN; INSERT INTO a VALUES (2)")
            for end in ["SELECT pg_cancel_backend(\(other))", "CANCEL \(other)"] {
                let waiting = Task { try await second.execute("INSERT INTO a VALUES (3)") }
                try await waits(other, seenBy: first)
                try await first.execute(end)
                await expectError(.queryCanceled) { _ = try await waiting.value }
            }
            #expect(try await first.number("SELECT pg_cancel_backend(9999)") == 0)
            try await first.execute("COMMIT")
            #expect(try await second.number("SELECT count(*) FROM a") == 2)
        }
    }

    /// However early a cancel comes, the statement must not go on to wait for the lock.
    /// Statements on databases wait for other definitions as all do: not for longer than they may, and then nothing is made.
    @Test func aDatabaseThatComesTooLateIsNotMade() async throws {
        try await withTwo { first, second in
            try await first.execute("BEGIN; CREATE USER zoe PASSWORD DISABLE")
            try await second.execute("SET statement_timeout TO 200")
            await expectError(.queryCanceled) { try await second.execute("CREATE DATABASE late") }
            try await first.execute("ROLLBACK")
            let count = try await first.number("SELECT count(*) FROM pg_database WHERE datname = 'late'")
            #expect(count == 0)
            try await second.execute("CREATE DATABASE late")
        }
    }

    @Test func aCancelIsNeverLost() async throws {
        try await withTwo { first, second in
            try await first.execute("BEGIN; INSERT INTO a VALUES (2)")
            for round in 0..<60 {
                let waiting = Task { try await second.execute("INSERT INTO a VALUES (3)") }
                let activity = second.runtime.activity
                while !activity.isRunning { await Task.yield() }
                for _ in 0..<round { await Task.yield() }
                second.cancel()
                await expectError(.queryCanceled) { _ = try await waiting.value }
            }
            try await first.execute("ROLLBACK")
        }
    }

    @Test func aTimeoutCoversTheWaitForALock() async throws {
        try await withTwo { first, second in
            try await first.execute("BEGIN; INSERT INTO a VALUES (2)")
            try await second.execute("SET statement_timeout TO '30ms'")
            do {
                try await second.execute("INSERT INTO a VALUES (3)")
                Issue.record("no timeout")
            } catch let error as SQLError {
                #expect(error == SQLError(.queryCanceled, "canceling statement due to statement timeout"))
            }
            try await first.execute("COMMIT")
            try await second.execute("RESET statement_timeout; INSERT INTO a VALUES (3)")
        }
    }

    /// The time between two fetches is the client's.
    @Test func aTimeoutIsOfAStatementNotOfACursor() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE n (i INT); INSERT INTO n VALUES (1), (2), (3)")
            for _ in 0..<12 { try await session.execute("INSERT INTO n SELECT i FROM n") }
            try await session.execute("SET statement_timeout TO 2000")
            try await session.execute("BEGIN; DECLARE c CURSOR FOR SELECT a.i FROM n a, n b")
            #expect(try await session.rows("FETCH FORWARD 2 FROM c").count == 2)
            try await Task.sleep(for: .milliseconds(2_200))
            #expect(try await session.rows("FETCH 2 c").count == 2)
            await expectError(.queryCanceled) { try await session.execute("MOVE ALL FROM c") }
            try await session.execute("ROLLBACK")
        }
    }

    @Test func terminatedSessionsRollBackAtOnce() async throws {
        try await withTwo { first, second in
            let told = Mutex<SQLError?>(nil)
            second.runtime.onTermination { error in told.withLock { $0 = error } }
            try await second.execute("BEGIN; INSERT INTO a VALUES (2)")
            let other = try await process(second)
            #expect(try await first.rows("SELECT pg_terminate_backend(\(other))").count == 1)
            try await first.execute("INSERT INTO a VALUES (3)")
            #expect(try await first.number("SELECT count(*) FROM a") == 2)
            await expectError(.adminShutdown) { try await second.execute("SELECT 1") }
            #expect(told.withLock { $0?.state } == .adminShutdown)
        }
    }

    @Test(arguments: [true, false]) func idleSessionsEnd(inBlock: Bool) async throws {
        try await withTwo { first, second in
            let told = Mutex<SQLError?>(nil)
            second.runtime.onTermination { error in told.withLock { $0 = error } }
            try await second.execute(
                inBlock
                    ? "SET idle_in_transaction_session_timeout TO 40; BEGIN; INSERT INTO a VALUES (2)"
                    : "SET idle_session_timeout TO 40")
            try await first.execute("INSERT INTO a VALUES (3)")
            for _ in 0..<500 where told.withLock({ $0 == nil }) { try await Task.sleep(for: .milliseconds(5)) }
            #expect(told.withLock { $0?.state } == (inBlock ? .idleInTransactionTimeout : .idleSessionTimeout))
            #expect(try await first.number("SELECT count(*) FROM a") == 2)
        }
    }

    @Test func activeSessionsAreNotIdle() async throws {
        try await withSession { _, session in
            // Together longer than the limit, each gap far below it on a busy machine, too.
            try await session.execute("SET idle_session_timeout TO 4000")
            for _ in 0..<10 {
                try await Task.sleep(for: .milliseconds(450))
                try await session.execute("SELECT 1")
            }
        }
    }

    @Test func clientsAreToldOfParameters() async throws {
        try await withSession { cluster, _ in
            let identity = SessionIdentity(
                user: "awsuser", database: "dev", applicationName: "test", remoteHost: "127.0.0.1", remotePort: 4711,
                settings: ["TimeZone": "Europe/Berlin", "client_protocol_version": "2", "statement_timeout": "5s"])
            let session = try DatabaseSession.open(on: cluster.runtime, identity)
            let begin = await session.parameterStatus
            #expect(begin.contains(ParameterStatus(name: "application_name", value: "test")))
            #expect(begin.contains(ParameterStatus(name: "TimeZone", value: "Europe/Berlin")))
            #expect(begin.contains(ParameterStatus(name: "server_version", value: "8.0.2")))
            #expect(try await session.execute("SELECT 1").changedParameters == [])
            let changed = try await session.execute("BEGIN; SET TIME ZONE 'UTC'; SET statement_timeout TO 7")
            #expect(changed.changedParameters == [])
            let back = try await session.execute("ROLLBACK")
            #expect(back.changedParameters == [ParameterStatus(name: "TimeZone", value: "Europe/Berlin")])
            _ = try await session.execute("SET application_name TO 'other'")
            #expect(session.activity.applicationName == "other")
            #expect(await session.takeChangedParameters() == [])
            _ = try await session.execute("RESET ALL")
            #expect(session.activity.applicationName == "test")
            await session.close()
            await expectError(.invalidParameterValue) {
                _ = try DatabaseSession.open(
                    on: cluster.runtime,
                    SessionIdentity(user: "awsuser", database: "dev", settings: ["statement_timeout": "soon"]))
            }
        }
    }
}
