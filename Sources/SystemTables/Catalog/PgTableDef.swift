import Catalog
import SQLTypes

extension SystemView {
    /// Columns of the tables in the search path's schemas.
    /// - Source: Redshift developer guide, "PG_TABLE_DEF".
    static let pgTableDef = SystemView(
        "pg_table_def",
        [
            Column("schemaname", .name), Column("tablename", .name), Column("column", .name),
            Column("type", .varchar(length: 128)),
            Column("encoding", .char(length: 32)), Column("distkey", .boolean), Column("sortkey", .integer),
            Column("notnull", .boolean),
        ]
    ) { state in
        let visible = Set(state.searchPath)
        return state.knownTables.filter { visible.contains($0.name.schema) }.flatMap { table -> [[SQLValue]] in
            table.columns.enumerated().map { position, column -> [SQLValue] in
                [
                    .text(table.name.schema), .text(table.name.name), .text(column.name),
                    .text(column.type.description),
                    .text(column.encoding.shownName),
                    .boolean(table.distribution.keyColumn == position), .int(table.sortKey.ordinal(of: position)),
                    .boolean(!column.isNullable),
                ]
            }
        }
    }
}

extension SortKey {
    /// Place of a column in the key, from 1; 0 if it is not in it. Signs alternate for an interleaved key.
    func ordinal(of column: Int) -> Int {
        guard let place = columns.firstIndex(of: column) else { return 0 }
        if case .interleaved = self { return place % 2 == 0 ? -(place + 1) : place + 1 }
        return place + 1
    }
}
