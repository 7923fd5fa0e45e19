package import SQLTypes

/// A change of who is there and of what they may do.
package enum AccessChange: Hashable, Sendable {
    /// Number and name must be free.
    case createUser(UserDefinition)
    /// ALTER USER: the user of the same number.
    case replaceUser(UserDefinition)
    case dropUser(UserID)
    case createGroup(GroupDefinition)
    case replaceGroup(GroupDefinition)
    case dropGroup(GroupID)
    case createRole(RoleDefinition)
    case replaceRole(RoleDefinition)
    case dropRole(RoleID)
    /// GRANT ROLE: replaces what the grantee has of it.
    case grantRole(RoleGrant)
    case revokeRole(RoleID, from: Grantee)
    /// Numbers below were given before: for a checkpoint, in which not all of them occur.
    case reserveIDs(Principals.NextIDs)
    case setOwner(Securable, UserID)
    /// The whole list, in the place of what was there.
    case setAccess(Securable, AccessList)
    /// Empty: nothing is granted on the column.
    case setColumnAccess(Securable, column: String, AccessList)
    /// ALTER TABLE … RENAME COLUMN, before the table's definition changes.
    case renameColumn(Securable, from: String, to: String)
    case setDefaults(AccessControl.DefaultKey, AccessList)
    case setSystemPrivileges(RoleID, Set<SystemPrivilege>)
    case policy(PolicyChange)
}

extension CatalogSnapshot {
    /// - Throws: what a statement would see that a concurrent one has overtaken; nothing has changed then.
    package mutating func apply(_ change: AccessChange) throws(SQLError) {
        try expectFits(change)
        restore(change)
    }

    /// The change without a question: what a checkpoint says was so. A user who is gone may be named in it, as one whom
    /// nobody can be any more, since no number is given twice: such an owner, or grantee, may do nothing.
    package mutating func restore(_ change: AccessChange) {
        switch change {
        case .createUser(let user), .replaceUser(let user): principals.put(user)
        case .createGroup(let group), .replaceGroup(let group): principals.put(group)
        case .createRole(let role), .replaceRole(let role): principals.put(role)
        case .dropUser(let id): principals.remove(id)
        case .dropGroup(let id): principals.remove(id)
        case .dropRole(let id): principals.remove(id)
        case .grantRole(let grant): principals.put(grant)
        case .revokeRole(let role, let grantee): principals.removeGrant(of: role, to: grantee)
        case .reserveIDs(let next):
            principals.next.user = max(principals.next.user, next.user)
            principals.next.group = max(principals.next.group, next.group)
            principals.next.role = max(principals.next.role, next.role)
        case .setOwner(let object, let owner): access.set(owner: owner, of: object)
        case .setAccess(let object, let list): access.set(list, on: object)
        case .setColumnAccess(let object, let column, let list): access.set(list, on: object, column: column)
        case .renameColumn(let object, let old, let new): access.renameColumn(of: object, from: old, to: new)
        case .setDefaults(let key, let list): access.set(list, asDefaultFor: key)
        case .setSystemPrivileges(let role, let privileges): access.set(privileges, of: role)
        case .policy(let change): policies.apply(change)
        }
        if let dropped = change.dropped { forget(dropped) }
        version += 1
        accessVersion += 1
    }

    /// What was granted to somebody who is gone, in this database.
    package mutating func forget(_ grantee: Grantee) {
        access.forget(grantee)
        policies.forget(grantee)
    }

    private func expectFits(_ change: AccessChange) throws(SQLError) {
        switch change {
        case .createUser(let user):
            try Principals.expectFree(user.name, "user", principals.user(named: user.name) == nil)
            guard principals.users[user.id] == nil else { throw Principals.overtaken("user", user.name) }
        case .replaceUser(let user):
            try principals.expectUser(user.id, user.name)
            let holder = principals.user(named: user.name)?.id
            try Principals.expectFree(user.name, "user", holder == nil || holder == user.id)
        case .dropUser(let id): try principals.expectUser(id)
        case .createGroup(let group):
            try Principals.expectFree(group.name, "group", principals.group(named: group.name) == nil)
            guard principals.groups[group.id] == nil else { throw Principals.overtaken("group", group.name) }
        case .replaceGroup(let group):
            guard principals.groups[group.id] != nil else { throw Principals.overtaken("group", group.name) }
            let holder = principals.group(named: group.name)?.id
            try Principals.expectFree(group.name, "group", holder == nil || holder == group.id)
            for member in group.members { try principals.expectUser(member) }
        case .dropGroup(let id):
            guard principals.groups[id] != nil else { throw Principals.overtaken("group", "\(id.rawValue)") }
        case .createRole(let role):
            try Principals.expectFree(role.name, "role", principals.role(named: role.name) == nil)
            guard principals.roles[role.id] == nil else { throw Principals.overtaken("role", role.name) }
            try principals.expectUser(role.owner)
        case .replaceRole(let role):
            try principals.expectRole(role.id, role.name)
            let holder = principals.role(named: role.name)?.id
            try Principals.expectFree(role.name, "role", holder == nil || holder == role.id)
            try principals.expectUser(role.owner)
        case .dropRole(let id): try principals.expectRole(id)
        case .grantRole(let grant):
            try principals.expectRole(grant.role)
            try principals.expect(grant.grantee)
        case .setOwner(_, let owner): try principals.expectUser(owner)
        case .setAccess(let object, let list): try expectFits(list, in: access.lists[object])
        case .setColumnAccess(let object, let column, let list):
            try expectFits(list, in: access.columns[object]?[column])
        case .setDefaults(let key, let list):
            try principals.expectUser(key.owner)
            try expectFits(list, in: access.defaults[key])
        case .setSystemPrivileges(let role, _): try principals.expectRole(role)
        case .policy(.attachRowPolicy(let attachment)): try principals.expect(attachment.grantee)
        case .policy(.attachMaskingPolicy(let attachment)): try principals.expect(attachment.grantee)
        case .revokeRole, .reserveIDs, .renameColumn, .policy: break
        }
    }

