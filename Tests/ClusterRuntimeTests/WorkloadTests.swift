import SQLTypes
import Testing

@testable import ClusterRuntime

/// The queues as a value, and their configuration.
@Suite struct WorkloadTests {
    private static let json = """
        [{"query_group": ["report*"], "query_group_wild_card": 1, "query_concurrency": 1, "memory_percent_to_use": 20,
          "name": "Reports", "rules": [{"rule_name": "long", "action": "abort",
            "predicate": [{"metric_name": "query_execution_time", "operator": ">", "value": 5}]}]},
         {"user_group": ["etl"], "query_concurrency": 2, "memory_percent_to_use": 50, "max_execution_time": 1000},
         {"query_concurrency": 3}, {"short_query_queue": true}]
        """

    private func request(
        _ query: Int64, process: Int32? = nil, group: String = "default", users: [String] = [], slots: Int = 1,
        isSuperuser: Bool = false, isShort: Bool = false
    ) -> WorkloadQueues.Request {
        WorkloadQueues.Request(
            query: query, process: process ?? Int32(query), transaction: 0, isSuperuser: isSuperuser, userGroups: users,
            queryGroup: group, slots: slots, isShort: isShort)
    }

    private func queues() throws -> WorkloadQueues {
        WorkloadQueues(try WorkloadConfiguration(json: Self.json, permits: 2))
    }

    @Test func routing() throws {
        var queues = try queues()
        #expect(queues.classes.map(\.id) == [5, 6, 7, 8, 14])
        #expect(queues.classes[1].rules.first?.predicates.first?.metric == .executionTime)
        #expect(queues.enter(request(1, group: "Report_daily"), at: 0).serviceClass == 6)
        #expect(queues.enter(request(2, users: ["etl"]), at: 0).serviceClass == 7)
        #expect(queues.enter(request(3, group: "reporting"), at: 0).runStart == nil)
        #expect(queues.enter(request(4, group: "superuser"), at: 0).serviceClass == 8)
        #expect(queues.enter(request(5, group: "superuser", isSuperuser: true), at: 0).serviceClass == 5)
    }

