import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_indexes".
    static let pgIndexes = SystemView(
        "pg_indexes",
        [
            Column("schemaname", .name), Column("tablename", .name), Column("indexname", .name),
            Column("tablespace", .name), Column("indexdef", .longText),
        ]
    ) { state in
        CatalogObjects(state).constraints.filter { $0.index != 0 }.map { constraint in
            let table = constraint.table.name
            return [
                .text(table.schema), .text(table.name), .text(constraint.name), .null,
                .text(constraint.indexDefinition),
            ]
        }
    }
}

extension CatalogObjects.Constraint {
    /// As pg_get_indexdef prints it.
    package var indexDefinition: String {
        let names = definition.columns.map { position in
            table.columns.indices.contains(position) ? table.columns[position].name.quotedIdentifier : "?"
        }
        return "CREATE UNIQUE INDEX \(name.quotedIdentifier) ON \(table.name.quotedText) "
            + "USING btree (\(names.joined(separator: ", ")))"
    }
}
