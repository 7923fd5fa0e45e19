import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.table_privileges": those that the user has or has given.
    static let informationSchemaTablePrivileges = SystemView(
        "table_privileges", schema: "information_schema",
        [
            Column("grantor", .name), Column("grantee", .name), Column("table_catalog", .name),
            Column("table_schema", .name), Column("table_name", .name),
            Column("privilege_type", .varchar(length: 16)), Column("is_grantable", .varchar(length: 3)),
            Column("with_hierarchy", .varchar(length: 3)),
        ]
    ) { state in
        state.relationLists.flatMap { relation -> [[SQLValue]] in
            let access = state.catalog.access
            let owner = access.owner(of: relation.object)
            var own = AccessList()
            own.grant(
                AccessEntry(
                    grantee: .user(owner), grantor: owner, privileges: relation.object.allPrivileges,
                    grantable: relation.object.allPrivileges))
            return (own.each + access.list(of: relation.object).each).filter { state.seesGrants(to: $0.grantee) }
                .map { granted in
                    let grantee = granted.grantee == .everyone ? .text("PUBLIC") : state.identity(granted.grantee)[1]
                    return [
                        .text(state.catalog.principals.userName(granted.grantor)), grantee, .text(state.database),
                        .text(relation.name.schema), .text(relation.name.name), .text(granted.privilege),
                        .text(granted.isGrantable ? "YES" : "NO"), .text("NO"),
                    ]
                }
        }
    }
}
