import Dispatch
import SQLTypes
import Storage

/// Runs commits, one after the other, on a queue of their own: they wait for the disk, which neither an actor nor a
/// slice may.
final class Committer: Sendable {
    private let queue = DispatchQueue(label: "blueshift.commit")

    func commit(_ record: CommitRecord, to storage: ClusterStorage) async throws(SQLError) -> DatabaseVersion {
        let result = await run { () throws(SQLError) -> DatabaseVersion in try storage.commit(record) }
        return try result.get()
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
