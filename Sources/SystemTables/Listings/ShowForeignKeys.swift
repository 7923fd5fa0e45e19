import Catalog
import SQLTypes

extension SystemView {
    /// As JDBC's imported keys; 3 and 7 are its numbers for "no action" and "not deferrable".
    static let showForeignKeys = SystemView(
        "show_foreign_keys", schema: "pg_internal",
        [
            Column("pk_database_name", .identifier), Column("pk_schema_name", .identifier),
            Column("pk_table_name", .identifier), Column("pk_column_name", .identifier),
            Column("fk_database_name", .identifier), Column("fk_schema_name", .identifier),
            Column("fk_table_name", .identifier), Column("fk_column_name", .identifier), Column("key_seq", .smallint),
            Column("fk_name", .identifier), Column("pk_name", .identifier), Column("update_rule", .smallint),
            Column("delete_rule", .smallint), Column("deferrability", .smallint),
        ]
    ) { state in
        let constraints = CatalogObjects(state).constraints
        let keys = Dictionary(grouping: constraints.filter(\.definition.isKey), by: \.table.id)
        return constraints.flatMap { constraint -> [[SQLValue]] in
            guard case .foreignKey(_, let columns, let id, let referenced) = constraint.definition,
                let target = state.catalog.tables[id]
            else { return [] }
            let key = keys[id]?.first { Set($0.definition.columns) == Set(referenced) }
            return zip(columns, referenced).enumerated().compactMap { place, pair in
                guard target.columns.indices.contains(pair.1), constraint.table.columns.indices.contains(pair.0) else {
                    return nil
                }
                return [
                    .text(state.database), .text(target.name.schema), .text(target.name.name),
                    .text(target.columns[pair.1].name), .text(state.database), .text(constraint.table.name.schema),
                    .text(constraint.table.name.name), .text(constraint.table.columns[pair.0].name), .int(place + 1),
                    .text(constraint.name), .text(key?.name), .int(3), .int(3), .int(7),
                ]
            }
        }
    }
}
