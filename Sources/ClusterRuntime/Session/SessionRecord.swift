import Synchronization

/// A session as the leader's list shows it.
package struct SessionRecord: Hashable, Sendable {
    /// What pg_backend_pid() says.
    package var process: Int32
    package var user: String
    package var database: String
    /// Of the client, in numbers; nil: it is in this process.
    package var remoteHost: String?
    package var remotePort: Int?
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
}

/// The open sessions of a cluster.
package final class SessionList: Sendable {
    private struct State {
        var last: Int32 = 0
        var open: [Int32: SessionRecord] = [:]
    }
    private let state = Mutex(State())

    func add(_ identity: SessionIdentity) -> SessionRecord {
        state.withLock { state in
            state.last &+= 1
            let record = SessionRecord(
                process: state.last, user: identity.user, database: identity.database,
                remoteHost: identity.remoteHost, remotePort: identity.remotePort, startTime: Platform.timestampNow)
            state.open[record.process] = record
            return record
        }
    }

    func remove(_ process: Int32) { _ = state.withLock { $0.open.removeValue(forKey: process) } }

    /// In the order in which they were opened.
    package var all: [SessionRecord] { state.withLock { $0.open.values.sorted { $0.process < $1.process } } }
}
