import Catalog
import SQLTypes

// What is here and what external catalogs have: so far the first alone.

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_ALL_SCHEMAS".
    static let svvAllSchemas = SystemView(
        "svv_all_schemas",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .identifier), Column("schema_acl", .identifier),
            Column("source_database", .identifier), Column("schema_option", .varchar(length: 256)),
        ]
    ) { state in
        state.ownSchemas.map { schema in
            [
                .text(state.database), .text(schema), .int(state.owner(ofSchema: schema)), .text("local"),
                state.privileges(ofSchema: schema), .null, .null,
            ]
        }
    }

    /// - Source: Redshift developer guide, "SVV_ALL_TABLES".
    static let svvAllTables = SystemView(
        "svv_all_tables",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_acl", .identifier), Column("table_type", .identifier),
            Column("remarks", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                state.privileges(of: relation.name), .text(relation.isView ? "VIEW" : "TABLE"),
                state.comment(relation, max: 128),
            ]
        }
    }

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
