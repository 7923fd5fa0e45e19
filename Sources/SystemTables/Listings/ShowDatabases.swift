import Catalog
import SQLTypes

extension SystemView {
    static let showDatabases = SystemView(
        "show_databases", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("database_owner", .integer),
            Column("database_type", .varchar(length: 32)), Column("database_acl", .identifier),
            Column("parameters", .identifier), Column("database_isolation_level", .identifier),
        ]
    ) { state in
        svvRedshiftDatabases.rows(state)
    }
}
