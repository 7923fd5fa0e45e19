import Catalog
import SQLTypes

extension SystemView {
    static let showColumns = SystemView(
        "show_columns", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("column_name", .identifier), Column("ordinal_position", .integer),
            Column("column_default", .varchar(length: 4_000)), Column("is_nullable", .varchar(length: 3)),
            Column("data_type", .identifier), Column("character_maximum_length", .integer),
            Column("numeric_precision", .integer), Column("numeric_scale", .integer),
            Column("remarks", .varchar(length: 256)), Column("sort_key_type", .identifier),
            Column("sort_key", .integer), Column("dist_key", .integer), Column("encoding", .identifier),
            Column("collation", .identifier),
        ]
    ) { state in
        state.columnsOfRelations.map { column in
            let figures = TypeFigures(column.type)
            let (position, table) = (column.position - 1, column.table)
            let kind: SQLValue =
                switch table?.sortKey {
                case .compound?: .text("COMPOUND")
                case .interleaved?: .text("INTERLEAVED")
                case .auto?: .text("AUTO")
                case SortKey.none?, nil: .null
                }
            let place = table?.sortKey.columns.firstIndex(of: position)
            return column.start(state) + [
                .yesNo(column.isNullable), .text(column.type.plainName), .int(figures.characterLength),
                .int(figures.precision), .int(figures.scale), column.comment(state), place == nil ? .null : kind,
                .int(place.map { $0 + 1 }), table.map { .int($0.distribution.keyColumn == position ? 1 : 0) } ?? .null,
                .text(table?.columns[position].encoding.shownName), column.type.isString ? .text("default") : .null,
            ]
        }
    }
}
