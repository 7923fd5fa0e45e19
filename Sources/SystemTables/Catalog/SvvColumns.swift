import Catalog
import SQLTypes

extension SystemView {
    private static let columns: [Column] = [
        Column("table_catalog", .name), Column("table_schema", .name), Column("table_name", .name),
        Column("column_name", .name), Column("ordinal_position", .integer),
        Column("column_default", .varchar(length: 4_000)),
        Column("is_nullable", .varchar(length: 3)), Column("data_type", .varchar(length: 128)),
        Column("character_maximum_length", .integer), Column("numeric_precision", .integer),
        Column("numeric_precision_radix", .integer), Column("numeric_scale", .integer),
        Column("datetime_precision", .integer),
    ]

    /// The columns that the documentation lists between `datetime_precision` and `remarks` are always null, and left
    /// out.
    /// - Source: Redshift developer guide, "SVV_COLUMNS".
    static let svvColumns = SystemView(
        "svv_columns", columns + [Column("remarks", .varchar(length: 256))]
    ) { state in
        rows(state)
    }

    static let informationSchemaColumns = SystemView("columns", schema: "information_schema", columns) { state in
        rows(state).map { Array($0.dropLast()) }
    }

    /// With the remark at the end.
    private static func rows(_ state: SystemState) -> [[SQLValue]] {
        let tables = state.ownTables.flatMap { table -> [[SQLValue]] in
            table.columns.enumerated().map { position, column -> [SQLValue] in
                let name: [SQLValue] = [
                    .text(state.database), .text(table.name.schema), .text(table.name.name), .text(column.name),
                    .int(position + 1), column.defaultText.map { .text($0, max: 4_000) } ?? .null,
                    .text(column.isNullable ? "YES" : "NO"),
                ]
                let comment = state.catalog.comments[.column(table.id, column.name)]
                return name + [.text(column.type.plainName)] + figures(of: column.type)
                    + [comment.map { .text($0, max: 256) } ?? .null]
            }
        }
        return tables + viewRows(state)
    }

    /// A late-binding view's columns are not known before it is used.
    private static func viewRows(_ state: SystemState) -> [[SQLValue]] {
        state.ownViews.flatMap { view -> [[SQLValue]] in
            view.columns.enumerated().map { position, column -> [SQLValue] in
                let name: [SQLValue] = [
                    .text(state.database), .text(view.name.schema), .text(view.name.name), .text(column.name),
                    .int(position + 1), .null, .text("YES"),
                ]
                return name + [.text(column.type.plainName)] + figures(of: column.type) + [.null]
            }
        }
    }

    /// Length, precision, radix, scale, precision of date and time.
    private static func figures(of type: SQLType) -> [SQLValue] {
        switch type {
        case .char(let length), .varchar(let length): [.int(length), .null, .null, .null, .null]
        case .smallint: [.null, .int(16), .int(2), .int(0), .null]
        case .integer: [.null, .int(32), .int(2), .int(0), .null]
        case .bigint: [.null, .int(64), .int(2), .int(0), .null]
        case .decimal(let precision, let scale): [.null, .int(precision), .int(10), .int(scale), .null]
        case .real: [.null, .int(24), .int(2), .null, .null]
        case .double: [.null, .int(53), .int(2), .null, .null]
        case .time, .timetz, .timestamp, .timestamptz: [.null, .null, .null, .null, .int(6)]
        default: [.null, .null, .null, .null, .null]
        }
    }
}

extension SQLType {
    /// Without length or precision.
    var plainName: String { String(description.prefix { $0 != "(" }) }
}
