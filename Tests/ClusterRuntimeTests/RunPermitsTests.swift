import Execution
import QueryPlan
import SQLTypes
import Synchronization
import Testing

@testable import ClusterRuntime

/// How many slices compute at once, seen from inside their work.
private final class Gauge: Sendable {
    private struct State {
        var now = 0
        var most = 0
        var shares: [Int64] = []
    }
    private let state = Mutex(State())
    func enter(_ query: Int64) {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
            state.shares.append(query)
        }
    }
    func leave() { state.withLock { $0.now -= 1 } }
    var most: Int { state.withLock { $0.most } }
    var shares: [Int64] { state.withLock { $0.shares } }
}

/// Computes for a number of shares, each until its deadline.
private final class Spin: SliceWork {
    private let query: Int64
    private let gauge: Gauge
    private var left: Int
    var steps: [StepTrace] { [] }

    init(query: Int64, shares: Int, gauge: Gauge) {
        self.query = query
        self.gauge = gauge
        left = shares
    }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        gauge.enter(query)
        defer { gauge.leave() }
        left -= 1
        if left < 0 { return .finished }
        let soon = min(deadline, monotonicNs() + 200_000)
        while monotonicNs() < soon {}
        return .yielded
    }
}

@Suite struct RunPermitsTests {
    private func run(
        permits: Int, slices: Int, queries: Int64, shares: Int, queues: Slice.Queues, gauge: Gauge
    ) async -> [SliceTask.Ending] {
        let permits = RunPermits(count: permits)
        let all = (0..<slices).map { Slice(number: $0, node: 0, store: nil, queues: queues) }
        let (endings, done) = AsyncStream.makeStream(of: SliceTask.Ending.self)
        for query in 1...queries {
            for slice in all {
                let task = SliceTask(
                    query: query, segment: 0, slice: slice, permits: permits, queryStartNs: monotonicNs(),
                    makeWork: { _ throws(SQLError) in Spin(query: query, shares: shares, gauge: gauge) },
                    onEnd: { done.yield($0) })
                task.wake()
            }
        }
        var ended: [SliceTask.Ending] = []
        for await ending in endings {
            ended.append(ending)
            if ended.count == slices * Int(queries) { break }
        }
        return ended
    }

    @Test(arguments: [1, 2, 3], Slice.Queues.allCases)
    func neverMoreSlicesThanPermits(permits: Int, queues: Slice.Queues) async {
        let gauge = Gauge()
        let ended = await run(permits: permits, slices: 16, queries: 2, shares: 3, queues: queues, gauge: gauge)
        #expect(ended.count == 32)
        #expect(gauge.most <= permits, "\(gauge.most) at once")
        for ending in ended {
            #expect(ending.error == nil)
            #expect(ending.trace.runNs >= 3 * 200_000)
            #expect(ending.trace.endNs >= ending.trace.startNs)
        }
        // 16 slices on so few permits: most of them must have waited, and say so.
        #expect(ended.reduce(0) { $0 + $1.trace.readyWaitNs } > ended.reduce(0) { $0 + $1.trace.runNs })
    }

    /// On a busy machine the second thread may come too late now and then, but not always.
    @Test func bothPermitsAreUsed() async {
        for _ in 0..<20 {
            let gauge = Gauge()
            _ = await run(permits: 2, slices: 8, queries: 1, shares: 20, queues: .sharedTarget, gauge: gauge)
            if gauge.most == 2 { return }
        }
        Issue.record("two permits, and never two slices at once")
    }

    @Test func aShortQueryDoesNotWaitForALongOne() async {
        let gauge = Gauge()
        let permits = RunPermits(count: 1)
        let slices = (0..<4).map { Slice(number: $0, node: 0, store: nil, queues: .sharedTarget) }
        let (endings, done) = AsyncStream.makeStream(of: Int64.self)
        for slice in slices {
            let task = SliceTask(
                query: 1, segment: 0, slice: slice, permits: permits, queryStartNs: monotonicNs(),
                makeWork: { _ throws(SQLError) in Spin(query: 1, shares: 40, gauge: gauge) },
                onEnd: { _ in done.yield(1) })
            task.wake()
        }
        let short = SliceTask(
            query: 2, segment: 0, slice: slices[0], permits: permits, queryStartNs: monotonicNs(),
            makeWork: { _ throws(SQLError) in Spin(query: 2, shares: 2, gauge: gauge) }, onEnd: { _ in done.yield(2) })
        short.wake()
        var order: [Int64] = []
        for await query in endings {
            order.append(query)
            if order.count == 5 { break }
        }
        #expect(order.first == 2, "the short query ended as number \(order.firstIndex(of: 2) ?? -1)")
    }

    @Test func aThousandSlicesEnd() async {
        let gauge = Gauge()
        let ended = await run(permits: 2, slices: 1_024, queries: 1, shares: 0, queues: .sharedTarget, gauge: gauge)
        #expect(Set(ended.map(\.trace.slice)).count == 1_024)
        #expect(gauge.most <= 2)
    }

    /// Wakes that come while the task runs, blocks or is ready are never lost, and never start it twice.
    @Test func wakesAreNotLost() async {
        let permits = RunPermits(count: 2)
        let slice = Slice(number: 0, node: 0, store: nil, queues: .sharedTarget)
        let pending = Pending()
        let (endings, done) = AsyncStream.makeStream(of: SliceTask.Ending.self)
        let task = SliceTask(
            query: 1, segment: 0, slice: slice, permits: permits, queryStartNs: monotonicNs(),
            makeWork: { _ throws(SQLError) in Consumer(pending, total: 20_000) }, onEnd: { done.yield($0) })
        task.wake()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5_000 {
                        pending.add()
                        task.wake()
                    }
                }
            }
        }
        var iterator = endings.makeAsyncIterator()
        let ending = await iterator.next()
        #expect(ending?.error == nil)
        #expect(pending.overlaps == 0)
    }
}

private final class Pending: Sendable {
    private let count = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private let clashes = Atomic<Int>(0)
    func add() { count.add(1, ordering: .relaxed) }
    func takeAll() -> Int {
        if running.add(1, ordering: .relaxed).newValue > 1 { clashes.add(1, ordering: .relaxed) }
        defer { running.subtract(1, ordering: .relaxed) }
        return count.exchange(0, ordering: .acquiringAndReleasing)
    }
    var overlaps: Int { clashes.load(ordering: .relaxed) }
}

private final class Consumer: SliceWork {
    private let pending: Pending
    private var left: Int
    var steps: [StepTrace] { [] }
    init(_ pending: Pending, total: Int) {
        self.pending = pending
        left = total
    }
    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        left -= pending.takeAll()
        return left == 0 ? .finished : .blocked
    }
}
