import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.key_column_usage".
    static let informationSchemaKeyColumnUsage = SystemView(
        "key_column_usage", schema: "information_schema",
        constraintColumns + tableColumns + [Column("column_name", .identifier), Column("ordinal_position", .integer)]
    ) { state in
        CatalogObjects(state).constraints.flatMap { constraint in
            constraint.definition.columns.enumerated().map { place, column in
                name(constraint, state) + name(constraint.table.name, state)
                    + [columnName(column, of: constraint.table), .int(place + 1)]
            }
        }
    }
}
