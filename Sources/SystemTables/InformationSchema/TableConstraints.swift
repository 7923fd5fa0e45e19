import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.table_constraints".
    static let informationSchemaTableConstraints = SystemView(
        "table_constraints", schema: "information_schema",
        constraintColumns + tableColumns + [
            Column("constraint_type", .characterData), Column("is_deferrable", .characterData),
            Column("initially_deferred", .characterData),
        ]
    ) { state in
        CatalogObjects(state).constraints.map { constraint in
            let kind =
                switch constraint.definition {
                case .primaryKey: "PRIMARY KEY"
                case .unique: "UNIQUE"
                case .foreignKey: "FOREIGN KEY"
                }
            return name(constraint, state) + name(constraint.table.name, state)
                + [.text(kind), .yesNo(false), .yesNo(false)]
        }
    }
}
