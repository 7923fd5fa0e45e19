import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_ALL_SCHEMAS".
    static let svvAllSchemas = SystemView(
        "svv_all_schemas",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .identifier), Column("schema_acl", .identifier),
            Column("source_database", .identifier), Column("schema_option", .varchar(length: 256)),
        ]
    ) { state in
        state.ownSchemas.map { schema in
            [
                .text(state.database), .text(schema), .int(state.owner(ofSchema: schema)), .text("local"),
                state.privileges(ofSchema: schema), .null, .null,
            ]
        }
    }
}
