import Dispatch
import SQLTypes
import Storage
import Synchronization

/// Runs commits on a queue of their own: they wait for the disk, which neither an actor nor a slice may. Those that come
/// while the disk writes wait together, and share the next sync.
final class Committer: Sendable {
    private struct Waiting: Sendable {
        var record: CommitRecord
        var resume: @Sendable (Result<DatabaseVersion, SQLError>) -> Void
    }

    private let queue = DispatchQueue(label: "blueshift.commit")
    private let waiting = Mutex<[Waiting]>([])

    func commit(_ record: CommitRecord, to storage: ClusterStorage) async throws(SQLError) -> DatabaseVersion {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
            waiting.withLock { $0.append(Waiting(record: record) { continuation.resume(returning: $0) }) }
            queue.async { self.commitAll(to: storage) }
        }
        return try result.get()
    }

    private typealias Outcome = Result<DatabaseVersion, SQLError>

    /// Whoever comes to this first takes all; the others find nothing left.
    private func commitAll(to storage: ClusterStorage) {
        let taken = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !taken.isEmpty else { return }
        for (one, result) in zip(taken, storage.commit(taken.map(\.record))) { one.resume(result) }
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
