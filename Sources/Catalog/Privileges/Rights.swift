/// What one user may do, as the catalog says at one moment. Made for users who are no superusers only: superusers are
/// not asked anything.
package struct Rights: Sendable {
    package let user: UserID
    private let groups: Set<GroupID>
    private let roles: Set<RoleID>
    private let access: AccessControl
    private let databases: [String: DatabaseDefinition]
    private let system: Set<SystemPrivilege>

    /// - Complexity: O(groups + grants of roles).
    package init(of user: UserID, in catalog: CatalogSnapshot) {
        self.init(of: .user(user), in: catalog)
    }

    /// Of a role alone, if it is one: what it gives to whoever has it. A group has its own privileges.
    package init(of grantee: Grantee, in catalog: CatalogSnapshot) {
        var groups: Set<GroupID> = []
        var user = UserID(0)
        switch grantee {
        case .user(let id):
            user = id
            groups = Set(catalog.principals.groups(of: id))
        case .group(let id): groups = [id]
        case .role, .everyone: break
        }
        self.user = user
        self.groups = groups
        roles = catalog.principals.roles(of: grantee)
        access = catalog.access
        databases = catalog.databases
        system = roles.reduce(into: []) { $0.formUnion(catalog.access.privileges(ofRole: $1)) }
    }

    package func owns(_ object: Securable) -> Bool {
        if case .database(let name) = object, let definition = databases[name] { return definition.owner == user }
        return access.owner(of: object) == user
    }

    package func holds(_ privilege: SystemPrivilege) -> Bool { system.contains(privilege) }

    package func isMember(of group: GroupID) -> Bool { groups.contains(group) }
    package func has(_ role: RoleID) -> Bool { roles.contains(role) }

    /// Whether a grant to that grantee is one to this user.
    package func includes(_ grantee: Grantee) -> Bool {
        switch grantee {
        case .everyone: true
        case .user(let id): id == user
        case .group(let id): groups.contains(id)
        case .role(let id): roles.contains(id)
        }
    }

    /// Those of `privileges` that the user has on the object as a whole.
    package func held(of privileges: Privileges, on object: Securable) -> Privileges {
        if owns(object) { return privileges }
        return held(access.list(of: object)).intersection(privileges)
    }

    package func allows(_ privileges: Privileges, on object: Securable) -> Bool {
        held(of: privileges, on: object) == privileges
    }

    /// Whether the user may grant all of them on.
    package func mayGrant(_ privileges: Privileges, on object: Securable) -> Bool {
        if owns(object) { return true }
        let grantable = access.list(of: object).entries.reduce(into: Privileges()) {
            if includes($1.grantee) { $0.formUnion($1.grantable) }
        }
        return grantable.isSuperset(of: privileges)
    }

    /// On the column, or on the table or view as a whole.
    package func allows(_ privileges: Privileges, on object: Securable, column: String) -> Bool {
        var found = held(of: privileges, on: object)
        if let list = access.columns[object]?[column] { found.formUnion(held(list)) }
        return found.isSuperset(of: privileges)
    }

    /// On at least one column, or on the whole.
    package func allowsSome(_ privilege: Privileges, on object: Securable) -> Bool {
        if allows(privilege, on: object) { return true }
        return access.columns[object]?.values.contains { held($0).isSuperset(of: privilege) } ?? false
    }

    /// Whether the user has any privilege on the object or one of its columns: what catalog views show.
    package func mayKnow(_ object: Securable) -> Bool {
        if owns(object) || !held(access.list(of: object)).isEmpty { return true }
        return access.columns[object]?.values.contains { !held($0).isEmpty } ?? false
    }

    private func held(_ list: AccessList) -> Privileges {
        list.entries.reduce(into: []) { if includes($1.grantee) { $0.formUnion($1.privileges) } }
    }
}

extension CatalogSnapshot {
    /// The user may do everything.
    package func isSuperuser(_ user: UserID) -> Bool {
        if user == .master || user == .rdsdb { return true }
        return principals.users[user]?.isSuperuser == true
    }

    /// nil: a superuser, whom nothing is forbidden. Who holds the role sys:superuser is none: the role has all system
    /// privileges, no user's tables.
    package func rights(of user: UserID) -> Rights? { isSuperuser(user) ? nil : Rights(of: user, in: self) }

    /// What comes with the role, through other roles too.
    package func systemPrivileges(with role: RoleID) -> Set<SystemPrivilege> {
        principals.roles(of: .role(role)).reduce(into: []) { $0.formUnion(access.privileges(ofRole: $1)) }
    }
}
