import Catalog
import SQLTypes

extension SystemView {
    static let showPrimaryKeys = SystemView(
        "show_primary_keys", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("pk_name", .identifier), Column("column_name", .identifier),
            Column("key_seq", .smallint),
        ]
    ) { state in
        CatalogObjects(state).constraints.flatMap { constraint -> [[SQLValue]] in
            guard case .primaryKey(_, let columns) = constraint.definition else { return [] }
            let table = constraint.table
            return columns.enumerated().compactMap { place, column in
                guard table.columns.indices.contains(column) else { return nil }
                return [
                    .text(state.database), .text(table.name.schema), .text(table.name.name), .text(constraint.name),
                    .text(table.columns[column].name), .int(place + 1),
                ]
            }
        }
    }
}
