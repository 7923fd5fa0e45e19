import Catalog
import SQLTypes

// Declared constraints; NOT NULL is told by the columns.

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

    /// - Source: PostgreSQL 8.0, "information_schema.constraint_table_usage".
    static let informationSchemaConstraintTableUsage = SystemView(
        "constraint_table_usage", schema: "information_schema", tableColumns + constraintColumns
    ) { state in
        CatalogObjects(state).constraints.compactMap { constraint in
            used(by: constraint, state).map { name($0.0.name, state) + name(constraint, state) }
        }
    }

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

    private static let constraintColumns: [Column] = [
        Column("constraint_catalog", .identifier), Column("constraint_schema", .identifier),
        Column("constraint_name", .identifier),
    ]
    private static let tableColumns: [Column] = [
        Column("table_catalog", .identifier), Column("table_schema", .identifier), Column("table_name", .identifier),
    ]

    private static func name(_ constraint: CatalogObjects.Constraint, _ state: SystemState) -> [SQLValue] {
        [.text(state.database), .text(constraint.table.name.schema), .text(constraint.name)]
    }

    private static func name(_ table: TableName, _ state: SystemState) -> [SQLValue] {
        [.text(state.database), .text(table.schema), .text(table.name)]
    }

    private static func columnName(_ position: Int, of table: TableDefinition) -> SQLValue {
        table.columns.indices.contains(position) ? .text(table.columns[position].name) : .null
    }

    private static func used(
        by constraint: CatalogObjects.Constraint, _ state: SystemState
    ) -> (TableDefinition, [Int])? {
        guard case .foreignKey(_, _, let target, let columns) = constraint.definition else {
            return (constraint.table, constraint.definition.columns)
        }
        return state.catalog.tables[target].map { ($0, columns) }
    }
}
