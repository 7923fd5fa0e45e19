import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_REDSHIFT_DATABASES".
    static let svvRedshiftDatabases = SystemView(
        "svv_redshift_databases",
        [
            Column("database_name", .identifier), Column("database_owner", .integer),
            Column("database_type", .varchar(length: 32)), Column("database_acl", .identifier),
            Column("database_options", .identifier), Column("database_isolation_level", .identifier),
        ]
    ) { state in
        state.allDatabases.map { database in
            [
                .text(database.name), .int(database.owner.rawValue), .text("local"),
                state.privileges(ofDatabase: database.name),
                .null, .text(state.catalog.isolation(of: database.name).rawValue),
            ]
        }
    }

    /// - Source: Redshift developer guide, "SVV_REDSHIFT_SCHEMAS".
    static let svvRedshiftSchemas = SystemView(
        "svv_redshift_schemas",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .varchar(length: 16)), Column("schema_acl", .identifier),
            Column("schema_option", .identifier),
        ]
    ) { state in
        state.ownSchemas.map { schema in
            [
                .text(state.database), .text(schema), .int(state.owner(ofSchema: schema)), .text("local"),
                state.privileges(ofSchema: schema), .null,
            ]
        }
    }

    /// - Source: Redshift developer guide, "SVV_REDSHIFT_TABLES".
    static let svvRedshiftTables = SystemView(
        "svv_redshift_tables",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_type", .identifier), Column("table_acl", .identifier),
            Column("remarks", .identifier), Column("table_owner", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                .text(relation.isView ? "VIEW" : "TABLE"), state.privileges(of: relation.name),
                state.comment(relation, max: 128), .text(state.userName(state.owner(of: relation))),
            ]
        }
    }

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

    /// Functions that users made. - Source: Redshift developer guide, "SVV_REDSHIFT_FUNCTIONS".
    static let svvRedshiftFunctions = SystemView(
        "svv_redshift_functions",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("function_name", .identifier), Column("function_type", .identifier),
            Column("argument_type", .varchar(length: 512)), Column("result_type", .identifier),
        ]
    ) { _ in [] }
}
