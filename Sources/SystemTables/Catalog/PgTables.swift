import Catalog
import SQLTypes

extension SystemView {
    /// Tables, the system's own among them. - Source: PostgreSQL 8.0, "pg_tables".
    static let pgTables = SystemView(
        "pg_tables",
        [
            Column("schemaname", .name), Column("tablename", .name), Column("tableowner", .name),
            Column("tablespace", .name), Column("hasindexes", .boolean), Column("hasrules", .boolean),
            Column("hastriggers", .boolean),
        ]
    ) { state in
        CatalogObjects(state).relations.compactMap { relation -> [SQLValue]? in
            guard relation.kind == "r" else { return nil }
            var hasIndexes = false
            if case .table(let table) = relation.content { hasIndexes = table.constraints.contains(where: \.isKey) }
            return [
                .text(relation.name.schema), .text(relation.name.name),
                .text(state.userName(state.owner(of: relation))), .null, .boolean(hasIndexes), .boolean(false),
                .boolean(false),
            ]
        }
    }
}
