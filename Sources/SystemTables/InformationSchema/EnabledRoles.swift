import Catalog
import SQLTypes

extension SystemView {
    /// Groups and roles that the session's user is a member of.
    /// - Source: PostgreSQL 8.0, "information_schema.enabled_roles".
    static let informationSchemaEnabledRoles = SystemView(
        "enabled_roles", schema: "information_schema", [Column("role_name", .identifier)]
    ) { state in
        let principals = state.catalog.principals
        guard let user = principals.user(named: state.user) else { return [] }
        let groups = principals.groups(of: user.id).compactMap { principals.groups[$0]?.name }
        let roles = principals.roles(of: .user(user.id)).compactMap { principals.roles[$0]?.name }
        return (groups + roles).sorted().map { [.text($0)] }
    }
}