    @Test func whoCameFirstIsServedFirst() throws {
        var queues = try queues()
        for query in 1...3 { #expect(queues.enter(request(Int64(query)), at: 0).runStart == 0) }
        // The fourth needs two slots, and is not passed by those that need one.
        #expect(queues.enter(request(4, slots: 2), at: 1).runStart == nil)
        #expect(queues.enter(request(5), at: 2).runStart == nil)
        #expect(queues.enter(request(6), at: 3).runStart == nil)
        #expect(queues.leave(1, at: 4).started == [])
        #expect(queues.leave(2, at: 5).started.map(\.request.query) == [4])
        #expect(queues.leave(5, at: 6).started == [])
        #expect(queues.leave(4, at: 7).started.map(\.request.query) == [6])
        #expect(queues.usedSlots(8) == 2)
        #expect(queues.counts[8] == WorkloadQueues.Counts(serviced: 6, executed: 3, evicted: 1))
        // Nobody can ask for more than there are.
        #expect(queues.enter(request(7, slots: 50), at: 8).slots == 3)
    }

    @Test func sessionsDoNotWaitForThemselvesAndShortOnesNotForLong() throws {
        var queues = try queues()
        for query in 1...3 { _ = queues.enter(request(Int64(query)), at: 0) }
        #expect(queues.enter(request(4, process: 2), at: 1).runStart == 1)
        let short = queues.enter(request(5, isShort: true), at: 2)
        #expect(short.serviceClass == ServiceClass.shortQueries && short.runStart == 2)
        #expect(queues.enter(request(6), at: 3).runStart == nil)
        #expect(queues.leave(5, at: 4).started == [])
        #expect(queues.leave(4, at: 5).started == [])
        #expect(queues.leave(1, at: 6).started.map(\.request.query) == [6])
    }

    @Test func suspendedOnesTakeNoSlots() throws {
        var queues = try queues()
        for query in 1...3 { _ = queues.enter(request(Int64(query)), at: 0) }
        #expect(queues.enter(request(4), at: 1).runStart == nil)
        #expect(queues.suspend(1, at: 2).map(\.request.query) == [4])
        let none = queues.suspend(1, at: 2) + queues.suspend(9, at: 2)
        #expect(none.isEmpty)
        // Its session's next query needs a slot of its own.
        #expect(queues.enter(request(5, process: 1), at: 3).runStart == nil)
        var goesOn = queues.resume(1)
        #expect(!goesOn)
        goesOn = queues.resume(9)
        #expect(goesOn, "who is over waits for nothing")
        #expect(queues.hop(1, at: 4) == nil)
        // Who began before comes first.
        #expect(queues.leave(2, at: 5).started.map(\.request.query) == [1])
        goesOn = queues.resume(1)
        #expect(goesOn)
        #expect(queues.leave(3, at: 6).started.map(\.request.query) == [5])
        _ = queues.suspend(1, at: 7)
        #expect(queues.enter(request(6), at: 7).runStart == 7)
        goesOn = queues.resume(1)
        #expect(!goesOn)
        #expect(queues.leave(1, at: 8).entry?.request.query == 1)
        #expect(queues.leave(6, at: 9).started == [])
    }

    @Test func hopping() throws {
        var queues = try queues()
        _ = queues.enter(request(1, group: "report"), at: 0)
        _ = queues.enter(request(2, group: "report"), at: 0)
        let hop = queues.hop(1, at: 3)
        #expect(hop?.entry.serviceClass == 8)
        #expect(hop?.started.map(\.request.query) == [2])
        #expect(queues.hop(1, at: 4) == nil, "there is none behind the last")
    }

    @Test(arguments: [
        "", "{}", "[]", #"[{"query_concurrency": 0}]"#, #"[{"query_concurrency": 40}, {"query_concurrency": 11}]"#,
        #"[{"query_concurrency": 5, "memory_percent_to_use": 101}]"#,
        #"[{"auto_wlm": true, "query_concurrency": 5}]"#,
        #"[{"query_concurrency": 5, "rules": [{"rule_name": "r", "predicate": [], "action": "log"}]}]"#,
    ])
    func wrongConfigurations(json: String) {
        #expect(throws: SQLError.self) { try WorkloadConfiguration(json: json, permits: 2) }
    }

    /// Every query runs exactly once, however they come, go and give up; slots are never overdrawn.
    @Test(arguments: UInt64(0)..<16) func slotsAreNeverOverdrawn(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var queues = try queues()
        var inside: Set<Int64> = []
        for step in 0..<2_000 {
            let now = Int64(step)
            if inside.isEmpty || random.next() % 5 < 3 {
                let groups = ["report", "default", "superuser"]
                let own = request(
                    now, process: Int32(truncatingIfNeeded: random.next() % 12),
                    group: groups[Int(random.next() % 3)], users: random.next() % 3 == 0 ? ["etl"] : [],
                    slots: Int(random.next() % 4) + 1, isSuperuser: random.next() % 2 == 0,
                    isShort: random.next() % 2 == 0)
                _ = queues.enter(own, at: now)
                inside.insert(now)
            } else if let query = inside.sorted().dropFirst(Int(random.next() % UInt64(inside.count))).first {
                if random.next() % 8 == 0 { _ = queues.hop(query, at: now) }
                if random.next() % 2 == 0 {
                    if random.next() % 2 == 0 { _ = queues.suspend(query, at: now) } else { _ = queues.resume(query) }
                    continue
                }
                #expect(queues.leave(query, at: now).entry != nil)
                inside.remove(query)
            }
            for own in queues.classes {
                #expect(queues.usedSlots(own.id) <= own.concurrency)
                if let first = queues.waiting[own.id]?.first {
                    #expect(queues.usedSlots(own.id) + first.slots > own.concurrency, "one waits for nothing")
                }
            }
        }
        for query in inside.sorted() { _ = queues.leave(query, at: 0) }
        #expect(queues.running.isEmpty && queues.waiting.values.allSatisfy(\.isEmpty))
    }
}
