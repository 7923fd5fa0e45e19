import Catalog
import SQLTypes

extension SystemView {
    /// Columns of tables, views and the system's own. - Source: PostgreSQL 8.0, "information_schema.columns".
    static let informationSchemaColumns = SystemView(
        "columns", schema: "information_schema",
        [
            Column("table_catalog", .identifier), Column("table_schema", .identifier),
            Column("table_name", .identifier), Column("column_name", .identifier), Column("ordinal_position", .integer),
            Column("column_default", .varchar(length: 4_000)), Column("is_nullable", .characterData),
            Column("data_type", .characterData), Column("character_maximum_length", .integer),
            Column("character_octet_length", .integer), Column("numeric_precision", .integer),
            Column("numeric_precision_radix", .integer), Column("numeric_scale", .integer),
            Column("datetime_precision", .integer), Column("interval_type", .characterData),
            Column("interval_precision", .characterData), Column("character_set_catalog", .identifier),
            Column("character_set_schema", .identifier), Column("character_set_name", .identifier),
            Column("collation_catalog", .identifier), Column("collation_schema", .identifier),
            Column("collation_name", .identifier), Column("domain_catalog", .identifier),
            Column("domain_schema", .identifier), Column("domain_name", .identifier),
            Column("udt_catalog", .identifier), Column("udt_schema", .identifier), Column("udt_name", .identifier),
            Column("scope_catalog", .identifier), Column("scope_schema", .identifier),
            Column("scope_name", .identifier),
            Column("maximum_cardinality", .integer), Column("dtd_identifier", .identifier),
            Column("is_self_referencing", .characterData),
        ]
    ) { state in
        state.columnsOfRelations.map { column in
            let figures = TypeFigures(column.type)
            let type: [SQLValue] = [
                .yesNo(column.isNullable), .text(column.type.plainName), .int(figures.characterLength),
                .int(figures.octetLength), .int(figures.precision), .int(figures.radix), .int(figures.scale),
                .int(figures.datetimePrecision),
            ]
            return column.start(state) + type + Array(repeating: .null, count: 11) + [
                .text(state.database), .text("pg_catalog"), .text(column.type.postgreSQL.name), .null, .null, .null,
                .null, .text(String(column.position)), .text("NO"),
            ]
        }
    }
}

/// A column with the relation that it is of: what the views of columns are made from.
struct ColumnOfRelation {
    var relation: TableName
    var table: TableDefinition?
    /// From 1.
    var position: Int
    var name: String
    var type: SQLType
    var isNullable = true
    var defaultText: String?

    /// Catalog, schema, table, name, position, default: how all of them begin.
    func start(_ state: SystemState) -> [SQLValue] {
        [
            .text(state.database), .text(relation.schema), .text(relation.name), .text(name), .int(position),
            defaultText.map { .text($0, max: 4_000) } ?? .null,
        ]
    }

    func comment(_ state: SystemState) -> SQLValue {
        guard let table, let text = state.catalog.comments[.column(table.id, name)] else { return .null }
        return .text(text, max: 256)
    }
}

extension SystemState {
    /// Of tables, then of views, then of the system. A late-binding view's columns are not known before it is used.
    var columnsOfRelations: [ColumnOfRelation] { columnsOfUserRelations + Self.columnsOfSystemRelations }

    var columnsOfUserRelations: [ColumnOfRelation] {
        let tables = knownTables.flatMap { table in
            table.columns.enumerated().map { position, column in
                ColumnOfRelation(
                    relation: table.name, table: table, position: position + 1, name: column.name, type: column.type,
                    isNullable: column.isNullable,
                    defaultText: column.defaultExpression(table: table.id, position: position))
            }
        }
        let views = knownViews.flatMap { view in
            view.columns.enumerated().map { position, column in
                ColumnOfRelation(relation: view.name, position: position + 1, name: column.name, type: column.type)
            }
        }
        return tables + views
    }

    private static let columnsOfSystemRelations: [ColumnOfRelation] = SystemViews.all.flatMap { view in
        view.definition.columns.filter { !$0.isHidden }.enumerated().map { position, column in
            ColumnOfRelation(
                relation: view.definition.name, position: position + 1, name: column.name, type: column.type)
        }
    }
}
