import Catalog
import SQLTypes

extension SystemView {
    /// The tables and views that a view names.
    /// - Source: PostgreSQL 8.0, "information_schema.view_table_usage".
    static let informationSchemaViewTableUsage = SystemView(
        "view_table_usage", schema: "information_schema",
        [
            Column("view_catalog", .identifier), Column("view_schema", .identifier), Column("view_name", .identifier),
            Column("table_catalog", .identifier), Column("table_schema", .identifier),
            Column("table_name", .identifier),
        ]
    ) { state in
        state.knownViews.flatMap { view in
            (state.tablesRead(by: view).compactMap { state.catalog.tables[$0]?.name } + state.viewsRead(by: view)).map {
                [
                    .text(state.database), .text(view.name.schema), .text(view.name.name), .text(state.database),
                    .text($0.schema), .text($0.name),
                ]
            }
        }
    }
}
