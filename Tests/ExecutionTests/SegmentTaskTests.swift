import Catalog
import QueryPlan
import SQLTypes
import Synchronization
import Testing
import VectorEngine

@testable import Execution

@Suite struct SegmentTaskTests {
    private let receive = Step.receive(ExchangeID(0), types: [.integer])

    private func task(_ cluster: TestCluster, _ steps: [Step], _ sink: TestSink) throws -> SegmentTask {
        try SegmentTask(
            segment: Segment(number: 0, location: .everySlice, steps: steps), context: cluster.context(results: sink))
    }

    @Test func selectOne() throws {
        let cluster = try TestCluster()
        let steps: [Step] = [.constants([[]], types: []), .project([.literal(.integer(1), .integer)])]
        let result = try cluster.rows(steps, [.integer], slice: SliceTrace.leaderSlice)
        #expect(result.rows == [[.integer(1)]])
        #expect(result.steps.map(\.label) == ["scan", "project"])
        #expect(result.steps.map(\.rowsOut) == [1, 1])
    }

    @Test func virtualTablesComeInBatches() throws {
        let cluster = try TestCluster()
        let scan = VirtualScan(name: "numbers", columns: [0], types: [.integer])
        let count = AggregateCall(function: "count", arguments: [], argumentTypes: [], result: .bigint)
        let aggregation = Aggregation(phase: .complete, groups: [], groupTypes: [], calls: [count], estimatedGroups: 1)
        let result = try cluster.rows([.virtualScan(scan), .aggregate(aggregation)], [.bigint])
        #expect(result.rows == [[.integer(5_000)]])
        #expect(result.steps[1].rowsIn == 5_000)
    }

    @Test func blocksUntilTheExchangeBringsMore() throws {
        let cluster = try TestCluster()
        let first = batch(integers(0..<10), [.integer])
        cluster.ports.put([.batch(first), .blocked, .blocked, .batch(first)], into: 0, receiver: 0)
        let sink = TestSink()
        let task = try task(cluster, [receive], sink)
        #expect(try task.run(untilNs: .max) == .blocked)
        #expect(sink.rows([.integer]).count == 10)
        #expect(try task.run(untilNs: .max) == .blocked)
        #expect(try task.run(untilNs: .max) == .finished)
        #expect(sink.rows([.integer]).count == 20)
        #expect(sink.hasEnded)
        #expect(task.steps[0].rowsOut == 20)
    }

    @Test func yieldsWhenItsTimeIsUp() throws {
        let cluster = try TestCluster()
        let part = batch(integers(0..<10), [.integer])
        cluster.ports.put([.batch(part), .batch(part)], into: 0, receiver: 0)
        let sink = TestSink()
        let task = try task(cluster, [receive], sink)
        var turns = 0
        while try task.run(untilNs: 0) != .finished { turns += 1 }
        #expect(turns >= 2)
        #expect(sink.rows([.integer]).count == 20)
    }

    @Test func cancellationEndsIt() throws {
        let cluster = try TestCluster()
        cluster.ports.put([.batch(batch(integers(0..<10), [.integer]))], into: 0, receiver: 0)
        let task = try task(cluster, [receive], TestSink())
        #expect(try task.run(untilNs: 0) == .yielded)
        cluster.cancellation.set()
        let error = #expect(throws: SQLError.self) { try task.run(untilNs: .max) }
        #expect(error?.state == .queryCanceled)
    }

    @Test func limitStopsTheSource() throws {
        let cluster = try TestCluster()
        let part = batch(integers(0..<10), [.integer])
        cluster.ports.put(Array(repeating: .batch(part), count: 50), into: 0, receiver: 0)
        let result = try cluster.rows([receive, .limit(count: 25, offset: 3)], [.integer])
        #expect(result.rows.count == 25)
        #expect(result.rows.first == [.integer(3)])
        #expect(cluster.ports.state.withLock { $0.asked } == 3)
        #expect(cluster.ports.state.withLock { $0.closedInputs } == 1)
    }

