import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_tables".
    static let pgTables = SystemView(
        "pg_tables",
        [
            Column("schemaname", .name), Column("tablename", .name), Column("tableowner", .name),
            Column("tablespace", .name), Column("hasindexes", .boolean), Column("hasrules", .boolean),
            Column("hastriggers", .boolean),
        ]
    ) { state in
        state.ownTables.map { table in
            [
                .text(table.name.schema), .text(table.name.name), .text(state.user), .null, .boolean(false),
                .boolean(false), .boolean(false),
            ]
        }
    }

    /// The schemas that the session may name.
    /// - Source: SQL:2003, "SCHEMATA view".
    static let informationSchemaSchemata = SystemView(
        "schemata", schema: "information_schema",
        [
            Column("catalog_name", .name), Column("schema_name", .name), Column("schema_owner", .name),
            Column("default_character_set_name", .name),
        ]
    ) { state in
        state.ownSchemas.map { schema in [.text(state.database), .text(schema), .text(state.user), .null] }
    }
}
