import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_REDSHIFT_SCHEMAS".
    static let svvRedshiftSchemas = SystemView(
        "svv_redshift_schemas",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .varchar(length: 16)), Column("schema_acl", .identifier),
            Column("schema_option", .identifier),
        ]
    ) { state in
        state.ownSchemas.map { schema in
            [
                .text(state.database), .text(schema), .int(state.owner(ofSchema: schema)), .text("local"),
                state.privileges(ofSchema: schema), .null,
            ]
        }
    }
}
