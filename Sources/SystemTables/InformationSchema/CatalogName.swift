import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.information_schema_catalog_name".
    static let informationSchemaCatalogName = SystemView(
        "information_schema_catalog_name", schema: "information_schema", [Column("catalog_name", .identifier)]
    ) { state in
        [[.text(state.database)]]
    }
}
