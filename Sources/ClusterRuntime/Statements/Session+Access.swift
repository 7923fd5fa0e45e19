import Catalog
import Planner
import SQLSyntax
import SQLTypes
import Storage

// Users, groups, roles and privileges.

extension DatabaseSession {
    /// Whose rights hold.
    var currentUser: UserID { settings.authorization ?? record.userID }

    /// Superusers, and who holds CANCEL: sys:operator and sys:dba.
    var mayCancelOthers: Bool { current.catalog.rights(of: currentUser)?.holds(.cancel) ?? true }

    /// A user who was dropped meanwhile keeps its name, and has no rights.
    func currentUserName(_ catalog: CatalogSnapshot) -> String {
        catalog.principals.users[currentUser]?.name ?? record.user
    }

    /// `SET [LOCAL] SESSION AUTHORIZATION`: who has logged in must be a superuser.
    func execute(authorization name: Identifier?, isLocal: Bool) throws(SQLError) -> StatementResult {
        var user: UserID?
        if let name {
            let catalog = takeVersion().catalog
            guard let found = catalog.principals.user(named: name.name) else {
                throw SQLError(
                    .undefinedObject, "user \"\(name.name)\" does not exist", position: name.position.character)
            }
            guard found.id == record.userID || catalog.rights(of: record.userID) == nil else {
                throw SQLError(.insufficientPrivilege, "permission denied to set session authorization")
            }
            if found.id != record.userID { user = found.id }
        }
        if isLocal, transaction == nil {
            return StatementResult(
                tag: "SET", notices: [Notice(.warning, "SET LOCAL can only be used in transaction blocks")])
        }
        settings.authorization = user
        if !isLocal { transaction?.settingsAfter.authorization = user }
        return StatementResult(tag: "SET")
    }

    /// What follows the creation of an object: whose it is, and what ALTER DEFAULT PRIVILEGES gives on it.
    /// - Parameter schema: that a new table or view is in; nil: it is something else.
    func ownership(
        of object: Securable, in schema: String? = nil, owner: UserID? = nil, _ catalog: CatalogSnapshot
    ) -> [CommitRecord.Change] {
        let owner = owner ?? currentUser
        var changes: [CommitRecord.Change] = []
        if catalog.access.owner(of: object) != owner || object.isView {
            changes.append(.access(.setOwner(object, owner)))
        }
        guard let schema else { return changes }
        var list = AccessList()
        for schema in [nil, schema] {
            let key = AccessControl.DefaultKey(owner: owner, schema: schema, kind: .tables)
            for entry in catalog.access.defaults[key]?.entries ?? [] where entry.grantee != .user(owner) {
                list.grant(entry)
            }
        }
        if !list.isEmpty { changes.append(.access(.setAccess(object, list))) }
        return changes
    }

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
