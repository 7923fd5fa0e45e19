import Dispatch
import QueryPlan
import SQLTypes
import Storage
import Synchronization

/// Runs commits on a queue of their own: they wait for the disk, which neither an actor nor a slice may. Those that come
/// while the disk writes wait together, and share the next sync.
final class Committer: Sendable {
    /// Whose commit it is, and which transactions write beside it.
    struct Context: Sendable {
        var source: EventSource
        /// Numbers, this one's among them.
        var active: [Int64]
    }

    /// A commit that succeeded, with what its stages took.
    struct Outcome: Sendable {
        var version: DatabaseVersion
        var event: CommitEvent
    }

    private struct Waiting: Sendable {
        var record: CommitRecord
        var context: Context
        var queuedTime: Int64
        /// Commits that were in the queue before it.
        var queueLength: Int
        var resume: @Sendable (Result<Outcome, SQLError>) -> Void
    }

    private struct State {
        var waiting: [Waiting] = []
        /// Taken from the queue and not yet over.
        var working = 0
    }

    private let queue = DispatchQueue(label: "blueshift.commit")
    private let state = Mutex(State())

    func commit(
        _ record: CommitRecord, _ context: Context, to storage: ClusterStorage
    ) async throws(SQLError) -> Outcome {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Outcome, SQLError>, Never>) in
            state.withLock { state in
                state.waiting.append(
                    Waiting(
                        record: record, context: context, queuedTime: Platform.timestampNow,
                        queueLength: state.waiting.count + state.working
                    ) { continuation.resume(returning: $0) })
            }
            queue.async { self.commitAll(to: storage) }
        }
        return try result.get()
    }

    /// Whoever comes to this first takes all; the others find nothing left.
    private func commitAll(to storage: ClusterStorage) {
        let taken = state.withLock { state in
            defer { state.waiting = [] }
            state.working = state.waiting.count
            return state.waiting
        }
        guard !taken.isEmpty else { return }
        let workTime = Platform.timestampNow
        var measure: CommitMeasure? = CommitMeasure { Platform.timestampNow }
        let results = storage.commit(taken.map(\.record), measuring: &measure)
        state.withLock { $0.working = 0 }
        let committed = Int64(results.count { if case .success = $0 { true } else { false } })
        for (place, (one, result)) in zip(taken, results).enumerated() {
            one.resume(
                result.map { version in
                    Outcome(
                        version: version,
                        event: Committer.event(one, place, measure, workTime: workTime, batched: committed))
                })
        }
    }

    private static func event(
        _ commit: Waiting, _ place: Int, _ measure: CommitMeasure?, workTime: Int64, batched: Int64
    ) -> CommitEvent {
        let blocks = measure.flatMap { place < $0.blocks.count ? $0.blocks[place] : nil }
        let nodes = blocks.map { blocks in
            zip(blocks.permanent, blocks.new).map { CommitEvent.Node(permanentBlocks: $0, newBlocks: $1) }
        }
        return CommitEvent(
            source: commit.context.source, queuedTime: commit.queuedTime, workTime: workTime,
            stagedTime: measure?.stagedTime ?? workTime, syncedTime: measure?.syncedTime ?? workTime,
            endTime: measure?.visibleTime ?? workTime, queueLength: Int64(commit.queueLength), batched: batched,
            logBytes: measure?.logBytes ?? 0, nodes: nodes ?? [],
            activeTransactions: Int64(commit.context.active.count),
            oldestTransaction: commit.context.active.min() ?? commit.context.source.transaction)
    }

    /// Anything else that waits for files.
    func run<T: Sendable>(
        _ body: @escaping @Sendable () throws(SQLError) -> T
    ) async -> Result<T, SQLError> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
    }
}
