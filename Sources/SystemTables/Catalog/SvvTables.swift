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
        state.tables.map { table in
            [.text(state.database), .text(table.name.schema), .text(table.name.name), .text("BASE TABLE"), .null]
        }
    }

    static let informationSchemaTables = SystemView(
        "tables", schema: "information_schema",
        [
            Column("table_catalog", .name), Column("table_schema", .name), Column("table_name", .name),
            Column("table_type", .varchar(length: 128)),
        ]
    ) { state in
        svvTables.rows(state).map { Array($0.prefix(4)) }
    }
}
