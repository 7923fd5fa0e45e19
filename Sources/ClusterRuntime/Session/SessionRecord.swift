package import Catalog
import SQLTypes
import Synchronization

/// A session as the leader's list shows it.
package struct SessionRecord: Hashable, Sendable {
    /// What pg_backend_pid() says.
    package var process: Int32
    package var user: String
    package var userID: UserID
    package var database: String
    /// Of the client, in numbers; nil: it is in this process.
    package var remoteHost: String?
    package var remotePort: Int?
    package var security: SessionSecurity
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
}

/// The open sessions of a cluster.
package final class SessionList: Sendable {
    private struct State {
        var last: Int32 = 0
        var open: [Int32: SessionActivity] = [:]
        /// Databases that are about to go, or to be called otherwise: nobody may come in.
        var closed: Set<String> = []

        mutating func add(_ identity: SessionIdentity, as user: UserID) -> SessionActivity {
            // Past the last number they begin again, without those that are still there.
            repeat { last = last == .max ? 1 : last + 1 } while open[last] != nil
            let record = SessionRecord(
                process: last, user: identity.user, userID: user, database: identity.database,
                remoteHost: identity.remoteHost, remotePort: identity.remotePort, security: identity.security,
                startTime: Platform.timestampNow)
            let activity = SessionActivity(record)
            open[record.process] = activity
            return activity
        }

        func isFull(for user: UserDefinition) -> Bool {
            guard let limit = user.connectionLimit, !user.isSuperuser else { return false }
            return open.values.count { $0.record.userID == user.id } >= limit
        }
    }
    private let state = Mutex(State())

    func add(_ identity: SessionIdentity, as user: UserID) -> SessionActivity {
        state.withLock { $0.add(identity, as: user) }
    }

    /// - Throws: 53300: the user has as many sessions as it may have. Superusers have no limit.
    func add(_ identity: SessionIdentity, as user: UserDefinition) throws(SQLError) -> SessionActivity {
        let result = state.withLock { state -> Result<SessionActivity, SQLError> in
            if state.closed.contains(identity.database) {
                return .failure(
                    SQLError(.objectInUse, "database \"\(identity.database)\" is being dropped or renamed"))
            }
            if state.isFull(for: user) { return .failure(.tooManyConnections(of: user)) }
            return .success(state.add(identity, as: user.id))
        }
        return try result.get()
    }

    /// A session that says of itself what the record says.
    func add(_ record: SessionRecord) -> SessionActivity {
        let activity = SessionActivity(record)
        state.withLock { $0.open[record.process] = activity }
        return activity
    }

    /// No session is on the database, and none will be before `reopen`. False: there is one.
    func close(database: String) -> Bool {
        state.withLock { state in
            guard !state.open.values.contains(where: { $0.record.database == database }) else { return false }
            return state.closed.insert(database).inserted
        }
    }

    func reopen(database: String) { _ = state.withLock { $0.closed.remove(database) } }

    func isFull(for user: UserDefinition) -> Bool { state.withLock { $0.isFull(for: user) } }

    /// False: it was not there any more.
    func remove(_ process: Int32) -> Bool { state.withLock { $0.open.removeValue(forKey: process) } != nil }

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

extension SQLError {
    static func tooManyConnections(of user: UserDefinition) -> SQLError {
        SQLError(.tooManyConnections, "too many connections for user \"\(user.name)\"")
    }
}
