import Blueshift
import Testing

/// Queries that end early: by an error on one slice, by the client, by a clock.
@Suite struct EndingTests {
    private func fill(_ session: Session, doublings: Int) async throws {
        try await session.execute("CREATE TABLE t (id INT, v INT) DISTSTYLE EVEN")
        try await session.insert(into: "t", (0..<1_000).map { "(\($0), \($0))" })
        for _ in 0..<doublings { try await session.execute("INSERT INTO t SELECT id, v FROM t") }
    }

    @Test func anErrorOnOneSliceEndsTheQueryEverywhere() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 0)
            try await session.execute("INSERT INTO t VALUES (7777, 0)")
            await expectError(.divisionByZero) {
                _ = try await session.rows("SELECT sum(1000 / v) FROM t WHERE id > 0")
            }
            // Whichever slice is heard first, the client is told the reason, not that others were stopped.
            for _ in 0..<20 {
                await expectError(.divisionByZero) {
                    _ = try await session.rows(
                        "SELECT k, count(*) FROM (SELECT 1000 / v AS k FROM t WHERE id > 0) GROUP BY k")
                }
            }
            // The cluster goes on.
            #expect(try await session.number("SELECT count(*) FROM t") == 1_001)
            let failed = try await session.rows("SELECT aborted FROM stl_query ORDER BY query DESC LIMIT 2")
            #expect(failed.map { $0[0] } == [.integer(0), .integer(1)])
        }
    }

    @Test func cancelEndsAQueryLongBeforeItWouldEnd() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 4)
            let running = Task { try await session.number("SELECT count(*) FROM t a, t b WHERE a.v + b.v < 0") }
            try await Task.sleep(for: .milliseconds(300))
            let clock = ContinuousClock()
            let start = clock.now
            session.cancel()
            await expectError(.queryCanceled) { _ = try await running.value }
            // The whole query takes minutes in a debug build. (How many milliseconds a cancellation takes is measured in
            // release builds, by Benchmarks.)
            #expect(clock.now - start < .seconds(10))
            #expect(try await session.number("SELECT 1") == 1)
        }
    }

    @Test func cancellingTheTaskCancelsTheQuery() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 4)
            let running = Task { try await session.number("SELECT count(*) FROM t a, t b WHERE a.v + b.v < 0") }
            try await Task.sleep(for: .milliseconds(200))
            running.cancel()
            await expectError(.queryCanceled) { _ = try await running.value }
        }
    }

    @Test func statementTimeout() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 4)
            try await session.execute("SET statement_timeout TO 100")
            await expectError(.queryCanceled) {
                _ = try await session.rows("SELECT count(*) FROM t a, t b WHERE a.v + b.v < 0")
            }
            try await session.execute("RESET statement_timeout")
        }
    }

    /// Rows are not made ahead of the reader, and a result left in the middle does not hold up the next statement.
    @Test func aSlowReaderStopsTheSlices() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 9)
            let rows = try await session.execute("SELECT id, v FROM t")
            var iterator = rows.makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            #expect(try await session.number("SELECT count(*) FROM t") == 512_000)
        }
    }

    @Test func allRowsOfALargeResultArrive() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 7)
            var count = 0
            var sum = 0
            for try await row in try await session.execute("SELECT id, v FROM t") {
                count += 1
                sum += try row.decode(Int.self, at: 1)
            }
            #expect(count == 128_000)
            #expect(sum == 128 * 499_500)
        }
    }

    @Test func limitEndsTheSenders() async throws {
        try await withSession { _, session in
            try await fill(session, doublings: 8)
            #expect(try await session.rows("SELECT id FROM t LIMIT 10").count == 10)
        }
    }
}
