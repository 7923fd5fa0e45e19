import SQLTypes

/// `statement_timeout` of one statement: waiting for locks and for a place in a queue counts, the time between two
/// fetches does not.
final class StatementTimer: Sendable {
    private let milliseconds: Int64
    private let control: QueryControl
    private let task = Locked<Task<Void, Never>?>(nil)

    /// nil: there is no limit.
    init?(milliseconds: Int64, _ control: QueryControl) {
        guard milliseconds > 0 else { return nil }
        (self.milliseconds, self.control) = (milliseconds, control)
        start()
    }

    deinit { stop() }

    /// From the beginning.
    func start() {
        task.value = Task { [control, milliseconds] in
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            control.cancel(.statementTimeout)
        }
    }

    func stop() {
        task.value?.cancel()
        task.value = nil
    }
}
