import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_ALL_COLUMNS".
    static let svvAllColumns = SystemView(
        "svv_all_columns",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("column_name", .identifier), Column("ordinal_position", .integer),
            Column("column_default", .varchar(length: 4_000)), Column("is_nullable", .varchar(length: 3)),
            Column("data_type", .identifier), Column("character_maximum_length", .integer),
            Column("numeric_precision", .integer), Column("numeric_scale", .integer),
            Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.columnsOfRelations.map { column in
            let figures = TypeFigures(column.type)
            return column.start(state) + [
                .yesNo(column.isNullable), .text(column.type.plainName), .int(figures.characterLength),
                .int(figures.precision), .int(figures.scale), column.comment(state),
            ]
        }
    }
}
