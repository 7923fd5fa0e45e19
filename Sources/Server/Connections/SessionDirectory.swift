#if Server
import ClusterRuntime
import PGWire
import Synchronization

struct SessionKey: Hashable, Sendable {
    let process: Int32
}

/// The server's open sessions: what a cancel request finds its session in, and what a stop ends.
final class SessionDirectory: Sendable {
    private struct Entry: Sendable {
        let connection: ClientConnection
        let session: DatabaseSession
        let secret: Int32
    }
    private let entries = Mutex<[SessionKey: Entry]>([:])
    /// Connections that have been asked to end if they are idle, and have not answered yet.
    private let asked = Mutex<Set<SessionKey>>([])

    func add(_ connection: ClientConnection, _ session: DatabaseSession, secret: Int32) -> SessionKey {
        let key = SessionKey(process: session.record.process)
        entries.withLock { $0[key] = Entry(connection: connection, session: session, secret: secret) }
        return key
    }

    func remove(_ key: SessionKey) { _ = entries.withLock { $0.removeValue(forKey: key) } }

    var count: Int { entries.withLock { $0.count } }

    /// Nothing happens if the key is wrong: who sends it learns nothing.
    func cancel(_ request: CancelRequest) {
        let entry = entries.withLock { $0[SessionKey(process: request.process)] }
        guard let entry, entry.secret == request.secret else { return }
        entry.session.cancel()
    }

    private var all: [Entry] { entries.withLock { Array($0.values) } }

    /// Ends the connections on which nothing runs, without waiting for those that are busy.
    func endIdle() {
        for entry in all {
            let key = SessionKey(process: entry.session.record.process)
            guard asked.withLock({ $0.insert(key).inserted }) else { continue }
            Task {
                await entry.connection.terminateIfIdle()
                _ = asked.withLock { $0.remove(key) }
            }
        }
    }

    /// Ends all of them: what runs is cancelled at once, from here.
    func endAll() {
        for entry in all {
            entry.session.cancel()
            Task { await entry.connection.terminate() }
        }
    }
}
#endif
