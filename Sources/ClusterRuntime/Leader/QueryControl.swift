import SQLTypes
import Synchronization

/// The handle by which a running query is ended early, from any thread.
final class QueryControl: Sendable {
    private struct State {
        var error: SQLError?
        var onCancel: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    /// The first error wins: what the client is told.
    func cancel(_ error: SQLError = .queryCanceled) {
        let onCancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.error == nil else { return nil }
            state.error = error
            return state.onCancel
        }
        onCancel?()
    }

    /// Ends what runs, because a slice has failed: which error that is will be known when all have reported.
    func stop() { state.withLock { $0.onCancel }?() }

    /// Called at once if the query has been cancelled before it began to run.
    func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.onCancel = action
            return state.error != nil
        }
        if isCancelled { action() }
    }

    /// The query is over: nothing is left to cancel.
    func disarm() { state.withLock { $0.onCancel = nil } }

    var error: SQLError? { state.withLock { $0.error } }

    func check() throws(SQLError) {
        if let error { throw error }
    }
}
