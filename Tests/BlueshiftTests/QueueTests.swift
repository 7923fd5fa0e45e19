import Blueshift
import Catalog
import ClusterRuntime
import QueryPlan
import Testing
import VectorEngine

/// Queries in the queues of the workload management.
@Suite struct QueueTests {
    private func withQueues(_ json: String, _ body: (Cluster, Session) async throws -> Void) async throws {
        var configuration = ClusterConfiguration(shape: ClusterShape(nodes: 1, slicesPerNode: 2))
        configuration.workload = json
        let cluster = try await Cluster(runtime: configuration)
        let session = cluster.session()
        try await session.execute("CREATE TABLE n (i INT); INSERT INTO n VALUES (1), (2), (3), (4)")
        for _ in 0..<9 { try await session.execute("INSERT INTO n SELECT i FROM n") }
        try await body(cluster, session)
        await session.close()
        try await cluster.close()
    }

    private static let long = "SELECT count(*) FROM n a, n b, n c WHERE a.i + b.i + c.i < 0"

    private func queued(_ count: Int, seenBy session: Session) async throws {
        for _ in 0..<500 {
            let found = try await session.number(
                "SELECT sum(num_queued_queries) FROM stv_wlm_service_class_state")
            if found == count { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("\(count) queries do not wait")
    }

    /// More than is ever held for a client that does not read.
    private static let pairs = "SELECT a.i AS a, b.i AS b FROM n a, n b"

    /// A client that rests between two fetches keeps nobody waiting.
    @Test func queriesOfRestingClientsGiveTheirSlotBack() async throws {
        try await withQueues(#"[{"query_concurrency": 1}]"#) { cluster, watcher in
            let (first, second) = (cluster.session(), cluster.session())
            try await first.execute("BEGIN")
            let prepared = try await first.runtime.prepareQuery(Self.pairs)
            var result = try await first.runtime.run(prepared)
            #expect(try await result.next() != nil)
            let query = try #require(result.query)
            query.pause()
            #expect(try await second.number("SELECT count(*) FROM n") == 2_048)
            try await watcher.execute("SET query_group TO 'superuser'")
            let returning = "SELECT sum(slot_count) FROM stv_wlm_query_state WHERE state = 'Returning'"
            #expect(try await watcher.number(returning) == 0)
            // It goes on when there is a slot again.
            let long = Task { try await second.rows(Self.long) }
            let starts = "SELECT count(*) FROM stv_wlm_query_state WHERE state = 'Running' AND service_class = 6"
            for _ in 0..<500 {
                if try await watcher.number(starts) == 1 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let resumed = Task { try await first.runtime.resume(query) }
            second.cancel()
            await expectError(.queryCanceled) { _ = try await long.value }
            try await resumed.value
            #expect(try await result.next() != nil)
            #expect(try await watcher.number(starts) == 1)
            try await first.execute("ROLLBACK")
            await first.close()
            await second.close()
        }
    }

    /// Between two fetches there is no statement that a timeout or a cancel could end.
    @Test func whoRestsIsNotCancelled() async throws {
        try await withQueues(#"[{"query_concurrency": 1}]"#) { cluster, _ in
            let session = cluster.session()
            try await session.execute("SET statement_timeout TO 3000; BEGIN")
            let prepared = try await session.runtime.prepareQuery(Self.pairs)
            var result = try await session.runtime.run(prepared)
            let query = try #require(result.query)
            #expect(try await result.next() != nil)
            query.pause()
            session.cancel()
            try await Task.sleep(for: .milliseconds(3_200))
            #expect(query.failure == nil)
            try await session.runtime.resume(query)
            #expect(try await result.next() != nil)
            session.cancel()
            await expectError(.queryCanceled) { while try await result.next() != nil {} }
            #expect(await session.runtime.transactionStatus == .failed)
            try await session.execute("ROLLBACK")
            await session.close()
        }
    }

    /// Results that a simple query does not end are those of its transaction, and not a row longer.
    @Test func restingResultsLiveAsLongAsTheirTransaction() async throws {
        try await withQueues(#"[{"query_concurrency": 3}]"#) { cluster, _ in
            let session = cluster.session()
            try await session.execute("BEGIN")
            let prepared = try await session.runtime.prepareQuery(Self.pairs)
            var result = try await session.runtime.run(prepared)
            #expect(try await result.next() != nil)
            result.query?.pause()
            #expect(try await session.number("SELECT count(*) FROM n") == 2_048)
            #expect(result.query?.failure == nil)
            try await session.execute("COMMIT")
            let query = try #require(result.query)
            await expectError(.invalidCursorName) { try await session.runtime.resume(query) }
            await expectError(.invalidCursorName) { _ = try await result.next() }
            await session.close()
        }
    }

    @Test func queriesWaitForASlotAndCanBeCancelledThere() async throws {
        try await withQueues(#"[{"query_concurrency": 1}]"#) { cluster, watcher in
            try await watcher.execute("SET query_group TO 'superuser'")
            let (first, second) = (cluster.session(), cluster.session())
            let running = Task { try await first.rows(Self.long) }
            let starts = "SELECT count(*) FROM stv_wlm_query_state WHERE state = 'Running' AND service_class = 6"
            for _ in 0..<500 {
                if try await watcher.number(starts) == 1 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let waiting = Task { try await second.rows("SELECT count(*) FROM n") }
            try await queued(1, seenBy: watcher)
            #expect(
                try await watcher.number("SELECT position FROM stv_wlm_query_queue_state WHERE service_class = 6") == 1)
            second.cancel()
            await expectError(.queryCanceled) { _ = try await waiting.value }
            let patient = Task { try await second.rows("SELECT count(*) FROM n") }
            try await queued(1, seenBy: watcher)
            first.cancel()
            await expectError(.queryCanceled) { _ = try await running.value }
            #expect(try await patient.value.count == 1)
            #expect(
                try await watcher.number(
                    "SELECT count(*) FROM stl_wlm_query WHERE service_class = 6 AND final_state = 'Evicted'") == 1)
            // What does not leave the leader needs no slot.
            #expect(try await first.number("SELECT 1") == 1)
            await first.close()
            await second.close()
        }
    }

    @Test func rulesAbortAndLog() async throws {
        let json = """
            [{"query_group": ["watched"], "query_concurrency": 2, "rules": [
                {"rule_name": "too_many", "action": "log",
                 "predicate": [{"metric_name": "scan_row_count", "operator": ">", "value": 100}]},
                {"rule_name": "too_long", "action": "abort",
                 "predicate": [{"metric_name": "query_execution_time", "operator": ">", "value": 0}]}]},
             {"query_concurrency": 5}]
            """
        try await withQueues(json) { cluster, session in
            try await session.execute("SET query_group TO watched")
            _ = try await session.rows("SELECT count(*) FROM n")
            do {
                _ = try await session.rows(Self.long)
                Issue.record("it was not aborted")
            } catch let error as SQLError {
                #expect(error.state == .queryCanceled && error.message.contains("too_long"))
            }
            try await session.execute("RESET query_group")
            #expect(
                try await session.number("SELECT count(*) FROM stl_wlm_rule_action WHERE action = 'abort'") == 1)
            #expect(try await session.number("SELECT count(*) FROM stl_wlm_rule_action WHERE action = 'log'") >= 1)
        }
    }

    /// A session that reads one result and asks for another must not wait for itself.
    @Test func aSessionWithAnOpenResultHasItsSlot() async throws {
        try await withQueues(#"[{"query_concurrency": 1}]"#) { cluster, session in
            let runtime = session.runtime
            _ = try await runtime.execute("BEGIN")
            let query = try await runtime.prepareQuery("SELECT a.i FROM n a, n b")
            var first = try await runtime.run(query, keepingOpenResults: true)
            _ = try await first.next()
            var second = try await runtime.run(query, keepingOpenResults: true)
            #expect(try await second.next() != nil)
            _ = try await runtime.execute("ROLLBACK")
        }
    }
}