    /// The aggregate behind a satisfied LIMIT still hands out its groups.
    @Test func limitEndsWhatFollows() throws {
        let cluster = try TestCluster()
        cluster.ports.put([.batch(batch(integers(0..<10), [.integer]))], into: 0, receiver: 0)
        let count = AggregateCall(function: "count", arguments: [], argumentTypes: [], result: .bigint)
        let aggregation = Aggregation(phase: .complete, groups: [], groupTypes: [], calls: [count], estimatedGroups: 1)
        for (limit, expected) in [(4, 4), (0, 0)] {
            cluster.ports.put([.batch(batch(integers(0..<10), [.integer]))], into: 0, receiver: 0)
            let steps = [receive, .limit(count: Int64(limit), offset: 0), .aggregate(aggregation)]
            #expect(try cluster.rows(steps, [.bigint]).rows == [[.integer(Int64(expected))]])
        }
    }

    @Test func aSinkMayBlockAndMayBeDone() throws {
        let cluster = try TestCluster()
        let part = batch(integers(0..<10), [.integer])
        cluster.ports.put(Array(repeating: .batch(part), count: 9), into: 0, receiver: 0)
        let sink = TestSink(answers: [.blocked, .wantsMore, .done])
        let task = try task(cluster, [receive], sink)
        #expect(try task.run(untilNs: .max) == .blocked)
        #expect(sink.batches.count == 1)
        #expect(try task.run(untilNs: .max) == .finished)
        #expect(sink.batches.count == 3 && sink.hasEnded)
        #expect(cluster.ports.state.withLock { $0.closedInputs } == 1)
    }

    @Test func refusedMemoryIsAnError() throws {
        struct Nothing: MemoryGrant {
            func reserve(bytes: Int) -> Bool { bytes < 1_000 }
            func release(bytes: Int) {}
            func overdraw(bytes: Int) {}
            var availableBytes: Int { 1_000 }
        }
        let cluster = try TestCluster()
        cluster.ports.put([.batch(batch(integers(0..<10_000), [.integer]))], into: 0, receiver: 0)
        let sort = Sort(
            keys: [SortColumn(column: 0, isDescending: false, nullsFirst: false)], types: [.integer], limit: nil)
        let segment = Segment(number: 0, location: .everySlice, steps: [receive, .sort(sort)])
        let task = try SegmentTask(segment: segment, context: cluster.context(results: TestSink(), memory: Nothing()))
        let error = #expect(throws: SQLError.self) { try task.run(untilNs: .max) }
        #expect(error?.state == .outOfMemory)
    }

    @Test func segmentsThatMakeNoSenseAreRefused() throws {
        let cluster = try TestCluster()
        let broken: [[Step]] = [
            [], [.limit(count: 1, offset: 0)], [receive, receive],
            [receive, .gather(ExchangeID(1)), .limit(count: 1, offset: 0)],
        ]
        for steps in broken {
            let error = #expect(throws: SQLError.self) { try self.task(cluster, steps, TestSink()) }
            #expect(error?.state == .internalError)
        }
    }

    @Test func mergesTheSortedStreamsOfTheSlices() throws {
        let cluster = try TestCluster(nodes: 2, slicesPerNode: 2)
        for slice in 0..<4 {
            let rows = stride(from: slice, to: 100, by: 4).map { [SQLValue.integer(Int64($0))] }
            cluster.ports.put([.batch(batch(rows, [.integer]))], into: 0, receiver: slice)
        }
        let keys = [SortColumn(column: 0, isDescending: false, nullsFirst: false)]
        let steps: [Step] = [.merge(ExchangeID(0), types: [.integer], keys: keys), .limit(count: 50, offset: 10)]
        let result = try cluster.rows(steps, [.integer], slice: SliceTrace.leaderSlice)
        #expect(result.rows == integers(10..<60))
    }
}