    /// Whoever is new in the list must be there.
    private func expectFits(_ list: AccessList, in present: AccessList?) throws(SQLError) {
        let known = Set(present?.entries ?? [])
        for entry in list.entries where !known.contains(entry) {
            try principals.expect(entry.grantee)
            try principals.expectUser(entry.grantor)
        }
    }

    /// The changes that make it from an empty one, in an order that does not depend on hashing.
    package var accessChanges: [AccessChange] {
        var changes: [AccessChange] = []
        for user in principals.users.values.sorted(by: { $0.id < $1.id }) where user.id != .rdsdb {
            changes.append(.createUser(user))
        }
        changes += principals.groups.values.sorted { $0.id < $1.id }.map { .createGroup($0) }
        changes += principals.roles.values.filter { !$0.isSystem }.sorted { $0.id < $1.id }.map { .createRole($0) }
        changes += principals.roleGrants.map { .grantRole($0) }
        changes.append(.reserveIDs(principals.next))
        return changes + privilegeChanges
    }

    /// Those of the objects of one database.
    package var privilegeChanges: [AccessChange] {
        var changes: [AccessChange] = []
        changes += access.owners.sorted { $0.key < $1.key }.map { .setOwner($0.key, $0.value) }
        changes += access.lists.sorted { $0.key < $1.key }.map { .setAccess($0.key, $0.value) }
        for (object, columns) in access.columns.sorted(by: { $0.key < $1.key }) {
            for (column, list) in columns.sorted(by: { $0.key < $1.key }) {
                changes.append(.setColumnAccess(object, column: column, list))
            }
        }
        changes += access.defaults.sorted { $0.key < $1.key }.map { .setDefaults($0.key, $0.value) }
        changes += access.systemPrivileges.sorted { $0.key < $1.key }.map { .setSystemPrivileges($0.key, $0.value) }
        changes += policies.changes.map { .policy($0) }
        return changes
    }
}

extension AccessChange {
    /// Who is gone after it.
    package var dropped: Grantee? {
        switch self {
        case .dropUser(let id): .user(id)
        case .dropGroup(let id): .group(id)
        case .dropRole(let id): .role(id)
        default: nil
        }
    }
}

extension Principals {
    /// Whoever it is, he must still be there.
    fileprivate func expect(_ grantee: Grantee) throws(SQLError) {
        switch grantee {
        case .everyone: break
        case .user(let id): try expectUser(id)
        case .role(let id): try expectRole(id)
        case .group(let id):
            guard groups[id] != nil else { throw Self.overtaken("group", "\(id.rawValue)") }
        }
    }

    fileprivate func expectUser(_ id: UserID, _ name: String? = nil) throws(SQLError) {
        guard users[id] != nil else { throw Self.overtaken("user", name ?? "\(id.rawValue)") }
    }

    fileprivate func expectRole(_ id: RoleID, _ name: String? = nil) throws(SQLError) {
        guard roles[id] != nil else { throw Self.overtaken("role", name ?? "\(id.rawValue)") }
    }

    fileprivate static func expectFree(_ name: String, _ kind: String, _ isFree: Bool) throws(SQLError) {
        guard isFree else { throw SQLError(.duplicateObject, "\(kind) \"\(name)\" already exists") }
    }

    fileprivate static func overtaken(_ kind: String, _ name: String) -> SQLError {
        SQLError(
            .serializationFailure, "\(kind) \"\(name)\" was changed by a transaction that committed before",
            hint: "Run the statement again.")
    }
}
