import SQLTypes
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
        var open: [Int32: SessionActivity] = [:]
    }
    private let state = Mutex(State())

    func add(_ identity: SessionIdentity) -> SessionActivity {
        state.withLock { state in
            // Past the last number they begin again, without those that are still there.
            repeat { state.last = state.last == .max ? 1 : state.last + 1 } while state.open[state.last] != nil
            let record = SessionRecord(
                process: state.last, user: identity.user, database: identity.database,
                remoteHost: identity.remoteHost, remotePort: identity.remotePort, startTime: Platform.timestampNow)
            let activity = SessionActivity(record)
            state.open[record.process] = activity
            return activity
        }
    }

    func remove(_ process: Int32) { _ = state.withLock { $0.open.removeValue(forKey: process) } }

    /// nil: no session has that number.
    package func activity(of process: Int32) -> SessionActivity? { state.withLock { $0.open[process] } }

    package var count: Int { state.withLock { $0.open.count } }

    /// In the order in which they were opened.
    package var activities: [SessionActivity] {
        state.withLock { Array($0.open.values) }.sorted {
            ($0.record.startTime, $0.record.process) < ($1.record.startTime, $1.record.process)
        }
    }

    package var all: [SessionRecord] { activities.map(\.record) }
}
