import Catalog
import SQLSyntax
import SQLTypes
import Synchronization
import VectorEngine

/// What a statement's functions can ask of the session and of others: settings as they were when the statement began, and
/// those that `set_config` makes meanwhile, which the session takes over when the statement is through.
final class StatementServices: SessionServices {
    struct Change: Sendable {
        var name: String
        var values: [SetStatement.Value]
        var isLocal: Bool
    }

    let process: Int32
    let last: SessionHistory
    private let user: String
    private let isSuperuser: Bool
    /// Whose sessions it may end, and whether all others', too.
    private let userID: UserID
    private let mayCancelOthers: Bool
    private let searchPath: [String]
    private let temporarySchema: String?
    private let sessions: SessionList
    private struct State {
        var settings: SessionSettings
        var changes: [Change] = []
    }
    private let state: Mutex<State>

    /// - Parameter temporarySchema: nil while the session has none.
    init(
        _ record: SessionRecord, _ settings: SessionSettings, searchPath: [String], temporarySchema: String?,
        last: SessionHistory, isSuperuser: Bool, userID: UserID, mayCancelOthers: Bool, sessions: SessionList
    ) {
        process = record.process
        user = record.user
        self.last = last
        self.isSuperuser = isSuperuser
        self.userID = userID
        self.mayCancelOthers = mayCancelOthers
        self.searchPath = searchPath
        self.temporarySchema = temporarySchema
        self.sessions = sessions
        state = Mutex(State(settings: settings))
    }

    func schemas(includingImplicit: Bool) -> [String] {
        guard includingImplicit else { return searchPath.filter { $0 != temporarySchema } }
        var schemas = searchPath
        if !schemas.contains("pg_catalog") { schemas.insert("pg_catalog", at: 0) }
        if let temporarySchema, !schemas.contains(temporarySchema) { schemas.insert(temporarySchema, at: 0) }
        return schemas
    }

    func setting(_ name: String) -> String? {
        let name = name.lowercased()
        switch name {
        case "is_superuser": return isSuperuser ? "on" : "off"
        case "session_authorization": return user
        default: return state.withLock { try? $0.settings.value(of: name, at: nil) }
        }
    }

    func set(_ name: String, to value: String, isLocal: Bool) throws(SQLError) -> String {
        let name = name.lowercased()
        let result = state.withLock { state -> Result<String, SQLError> in
            do throws(SQLError) {
                let values = SessionSettings.parts(of: value, for: name)
                try state.settings.set(name, to: values, at: nil)
                state.changes.append(Change(name: name, values: values, isLocal: isLocal))
                return .success(try state.settings.value(of: name, at: nil))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// What `set_config` has made.
    var changes: [Change] { state.withLock { $0.changes } }

    /// - Source: Redshift developer guide, "PG_CANCEL_BACKEND": one's own sessions, a superuser all.
    func cancel(_ process: Int64, endsSession: Bool) throws(SQLError) -> Bool {
        guard let number = Int32(exactly: process), let activity = sessions.activity(of: number) else { return false }
        guard mayCancelOthers || activity.record.userID == userID else {
            throw SQLError(
                .insufficientPrivilege,
                "must be superuser to \(endsSession ? "terminate" : "cancel") the sessions of other users")
        }
        if endsSession { activity.terminate(.terminated) } else { activity.cancel() }
        return true
    }
}
