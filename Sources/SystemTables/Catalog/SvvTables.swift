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
        let tables = state.ownTables.map { table in
            row(
                state, table.name, table.isTemporary ? "LOCAL TEMPORARY" : "BASE TABLE", .table(table.id))
        }
        return tables + state.ownViews.map { row(state, $0.name, "VIEW", .view($0.name)) }
    }

    private static func row(
        _ state: SystemState, _ name: TableName, _ kind: String, _ target: CommentTarget
    ) -> [SQLValue] {
        [
            .text(state.database), .text(name.schema), .text(name.name), .text(kind),
            state.catalog.comments[target].map { .text($0, max: 256) } ?? .null,
        ]
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
