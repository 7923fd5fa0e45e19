import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.constraint_table_usage".
    static let informationSchemaConstraintTableUsage = SystemView(
        "constraint_table_usage", schema: "information_schema", tableColumns + constraintColumns
    ) { state in
        CatalogObjects(state).constraints.compactMap { constraint in
            used(by: constraint, state).map { name($0.0.name, state) + name(constraint, state) }
        }
    }
}
