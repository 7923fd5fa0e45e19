import Catalog
import SQLTypes

extension SystemView {
    /// The schemas that the session may name. - Source: PostgreSQL 8.0, "information_schema.schemata".
    static let informationSchemaSchemata = SystemView(
        "schemata", schema: "information_schema",
        [
            Column("catalog_name", .identifier), Column("schema_name", .identifier),
            Column("schema_owner", .identifier), Column("default_character_set_catalog", .identifier),
            Column("default_character_set_schema", .identifier), Column("default_character_set_name", .identifier),
            Column("sql_path", .characterData),
        ]
    ) { state in
        state.ownSchemas.map { schema in
            [
                .text(state.database), .text(schema), .text(state.userName(state.owner(ofSchema: schema))), .null,
                .null,
                .null, .null,
            ]
        }
    }
}
