import Catalog
import SQLTypes

extension SystemView {
    static let constraintColumns: [Column] = [
        Column("constraint_catalog", .identifier), Column("constraint_schema", .identifier),
        Column("constraint_name", .identifier),
    ]

    static let tableColumns: [Column] = [
        Column("table_catalog", .identifier), Column("table_schema", .identifier), Column("table_name", .identifier),
    ]

    static func name(_ constraint: CatalogObjects.Constraint, _ state: SystemState) -> [SQLValue] {
        [.text(state.database), .text(constraint.table.name.schema), .text(constraint.name)]
    }

    static func name(_ table: TableName, _ state: SystemState) -> [SQLValue] {
        [.text(state.database), .text(table.schema), .text(table.name)]
    }

    static func columnName(_ position: Int, of table: TableDefinition) -> SQLValue {
        table.columns.indices.contains(position) ? .text(table.columns[position].name) : .null
    }

    static func used(
        by constraint: CatalogObjects.Constraint, _ state: SystemState
    ) -> (TableDefinition, [Int])? {
        guard case .foreignKey(_, _, let target, let columns) = constraint.definition else {
            return (constraint.table, constraint.definition.columns)
        }
        return state.catalog.tables[target].map { ($0, columns) }
    }
}
