import Catalog
import SQLSyntax
import SQLTypes

/// ALTER DEFAULT PRIVILEGES, system privileges of roles, ALTER … OWNER TO.
extension Planner {
    func defaultPrivileges(_ statement: DefaultPrivilegesStatement) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("ALTER DEFAULT PRIVILEGES", [])
        let grant = statement.grant
        let kind: AccessControl.DefaultKey.Kind
        let all: Privileges
        switch grant.object {
        case .newTables: (kind, all) = (.tables, Securable.table(.notYetCreated).allPrivileges)
        case .newRoutines(.functions): (kind, all) = (.functions, .execute)
        case .newRoutines(.procedures): (kind, all) = (.procedures, .execute)
        default: throw SQLError.internalError("default privileges of no kind")
        }
        let what = kind == .tables ? "relation" : "function"
        let privileges = try privileges(grant.privileges, of: all, what)
        if let item = grant.privileges.first(where: { !$0.columns.isEmpty }) {
            throw SQLError(
                .invalidGrantOperation, "default privileges cannot be set for columns",
                position: item.position.character)
        }
        let targets = try grantees(grant)
        for owner in try creators(statement.users) {
            for schema in try schemas(statement.schemas) {
                let key = AccessControl.DefaultKey(owner: owner, schema: schema, kind: kind)
                var list = context.catalog.access.defaults[key] ?? AccessList()
                for target in targets {
                    if grant.isGrant {
                        list.grant(
                            AccessEntry(
                                grantee: target.grantee, grantor: owner, privileges: privileges,
                                grantable: target.withOption ? privileges : []))
                    } else {
                        list.revoke(
                            privileges, from: target.grantee, by: owner, grantOptionOnly: grant.grantOptionOnly)
                    }
                }
                planned.changes.append(.setDefaults(key, list))
            }
        }
        return planned
    }

    private func creators(_ names: [Identifier]) throws(SQLError) -> [UserID] {
        guard !names.isEmpty else { return [context.userID] }
        var users: [UserID] = []
        for name in names {
            let user = try user(name)
            if user.id != context.userID {
                try expectSuperuser("alter default privileges of other users", or: .alterDefaultPrivileges)
            }
            users.append(user.id)
        }
        return users
    }

    /// nil: all.
    private func schemas(_ names: [Identifier]) throws(SQLError) -> [String?] {
        guard !names.isEmpty else { return [nil] }
        for name in names where !context.catalog.schemas.contains(name.name) {
            throw SQLError(
                .invalidSchemaName, "schema \"\(name.name)\" does not exist", position: name.position.character)
        }
        return names.map(\.name)
    }

    // MARK: System privileges

    func systemPrivileges(_ grant: GrantStatement) throws(SQLError) -> [AccessChange] {
        try expectSuperuser(grant.isGrant ? "grant system privileges" : "revoke system privileges")
        var privileges: Set<SystemPrivilege> = []
        for item in grant.privileges {
            guard let privilege = SystemPrivilege(rawValue: item.name), item.columns.isEmpty else {
                throw SQLError(
                    .syntaxError, "\(item.name) is no system privilege", position: item.position.character)
            }
            privileges.insert(privilege)
        }
        if grant.privileges.isEmpty { privileges = Set(SystemPrivilege.allCases) }
        var changes: [AccessChange] = []
        for target in grant.targets {
            guard case .role(let name) = target.name else {
                throw SQLError(
                    .invalidGrantOperation, "system privileges are granted to roles only",
                    position: target.position.character)
            }
            let role = try role(name)
            if role.isSystem {
                throw SQLError(
                    .insufficientPrivilege, "\"\(role.name)\" is a system-defined role",
                    position: target.position.character)
            }
            let known = context.catalog.access.systemPrivileges[role.id] ?? []
            changes.append(
                .setSystemPrivileges(
                    role.id, grant.isGrant ? known.union(privileges) : known.subtracting(privileges)))
        }
        return changes
    }

    // MARK: Owners

    func changeOwner(
        of object: Securable, to name: Identifier, _ tag: String
    ) throws(SQLError) -> PlannedAccess {
        let owner = try user(name).id
        // Views read with their owner's rights: nobody may give his to somebody who has more.
        try expectSuperuser("change owner")
        if case .schema(let schema) = object,
            CatalogSnapshot.isReserved(schema: schema) || TableName.isTemporary(schema: schema)
        {
            throw SQLError(.insufficientPrivilege, "permission denied: \"\(schema)\" is a system schema")
        }
        return PlannedAccess(tag, [.setOwner(object, owner)])
    }
}
