import Catalog
import SQLTypes

extension SystemView {
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
}
