import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_ALL_TABLES".
    static let svvAllTables = SystemView(
        "svv_all_tables",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_acl", .identifier), Column("table_type", .identifier),
            Column("remarks", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                state.privileges(of: relation.name), .text(relation.isView ? "VIEW" : "TABLE"),
                state.comment(relation, max: 128),
            ]
        }
    }
}
