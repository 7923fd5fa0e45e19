import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.referential_constraints".
    static let informationSchemaReferentialConstraints = SystemView(
        "referential_constraints", schema: "information_schema",
        constraintColumns + [
            Column("unique_constraint_catalog", .identifier), Column("unique_constraint_schema", .identifier),
            Column("unique_constraint_name", .identifier), Column("match_option", .characterData),
            Column("update_rule", .characterData), Column("delete_rule", .characterData),
        ]
    ) { state in
        let objects = CatalogObjects(state)
        let keys = Dictionary(grouping: objects.constraints.filter(\.definition.isKey), by: \.table.id)
        return objects.constraints.compactMap { constraint -> [SQLValue]? in
            guard case .foreignKey(_, _, let target, let columns) = constraint.definition else { return nil }
            // Redshift asks for a key there when the constraint is made; it may have been dropped since.
            let key = keys[target]?.first { Set($0.definition.columns) == Set(columns) }
            return name(constraint, state) + (key.map { name($0, state) } ?? [.null, .null, .null])
                + [.text("NONE"), .text("NO ACTION"), .text("NO ACTION")]
        }
    }
}
