import Catalog
import SQLTypes

extension SystemView {
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
