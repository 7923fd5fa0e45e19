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
        switch change {
        case .createUser(let user):
            try principals.expectFree(user.name, "user", principals.user(named: user.name)?.id == nil)
            guard principals.users[user.id] == nil else { throw Principals.overtaken("user", user.name) }
            principals.put(user)
        case .replaceUser(let user):
            guard principals.users[user.id] != nil else { throw Principals.overtaken("user", user.name) }
            let holder = principals.user(named: user.name)?.id
            try principals.expectFree(user.name, "user", holder == nil || holder == user.id)
            principals.put(user)
        case .dropUser(let id):
            guard principals.users[id] != nil else { throw Principals.overtaken("user", "\(id.rawValue)") }
            principals.remove(id)
            policies.forget(.user(id))
        case .createGroup(let group):
            try principals.expectFree(group.name, "group", principals.group(named: group.name)?.id == nil)
            guard principals.groups[group.id] == nil else { throw Principals.overtaken("group", group.name) }
            principals.put(group)
        case .replaceGroup(let group):
            guard principals.groups[group.id] != nil else { throw Principals.overtaken("group", group.name) }
            let holder = principals.group(named: group.name)?.id
            try principals.expectFree(group.name, "group", holder == nil || holder == group.id)
            principals.put(group)
        case .dropGroup(let id):
            guard principals.groups[id] != nil else { throw Principals.overtaken("group", "\(id.rawValue)") }
            principals.remove(id)
        case .createRole, .replaceRole, .grantRole, .revokeRole: try principals.applyToRoles(change)
        case .dropRole(let id):
            try principals.applyToRoles(change)
            access.forget(id)
            policies.forget(.role(id))
        case .policy(let change): policies.apply(change)
        case .setOwner, .setAccess, .setColumnAccess, .renameColumn, .setDefaults, .setSystemPrivileges:
            try applyToPrivileges(change)
        case .reserveIDs(let next):
            principals.next.user = max(principals.next.user, next.user)
            principals.next.group = max(principals.next.group, next.group)
            principals.next.role = max(principals.next.role, next.role)
        }
        version += 1
    }

    private mutating func applyToPrivileges(_ change: AccessChange) throws(SQLError) {
        switch change {
        case .setOwner(let object, let owner):
            guard principals.users[owner] != nil else { throw Principals.overtaken("user", "\(owner.rawValue)") }
            access.set(owner: owner, of: object)
        case .setAccess(let object, let list): access.set(list, on: object)
        case .setColumnAccess(let object, let column, let list): access.set(list, on: object, column: column)
        case .renameColumn(let object, let old, let new): access.renameColumn(of: object, from: old, to: new)
        case .setDefaults(let key, let list): access.set(list, asDefaultFor: key)
        case .setSystemPrivileges(let role, let privileges): access.set(privileges, of: role)
        default: assertionFailure("a change of privileges was expected")
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

extension Principals {
    fileprivate mutating func applyToRoles(_ change: AccessChange) throws(SQLError) {
        switch change {
        case .createRole(let role):
            try expectFree(role.name, "role", self.role(named: role.name) == nil)
            guard roles[role.id] == nil else { throw Principals.overtaken("role", role.name) }
            put(role)
        case .replaceRole(let role):
            guard roles[role.id] != nil else { throw Principals.overtaken("role", role.name) }
            let holder = self.role(named: role.name)?.id
            try expectFree(role.name, "role", holder == nil || holder == role.id)
            put(role)
        case .dropRole(let id):
            guard roles[id] != nil else { throw Principals.overtaken("role", "\(id.rawValue)") }
            remove(id)
        case .grantRole(let grant):
            guard roles[grant.role] != nil else { throw Principals.overtaken("role", "\(grant.role.rawValue)") }
            put(grant)
        case .revokeRole(let role, let grantee): removeGrant(of: role, to: grantee)
        default: assertionFailure("a change of roles was expected")
        }
    }

    fileprivate func expectFree(_ name: String, _ kind: String, _ isFree: Bool) throws(SQLError) {
        guard isFree else { throw SQLError(.duplicateObject, "\(kind) \"\(name)\" already exists") }
    }

    fileprivate static func overtaken(_ kind: String, _ name: String) -> SQLError {
        SQLError(
            .serializationFailure, "\(kind) \"\(name)\" was changed by a transaction that committed before",
            hint: "Run the statement again.")
    }
}
