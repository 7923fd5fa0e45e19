import Dispatch
import Execution
package import QueryPlan
package import SQLTypes
import Synchronization

/// One piece of work of one query on one slice, and where it stands: the join between Execution, which computes and
/// knows no threads, and Dispatch.
///
///     blocked ──wake──▶ ready ──permit──▶ running ──share over──▶ ready
///        ▲                                  │ │ wake ▶ running, woken: goes on instead of blocking
///        └───────────── blocked ────────────┘ └──▶ ended
///
/// `@unchecked Sendable`: `work`, `trace` and `onEnd` are touched by the thread that runs the task only, and the phase lets one
/// thread run it at a time: who makes it `ready` (a compare-and-exchange from `blocked`, or the running thread itself)
/// hands it to `RunPermits`, whose lock orders one share's writes before the next share's reads.
package final class SliceTask: @unchecked Sendable {
    private enum Phase: UInt8, AtomicRepresentable {
        case blocked, ready, running, runningAndWoken, ended
    }

    /// What remains of the task: its trace, and the error that ended it early.
    package struct Ending: Sendable {
        package var trace: SliceTrace
        package var error: SQLError?
    }

    package typealias MakeWork =
        @Sendable (
            _ wake: @escaping @Sendable () -> Void
        ) throws(SQLError) -> any SliceWork

    let query: Int64
    let slice: Slice
    private let permits: RunPermits
    /// Monotonic time of the query's start: the trace counts from there.
    private let queryStartNs: UInt64
    private let phase = Atomic<Phase>(.blocked)
    /// Makes the work in the task's first share, on the slice: compiling is work, too.
    private var makeWork: MakeWork?
    private var work: (any SliceWork)?
    private var trace: SliceTrace
    /// When the last share ended. Written by the running thread only.
    private var leftNs: UInt64
    /// Since when there has been work again: written before `blocked` is published, then by the one waker who ends it.
    private let readySinceNs: Atomic<UInt64>
    private var hasStarted = false
    /// Gone once it was called: it leads to the query, and whoever may still wake the task must not keep that.
    private var onEnd: (@Sendable (Ending) -> Void)?

    /// - Parameters:
    ///   - makeWork: called once, on the slice's queue, with the task's `wake`, which the work may keep.
    ///   - onEnd: called once, on the slice's queue, when the work has ended or failed.
    package init(
        query: Int64, segment: Int, slice: Slice, permits: RunPermits, queryStartNs: UInt64,
        makeWork: @escaping MakeWork,
        onEnd: @escaping @Sendable (Ending) -> Void
    ) {
        self.query = query
        self.slice = slice
        self.permits = permits
        self.queryStartNs = queryStartNs
        self.makeWork = makeWork
        self.onEnd = onEnd
        trace = SliceTrace(node: slice.node, slice: slice.number, segment: segment)
        leftNs = monotonicNs()
        readySinceNs = Atomic(leftNs)
    }

    var readyEntry: ReadyQueue<SliceTask>.Entry { .init(query: query, slice: slice.number, task: self) }

    /// There is something to do: rows, credit, a cancellation; the first call starts the task. From any thread, any
    /// number of times; a task that runs looks again before it blocks.
    package func wake() {
        var seen = phase.load(ordering: .acquiring)
        while true {
            let next: Phase
            switch seen {
            case .blocked: next = .ready
            case .running: next = .runningAndWoken
            case .ready, .runningAndWoken, .ended: return
            }
            let (done, current) = phase.compareExchange(expected: seen, desired: next, ordering: .acquiringAndReleasing)
            if done { break }
            seen = current
        }
        guard seen == .blocked else { return }
        readySinceNs.store(monotonicNs(), ordering: .relaxed)
        permits.enqueue(self)
    }

    /// A permit is granted: on to the slice's queue, which no other task is on.
    func start() {
        slice.queue.async {
            ThreadSeats.shared.working(takesSeat: self.permits.keepsThreadsOnCores) { self.runShares() }
        }
    }

    /// Runs shares, its own and those of tasks of the same slice, as long as one of them is next and no driver waits for a
    /// thread.
    private func runShares() {
        var task = self
        while true {
            let hasMore = task.runShare()
            guard let next = task.permits.shareEnded(of: task, hasMore: hasMore) else { return }
            if SliceThreads.shared.isAwaited { return SliceThreads.shared.afterWaiting { next.start() } }
            task = next
        }
    }

    /// One share; true if the task is ready for another.
    private func runShare() -> Bool {
        let startNs = monotonicNs()
        noteShare(from: startNs)
        phase.store(.running, ordering: .releasing)
        var outcome = SegmentTask.Outcome.finished
        var failure: SQLError?
        do throws(SQLError) {
            outcome = try resume(untilNs: startNs + RunPermits.shareNs)
        } catch {
            failure = error
        }
        let endNs = monotonicNs()
        trace.runNs += Int64(endNs - startNs)
        if failure != nil || outcome == .finished {
            end(failure, atNs: endNs)
            return false
        }
        return settle(outcome, atNs: endNs)
    }

    private func resume(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        if let makeWork {
            self.makeWork = nil
            let begin = monotonicNs()
            work = try makeWork { self.wake() }
            trace.compileNs = Int64(clamping: monotonicNs() - begin)
        }
        guard let work else { throw SQLError.internalError("a task without work on slice \(slice.number)") }
        return try work.run(untilNs: deadline)
    }

    /// The task leaves its thread: to the ready ones, or to sleep until it is woken; woken meanwhile, it is ready.
    private func settle(_ outcome: SegmentTask.Outcome, atNs nowNs: UInt64) -> Bool {
        leftNs = nowNs
        readySinceNs.store(nowNs, ordering: .relaxed)
        if outcome == .blocked {
            let slept = phase.compareExchange(
                expected: .running, desired: .blocked, ordering: .acquiringAndReleasing
            ).exchanged
            if slept { return false }
        }
        phase.store(.ready, ordering: .releasing)
        return true
    }

    private func noteShare(from startNs: UInt64) {
        let readySince = readySinceNs.load(ordering: .relaxed)
        if hasStarted { trace.blockedNs += Int64(clamping: readySince) - Int64(clamping: leftNs) }
        trace.readyWaitNs += Int64(clamping: startNs) - Int64(clamping: readySince)
        if !hasStarted {
            hasStarted = true
            // From when it could have run: so that running, waiting and being blocked add up to the span.
            trace.startNs = Int64(clamping: readySince) - Int64(clamping: queryStartNs)
        }
    }

    private func end(_ failure: SQLError?, atNs nowNs: UInt64) {
        trace.endNs = Int64(clamping: nowNs) - Int64(clamping: queryStartNs)
        trace.steps = work?.steps ?? []
        work = nil
        makeWork = nil
        phase.store(.ended, ordering: .releasing)
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?(Ending(trace: trace, error: failure))
    }
}
