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
            table.columns.indices.contains(position) ? quoted(table.columns[position].name) : "?"
        }
        return "CREATE UNIQUE INDEX \(quoted(name)) ON \(quoted(table.name.schema)).\(quoted(table.name.name)) "
            + "USING btree (\(names.joined(separator: ", ")))"
    }

    /// In quotes unless it is a plain word.
    private func quoted(_ name: String) -> String {
        let isPlain = name.utf8.enumerated().allSatisfy { place, byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "_")
                || place > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "$"))
        }
        return isPlain && !name.isEmpty
            ? name
            : "\""
                + name.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\"\"") + "\""
    }
}
