import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_TABLES".
    static let svvTables = SystemView(
        "svv_tables",
        [
            Column("table_catalog", .name), Column("table_schema", .name), Column("table_name", .name),
            Column("table_type", .varchar(length: 128)), Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name), .text(relation.kind),
                state.comment(relation),
            ]
        }
    }
}
