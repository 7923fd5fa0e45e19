import Catalog
import SQLTypes

extension SystemView {
    static let showSchemas = SystemView(
        "show_schemas", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .identifier), Column("schema_acl", .identifier),
            Column("source_database", .identifier), Column("schema_option", .varchar(length: 256)),
        ]
    ) { state in
        svvAllSchemas.rows(state)
    }
}
