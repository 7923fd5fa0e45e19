import Catalog
import SQLTypes

// Roles, and who holds them.
// - Source: Redshift developer guide, "SVV_ROLES", "SVV_USER_GRANTS", "SVV_ROLE_GRANTS".

extension SystemView {
    static let svvRoles = SystemView(
        "svv_roles",
        [
            Column("role_id", .integer), Column("role_name", .longText), Column("role_owner", .longText),
            Column("external_id", .longText),
        ]
    ) { state in
        state.catalog.principals.roles.values.sorted { $0.id < $1.id }.filter(state.mayKnow).map { role in
            [
                .int(role.id.rawValue), .text(role.name), .text(state.catalog.principals.userName(role.owner)),
                .text(role.externalID),
            ]
        }
    }

    static let svvUserGrants = SystemView(
        "svv_user_grants",
        [
            Column("user_id", .integer), Column("user_name", .longText), Column("role_id", .integer),
            Column("role_name", .longText), Column("admin_option", .boolean),
        ]
    ) { state in
        state.catalog.principals.roleGrants.compactMap { grant -> [SQLValue]? in
            guard case .user(let user) = grant.grantee, state.seesGrants(to: grant.grantee) else { return nil }
            return [
                .int(user.rawValue), .text(state.catalog.principals.userName(user)), .int(grant.role.rawValue),
                .text(state.catalog.principals.roles[grant.role]?.name), .boolean(grant.withAdminOption),
            ]
        }
    }

    static let svvRoleGrants = SystemView(
        "svv_role_grants",
        [
            Column("role_id", .integer), Column("role_name", .longText), Column("granted_role_id", .integer),
            Column("granted_role_name", .longText),
        ]
    ) { state in
        let roles = state.catalog.principals.roles
        return state.catalog.principals.roleGrants.compactMap { grant -> [SQLValue]? in
            guard case .role(let id) = grant.grantee, let role = roles[id], state.mayKnow(role) else { return nil }
            return [
                .int(id.rawValue), .text(role.name), .int(grant.role.rawValue), .text(roles[grant.role]?.name),
            ]
        }
    }

    /// - Source: PostgreSQL 8.0, "information_schema.applicable_roles": groups, there, and Redshift's roles.
    static let informationSchemaApplicableRoles = SystemView(
        "applicable_roles", schema: "information_schema",
        [Column("grantee", .name), Column("role_name", .name), Column("is_grantable", .varchar(length: 3))]
    ) { state in
        let principals = state.catalog.principals
        guard let user = principals.user(named: state.user) else { return [] }
        let groups = principals.groups(of: user.id).map { group -> [SQLValue] in
            [.text(user.name), .text(principals.groups[group]?.name), .text("NO")]
        }
        return groups
            + principals.roles(of: .user(user.id)).sorted().map { role in
                let grant = principals.grant(of: role, to: .user(user.id))
                return [
                    .text(user.name), .text(principals.roles[role]?.name),
                    .text(grant?.withAdminOption == true ? "YES" : "NO"),
                ]
            }
    }
}

extension SystemState {
    /// Users know the roles that they have and own.
    fileprivate func mayKnow(_ role: RoleDefinition) -> Bool {
        seesGrants(to: .role(role.id)) || role.owner == rights?.user
    }
}
