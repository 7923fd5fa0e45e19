import Catalog
import Planner
import SQLSyntax
import SQLTypes
import Storage

// Users, groups, roles and privileges.

extension DatabaseSession {
    func change(_ planned: PlannedAccess, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        var changes: [CommitRecord.Change] = []
        for change in planned.changes { changes.append(.access(try completed(change, planned))) }
        try await apply(changes, by: write.number)
        return StatementResult(tag: planned.tag, notices: planned.notices.map { Notice(.info, $0) })
    }

    /// With what only a session can find out.
    private func completed(_ change: AccessChange, _ planned: PlannedAccess) throws(SQLError) -> AccessChange {
        switch change {
        case .createUser(let user): return .createUser(try completed(user, planned))
        case .replaceUser(let user): return .replaceUser(try completed(user, planned))
        default: return change
        }
    }

    private func completed(_ user: UserDefinition, _ planned: PlannedAccess) throws(SQLError) -> UserDefinition {
        var user = user
        if let password = planned.password { user.verifiers = PasswordVerifiers(password, user: user.name) }
        for set in planned.settings {
            var trial = SessionSettings()
            if set.values.isEmpty {
                try trial.reset(set.name)
            } else {
                try trial.set(set.name, to: set.values, at: set.position.character)
            }
            user.set(set.name, to: set.values.isEmpty ? nil : trial[set.name])
        }
        return user
    }
}
