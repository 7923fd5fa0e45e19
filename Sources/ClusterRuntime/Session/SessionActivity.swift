import SQLTypes
import Synchronization

/// What other sessions may see of a session and do to it, without waiting for its actor.
package final class SessionActivity: Sendable {
    package nonisolated let record: SessionRecord

    /// A statement on its way, or whose rows are being read.
    struct Running: Sendable {
        var text: String
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var startTime: Int64
        var control: QueryControl
        /// Results of earlier statements that are still being read.
        var open: [RunningQuery]
    }

    struct TransactionEntry: Hashable, Sendable {
        var number: Int64
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var startTime: Int64
    }

    struct CursorEntry: Sendable {
        var name: String
        var transaction: Int64
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var startTime: Int64
        var fetchedRows: Int64
        /// Rows that its query has given so far, and their bytes. Does not keep the query.
        var figures: @Sendable () -> (rows: Int64, bytes: Int64)
    }

    /// Who hears of the session's end.
    enum Listener: Hashable { case session, client }

    private struct State {
        var applicationName: String
        var idleLimitMs: Int64 = 0
        var running: Running?
        var transaction: TransactionEntry?
        var cursor: CursorEntry?
        /// Why the session has been ended.
        var end: SQLError?
        var onEnd: [Listener: @Sendable (SQLError) -> Void] = [:]
    }
    private let state: Mutex<State>

    init(_ record: SessionRecord) {
        self.record = record
        state = Mutex(State(applicationName: ""))
    }

    // MARK: The session's own view

    /// - Throws: why the session was ended, if it was.
    func begin(_ text: String, _ control: QueryControl, startTime: Int64, beside open: [RunningQuery]) throws(SQLError)
    {
        let end = state.withLock { state in
            state.running = Running(text: text, startTime: startTime, control: control, open: open)
            return state.end
        }
        if let end { throw end }
    }

    /// The statement is over, with all that it began.
    func finish(_ control: QueryControl) {
        state.withLock { state in
            if state.running?.control === control { state.running = nil }
        }
    }

    func note(cursor: CursorEntry?) { state.withLock { $0.cursor = cursor } }
    func note(transaction: TransactionEntry?) { state.withLock { $0.transaction = transaction } }
    func note(_ settings: SessionSettings) {
        state.withLock { state in
            state.applicationName = settings["application_name"] ?? ""
            state.idleLimitMs = settings.idleTimeoutMs
        }
    }

    /// Why the session has been ended; nil while it has not.
    var end: SQLError? { state.withLock { $0.end } }

    // MARK: From anywhere

    /// Ends the statement that is running, and the results that are being read.
    func cancel(_ error: SQLError = .queryCanceled) {
        guard let running = state.withLock({ $0.running }) else { return }
        running.control.cancel(error)
        for query in running.open { query.cancel(error) }
    }

    /// Ends the session: what runs is cancelled, what comes is refused, and whoever serves the client hears of it.
    func terminate(_ error: SQLError) {
        let listeners = state.withLock { state -> [@Sendable (SQLError) -> Void] in
            guard state.end == nil else { return [] }
            state.end = error
            return [state.onEnd[.session], state.onEnd[.client]].compactMap { $0 }
        }
        cancel(error)
        for listener in listeners { listener(error) }
    }

    /// Called once, at once if the session has been ended already.
    func onEnd(of listener: Listener, _ action: @escaping @Sendable (SQLError) -> Void) {
        let end = state.withLock { state in
            state.onEnd[listener] = action
            return state.end
        }
        if let end { action(end) }
    }

    var running: Running? { state.withLock { $0.running } }
    package var isRunning: Bool { running != nil }
    var transaction: TransactionEntry? { state.withLock { $0.transaction } }
    var cursor: CursorEntry? { state.withLock { $0.cursor } }
    var idleLimitMs: Int64 { state.withLock { $0.idleLimitMs } }
    package var applicationName: String { state.withLock { $0.applicationName } }
}

extension SQLError {
    static let terminated = SQLError(.adminShutdown, "terminating connection due to administrator command")
    static let idleInTransaction = SQLError(
        .idleInTransactionTimeout, "terminating connection due to idle-in-transaction timeout")
    static let idleSession = SQLError(.idleSessionTimeout, "terminating connection due to idle-session timeout")
    static let statementTimeout = SQLError(.queryCanceled, "canceling statement due to statement timeout")
}
