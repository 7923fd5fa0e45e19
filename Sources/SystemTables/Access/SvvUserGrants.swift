import Catalog
import SQLTypes

extension SystemView {
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
}
