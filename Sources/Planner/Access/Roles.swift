import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, ALTER and DROP ROLE, GRANT ROLE and REVOKE ROLE.
/// - Source: Redshift developer guide, the pages of these statements, "Role hierarchy" and "Role assignment".
extension Planner {
    func createRole(_ name: Identifier, _ externalID: Identifier?) throws(SQLError) -> PlannedAccess {
        guard context.rights?.holds(.createRole) ?? true else { throw Self.roleDenied("create role", name) }
        try expectRoleName(name)
        let role = RoleDefinition(
            id: principals.next.role, name: name.name, owner: context.userID, externalID: externalID?.name)
        return PlannedAccess("CREATE ROLE", [.createRole(role)])
    }

    func alterRole(_ name: Identifier, _ actions: [RoleAction]) throws(SQLError) -> PlannedAccess {
        var role = try role(name)
        try expectOwner(of: role, "alter role", name)
        for action in actions {
            switch action {
            case .renameTo(let new):
                if new.name != role.name { try expectRoleName(new) }
                role.name = new.name
            case .ownerTo(let owner):
                try expectSuperuser("change owner")
                role.owner = try user(owner).id
            case .externalIDTo(let id): role.externalID = id.name
            }
        }
        return PlannedAccess("ALTER ROLE", [.replaceRole(role)])
    }

    func dropRole(_ name: Identifier, isForced: Bool) throws(SQLError) -> PlannedAccess {
        let role = try role(name)
        if role.isSystem { throw Self.systemRole(name) }
        let mayAll = context.rights?.holds(.dropRole) ?? true
        if !mayAll, !holdsAdminOption(of: role) { try expectOwner(of: role, "drop role", name) }
        if !isForced {
            for grant in principals.roleGrants {
                let reason: String
                switch grant.grantee {
                case .role(let holder) where holder == role.id: reason = "it depends on another role"
                case .role where grant.role == role.id: reason = "it has been granted on a role"
                case _ where grant.role == role.id: reason = "it has been granted on a user"
                default: continue
                }
                throw SQLError(
                    .dependentObjectsStillExist, "cannot drop this role since \(reason)",
                    hint: "Use DROP ROLE ... FORCE.", position: name.position.character)
            }
        }
        return PlannedAccess("DROP ROLE", [.dropRole(role.id)])
    }

    func grantRoles(_ names: [Identifier], to targets: [GrantTarget]) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("GRANT", [])
        var after = principals
        for name in names {
            let role = try role(name)
            try expectMayGrant(role, name)
            for target in targets {
                let grantee = try roleGrantee(target.name, at: target.position)
                if case .role(let holder) = grantee {
                    if target.withOption {
                        throw SQLError(
                            .syntaxError, "ADMIN OPTION cannot be granted to a role",
                            position: target.position.character)
                    }
                    guard holder != role.id, !after.roles(of: .role(role.id)).contains(holder) else {
                        throw SQLError(
                            .objectNotInPrerequisiteState,
                            "role \"\(role.name)\" cannot be granted to a role that it has been granted",
                            position: target.position.character)
                    }
                }
                let hadOption = after.grant(of: role.id, to: grantee)?.withAdminOption ?? false
                let grant = RoleGrant(
                    role: role.id, grantee: grantee, withAdminOption: target.withOption || hadOption)
                after.put(grant)
                planned.changes.append(.grantRole(grant))
            }
        }
        return planned
    }

    func revokeRoles(
        _ names: [Identifier], from grantees: [GranteeName], adminOptionOnly: Bool
    ) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("REVOKE", [])
        for name in names {
            let role = try role(name)
            try expectMayGrant(role, name)
            for granteeName in grantees {
                let grantee = try roleGrantee(granteeName, at: name.position)
                guard var grant = principals.grant(of: role.id, to: grantee) else { continue }
                if adminOptionOnly {
                    grant.withAdminOption = false
                    planned.changes.append(.grantRole(grant))
                } else {
                    planned.changes.append(.revokeRole(role.id, from: grantee))
                }
            }
        }
        return planned
    }

    func role(_ name: Identifier) throws(SQLError) -> RoleDefinition {
        guard let role = principals.role(named: name.name) else {
            throw SQLError(
                .undefinedObject, "role \"\(name.name)\" does not exist", position: name.position.character)
        }
        return role
    }

    private func roleGrantee(_ name: GranteeName, at position: SourcePosition) throws(SQLError) -> Grantee {
        switch name {
        case .user(let name): return .user(try user(name).id)
        case .role(let name): return .role(try role(name).id)
        case .group, .everyone:
            throw SQLError(
                .syntaxError, "roles are granted to users and to roles only", position: position.character)
        }
    }

    private func holdsAdminOption(of role: RoleDefinition) -> Bool {
        principals.grant(of: role.id, to: .user(context.userID))?.withAdminOption ?? false
    }

    private func expectMayGrant(_ role: RoleDefinition, _ name: Identifier) throws(SQLError) {
        guard let rights = context.rights, role.owner != context.userID, !holdsAdminOption(of: role) else { return }
        guard rights.holds(.grantRole) else { throw Self.roleDenied("grant role", name) }
        // GRANT ROLE is no ladder: nobody gives what he has not himself.
        let more = context.catalog.systemPrivileges(with: role.id).filter { !rights.holds($0) }.sorted()
        if let missing = more.first {
            throw SQLError(
                .insufficientPrivilege, "permission denied to grant role",
                detail: "Role \"\(role.name)\" has the privilege \(missing.rawValue), which the grantor has not.",
                position: name.position.character)
        }
    }

    private func expectOwner(of role: RoleDefinition, _ what: String, _ name: Identifier) throws(SQLError) {
        if role.isSystem { throw Self.systemRole(name) }
        guard context.isSuperuser || role.owner == context.userID else { throw Self.roleDenied(what, name) }
    }

    private func expectRoleName(_ name: Identifier) throws(SQLError) {
        guard !name.name.hasPrefix("sys:"), name.name != "public" else {
            throw SQLError(
                .reservedName, "role name \"\(name.name)\" is reserved", position: name.position.character)
        }
        guard principals.role(named: name.name) == nil else { throw Self.duplicate("role", name) }
        guard principals.user(named: name.name) == nil else { throw Self.duplicate("user", name) }
    }

    private static func roleDenied(_ what: String, _ name: Identifier) -> SQLError {
        SQLError(
            .insufficientPrivilege, "permission denied to \(what)", position: name.position.character)
    }

    private static func systemRole(_ name: Identifier) -> SQLError {
        SQLError(
            .insufficientPrivilege, "\"\(name.name)\" is a system-defined role", position: name.position.character)
    }
}
