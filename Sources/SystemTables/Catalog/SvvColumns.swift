import Catalog
import SQLTypes

extension SystemView {
    /// Columns of tables and views. - Source: Redshift developer guide, "SVV_COLUMNS".
    static let svvColumns = SystemView(
        "svv_columns",
        [
            Column("table_catalog", .name), Column("table_schema", .name), Column("table_name", .name),
            Column("column_name", .name), Column("ordinal_position", .integer),
            Column("column_default", .varchar(length: 4_000)), Column("is_nullable", .varchar(length: 3)),
            Column("data_type", .varchar(length: 128)), Column("character_maximum_length", .integer),
            Column("numeric_precision", .integer), Column("numeric_precision_radix", .integer),
            Column("numeric_scale", .integer), Column("datetime_precision", .integer),
            Column("interval_type", .varchar(length: 128)), Column("interval_precision", .varchar(length: 128)),
            Column("character_set_catalog", .varchar(length: 128)),
            Column("character_set_schema", .varchar(length: 128)),
            Column("character_set_name", .varchar(length: 128)), Column("collation_catalog", .varchar(length: 128)),
            Column("collation_schema", .varchar(length: 128)), Column("collation_name", .varchar(length: 128)),
            Column("domain_name", .varchar(length: 128)), Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.columnsOfRelations.map { column in
            let figures = TypeFigures(column.type)
            return column.start(state) + [
                .yesNo(column.isNullable), .text(column.type.plainName), .int(figures.characterLength),
                .int(figures.precision), .int(figures.radix), .int(figures.scale), .int(figures.datetimePrecision),
                .null, .null, .null, .null, .null, .null, .null, .null, .null, column.comment(state),
            ]
        }
    }
}
