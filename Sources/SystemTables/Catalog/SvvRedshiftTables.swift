import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_REDSHIFT_TABLES".
    static let svvRedshiftTables = SystemView(
        "svv_redshift_tables",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_type", .identifier), Column("table_acl", .identifier),
            Column("remarks", .identifier), Column("table_owner", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                .text(relation.isView ? "VIEW" : "TABLE"), state.privileges(of: relation.name),
                state.comment(relation, max: 128), .text(state.userName(state.owner(of: relation))),
            ]
        }
    }
}
