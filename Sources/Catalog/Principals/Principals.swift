package import SQLTypes

/// Users, groups and roles, by number and by (folded) name; and who holds which role.
package struct Principals: Hashable, Sendable {
    package private(set) var users: [UserID: UserDefinition]
    package private(set) var groups: [GroupID: GroupDefinition] = [:]
    package private(set) var roles: [RoleID: RoleDefinition]
    /// In the order of their granting.
    package private(set) var roleGrants: [RoleGrant] = []
    private var userIDs: [String: UserID]
    private var groupIDs: [String: GroupID] = [:]
    private var roleIDs: [String: RoleID]
    /// Numbers for the next ones; none is given twice.
    package var next = NextIDs()

    package struct NextIDs: Hashable, Sendable {
        package var user = UserID(UserID.master.rawValue + 1)
        package var group = GroupID.first
        package var role = RoleID.first

        package init() {}

        package init(user: UserID, group: GroupID, role: RoleID) {
            self.user = user
            self.group = group
            self.role = role
        }
    }

    package init() {
        let rdsdb = UserDefinition(
            id: .rdsdb, name: "rdsdb", isSuperuser: true, canCreateDatabases: true, validUntil: .max,
            syslogAccess: true)
        users = [.rdsdb: rdsdb]
        userIDs = [rdsdb.name: .rdsdb]
        roles = Dictionary(uniqueKeysWithValues: RoleDefinition.system.map { ($0.id, $0) })
        roleIDs = Dictionary(uniqueKeysWithValues: RoleDefinition.system.map { ($0.name, $0.id) })
    }

    package func user(named name: String) -> UserDefinition? { userIDs[name].flatMap { users[$0] } }
    package func group(named name: String) -> GroupDefinition? { groupIDs[name].flatMap { groups[$0] } }
    package func role(named name: String) -> RoleDefinition? { roleIDs[name].flatMap { roles[$0] } }

    /// `unknown (OID=n)` for a number that nobody has, as pg_get_userbyid says it.
    package func userName(_ id: UserID) -> String { users[id]?.name ?? "unknown (OID=\(id.rawValue))" }

    /// Groups of the user, ascending.
    package func groups(of user: UserID) -> [GroupID] {
        groups.values.filter { $0.members.contains(user) }.map(\.id).sorted()
    }

    // MARK: Roles

    /// All roles that the user or role has, through other roles too; itself, if it is one, among them.
    package func roles(of grantee: Grantee) -> Set<RoleID> {
        var found: Set<RoleID> = []
        var open = [grantee]
        while let one = open.popLast() {
            if case .role(let role) = one, !found.insert(role).inserted { continue }
            for grant in roleGrants where grant.grantee == one { open.append(.role(grant.role)) }
        }
        return found
    }

    package func grant(of role: RoleID, to grantee: Grantee) -> RoleGrant? {
        roleGrants.first { $0.role == role && $0.grantee == grantee }
    }

    // MARK: Changes

    /// Adds the user, or replaces the one of the same number.
    mutating func put(_ user: UserDefinition) {
        if let old = users[user.id] { userIDs[old.name] = nil }
        users[user.id] = user
        userIDs[user.name] = user.id
        next.user = max(next.user, UserID(user.id.rawValue &+ 1))
    }

    mutating func put(_ group: GroupDefinition) {
        if let old = groups[group.id] { groupIDs[old.name] = nil }
        groups[group.id] = group
        groupIDs[group.name] = group.id
        next.group = max(next.group, GroupID(group.id.rawValue &+ 1))
    }

    mutating func put(_ role: RoleDefinition) {
        if let old = roles[role.id] { roleIDs[old.name] = nil }
        roles[role.id] = role
        roleIDs[role.name] = role.id
        next.role = max(next.role, RoleID(role.id.rawValue &+ 1))
    }

    /// Replaces what the grantee has of the role.
    package mutating func put(_ grant: RoleGrant) {
        if let index = roleGrants.firstIndex(where: { $0.role == grant.role && $0.grantee == grant.grantee }) {
            roleGrants[index] = grant
        } else {
            roleGrants.append(grant)
        }
    }

    mutating func removeGrant(of role: RoleID, to grantee: Grantee) {
        roleGrants.removeAll { $0.role == role && $0.grantee == grantee }
    }

    /// It leaves its groups, and loses its roles.
    mutating func remove(_ user: UserID) {
        guard let old = users.removeValue(forKey: user) else { return }
        userIDs[old.name] = nil
        for id in groups(of: user) { groups[id]?.members.removeAll { $0 == user } }
        roleGrants.removeAll { $0.grantee == .user(user) }
    }

    mutating func remove(_ group: GroupID) {
        guard let old = groups.removeValue(forKey: group) else { return }
        groupIDs[old.name] = nil
    }

    mutating func remove(_ role: RoleID) {
        guard let old = roles.removeValue(forKey: role) else { return }
        roleIDs[old.name] = nil
        roleGrants.removeAll { $0.role == role || $0.grantee == .role(role) }
    }
}

extension SQLError {
    /// - Source: Redshift developer guide, "DROP USER", the messages and SQLSTATE of its usage notes.
    package static func cannotDrop(_ kind: String, _ name: String, because reason: String) -> SQLError {
        SQLError(.objectInUse, "\(kind) \"\(name)\" can't be dropped because \(reason)")
    }
}

extension CatalogSnapshot {
    /// Why the user cannot be dropped, as far as this database knows.
    /// - Source: Redshift developer guide, "DROP USER", usage notes.
    package func use(of user: UserID) -> String? {
        if access.owns(user) || principals.roles.values.contains(where: { $0.owner == user })
            || databases.values.contains(where: { $0.owner == user })
        {
            return "owns some object"
        }
        if access.names(.user(user)) || access.defaults.keys.contains(where: { $0.owner == user }) {
            return "has a privilege on some object"
        }
        return nil
    }
}
