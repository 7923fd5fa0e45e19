import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_REDSHIFT_COLUMNS".
    static let svvRedshiftColumns = SystemView(
        "svv_redshift_columns",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("column_name", .identifier), Column("ordinal_position", .integer),
            Column("data_type", .varchar(length: 32)), Column("column_default", .varchar(length: 4_000)),
            Column("is_nullable", .varchar(length: 3)), Column("encoding", .identifier), Column("distkey", .boolean),
            Column("sortkey", .integer), Column("column_acl", .identifier), Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.columnsOfRelations.map { column in
            let start = column.start(state)
            let own = column.table?.columns[column.position - 1]
            return start.prefix(5) + [.text(column.type.description, max: 32), start[5]] + [
                .yesNo(column.isNullable), .text(own?.encoding.shownName ?? ""),
                .boolean(column.table.map { $0.distribution.keyColumn == column.position - 1 } ?? false),
                .int(column.table?.sortKey.ordinal(of: column.position - 1) ?? 0), .null, column.comment(state),
            ]
        }
    }
}
