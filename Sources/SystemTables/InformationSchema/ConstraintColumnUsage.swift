import Catalog
import SQLTypes

extension SystemView {
    /// The columns that a constraint needs: a foreign key's are those it refers to.
    /// - Source: PostgreSQL 8.0, "information_schema.constraint_column_usage".
    static let informationSchemaConstraintColumnUsage = SystemView(
        "constraint_column_usage", schema: "information_schema",
        tableColumns + [Column("column_name", .identifier)] + constraintColumns
    ) { state in
        CatalogObjects(state).constraints.flatMap { constraint -> [[SQLValue]] in
            guard let (table, columns) = used(by: constraint, state) else { return [] }
            return columns.map {
                name(table.name, state) + [columnName($0, of: table)] + name(constraint, state)
            }
        }
    }
}
