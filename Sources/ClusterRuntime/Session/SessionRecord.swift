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
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
}

/// The open sessions of a cluster.
package final class SessionList: Sendable {
    private struct State {
        var last: Int32 = 0
        var open: [Int32: SessionRecord] = [:]

        mutating func add(_ identity: SessionIdentity, as user: UserID) -> SessionRecord {
            last &+= 1
            let record = SessionRecord(
                process: last, user: identity.user, userID: user, database: identity.database,
                remoteHost: identity.remoteHost, remotePort: identity.remotePort, startTime: Platform.timestampNow)
            open[record.process] = record
            return record
        }

        func isFull(for user: UserDefinition) -> Bool {
            guard let limit = user.connectionLimit, !user.isSuperuser else { return false }
            return open.values.count { $0.userID == user.id } >= limit
        }
    }
    private let state = Mutex(State())

    func add(_ identity: SessionIdentity, as user: UserID) -> SessionRecord {
        state.withLock { $0.add(identity, as: user) }
    }

    /// - Throws: 53300: the user has as many sessions as it may have. Superusers have no limit.
    func add(_ identity: SessionIdentity, as user: UserDefinition) throws(SQLError) -> SessionRecord {
        let record = state.withLock { $0.isFull(for: user) ? nil : $0.add(identity, as: user.id) }
        guard let record else { throw .tooManyConnections(of: user) }
        return record
    }

    func isFull(for user: UserDefinition) -> Bool { state.withLock { $0.isFull(for: user) } }

    func remove(_ process: Int32) { _ = state.withLock { $0.open.removeValue(forKey: process) } }

    /// In the order in which they were opened.
    package var all: [SessionRecord] { state.withLock { $0.open.values.sorted { $0.process < $1.process } } }
}

extension SQLError {
    static func tooManyConnections(of user: UserDefinition) -> SQLError {
        SQLError(.tooManyConnections, "too many connections for user \"\(user.name)\"")
    }
}
