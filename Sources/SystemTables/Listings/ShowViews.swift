import Catalog
import SQLTypes

/// What SHOW DATABASES, SHOW TABLES and their kin list: each statement is a query of one of these. Their schema is one
/// that nobody looks into.
/// - Source: Redshift developer guide, the pages of the statements.
extension SystemView {
    static let showDatabases = SystemView(
        "show_databases", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("database_owner", .integer),
            Column("database_type", .varchar(length: 32)), Column("database_acl", .identifier),
            Column("parameters", .identifier), Column("database_isolation_level", .identifier),
        ]
    ) { state in
        svvRedshiftDatabases.rows(state)
    }

    static let showSchemas = SystemView(
        "show_schemas", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier), Column("schema_owner", .integer),
            Column("schema_type", .identifier), Column("schema_acl", .identifier),
            Column("source_database", .identifier), Column("schema_option", .varchar(length: 256)),
        ]
    ) { state in
        svvAllSchemas.rows(state)
    }

    static let showTables = SystemView(
        "show_tables", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_type", .identifier), Column("table_acl", .identifier),
            Column("remarks", .identifier), Column("owner", .identifier), Column("last_altered_time", .timestamp),
            Column("last_modified_time", .timestamp), Column("dist_style", .identifier),
            Column("table_subtype", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            var (style, subtype) = (SQLValue.null, relation.isView ? "REGULAR VIEW" : "REGULAR TABLE")
            if case .table(let id)? = relation.target, let table = state.catalog.tables[id] {
                style = .text(table.distribution.text(table.columns), max: 128)
            } else if case .view(let name)? = relation.target, state.catalog.views[name]?.columns.isEmpty == true {
                subtype = "LATE BINDING VIEW"
            }
            return [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                .text(relation.isView ? "VIEW" : "TABLE"), state.privileges(of: relation.name),
                state.comment(relation, max: 128), .text(state.userName(state.owner(of: relation))), .null, .null,
                style,
                .text(subtype),
            ]
        }
    }

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

    static let showPrimaryKeys = SystemView(
        "show_primary_keys", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("pk_name", .identifier), Column("column_name", .identifier),
            Column("key_seq", .smallint),
        ]
    ) { state in
        CatalogObjects(state).constraints.flatMap { constraint -> [[SQLValue]] in
            guard case .primaryKey(_, let columns) = constraint.definition else { return [] }
            let table = constraint.table
            return columns.enumerated().compactMap { place, column in
                guard table.columns.indices.contains(column) else { return nil }
                return [
                    .text(state.database), .text(table.name.schema), .text(table.name.name), .text(constraint.name),
                    .text(table.columns[column].name), .int(place + 1),
                ]
            }
        }
    }

    /// As JDBC's imported keys; 3 and 7 are its numbers for "no action" and "not deferrable".
    static let showForeignKeys = SystemView(
        "show_foreign_keys", schema: "pg_internal",
        [
            Column("pk_database_name", .identifier), Column("pk_schema_name", .identifier),
            Column("pk_table_name", .identifier), Column("pk_column_name", .identifier),
            Column("fk_database_name", .identifier), Column("fk_schema_name", .identifier),
            Column("fk_table_name", .identifier), Column("fk_column_name", .identifier), Column("key_seq", .smallint),
            Column("fk_name", .identifier), Column("pk_name", .identifier), Column("update_rule", .smallint),
            Column("delete_rule", .smallint), Column("deferrability", .smallint),
        ]
    ) { state in
        let constraints = CatalogObjects(state).constraints
        let keys = Dictionary(grouping: constraints.filter(\.definition.isKey), by: \.table.id)
        return constraints.flatMap { constraint -> [[SQLValue]] in
            guard case .foreignKey(_, let columns, let id, let referenced) = constraint.definition,
                let target = state.catalog.tables[id]
            else { return [] }
            let key = keys[id]?.first { Set($0.definition.columns) == Set(referenced) }
            return zip(columns, referenced).enumerated().compactMap { place, pair in
                guard target.columns.indices.contains(pair.1), constraint.table.columns.indices.contains(pair.0) else {
                    return nil
                }
                return [
                    .text(state.database), .text(target.name.schema), .text(target.name.name),
                    .text(target.columns[pair.1].name), .text(state.database), .text(constraint.table.name.schema),
                    .text(constraint.table.name.name), .text(constraint.table.columns[pair.0].name), .int(place + 1),
                    .text(constraint.name), .text(key?.name), .int(3), .int(3), .int(7),
                ]
            }
        }
    }

    static let showFunctions = SystemView(
        "show_functions", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("function_name", .identifier), Column("number_of_arguments", .integer),
            Column("argument_list", .varchar(length: 512)), Column("return_type", .identifier),
            Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.functions().all.map { function in
            let arguments = function.signature.arguments.map { TypeListing.name(of: $0).shown }
            return [
                .text(state.database), .text("pg_catalog"), .text(function.signature.name), .int(arguments.count),
                .text(arguments.joined(separator: ", "), max: 512), .text(TypeListing.name(of: function.result).shown),
                .null,
            ]
        }
    }

    /// There are none.
    static let showProcedures = SystemView(
        "show_procedures", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("procedure_name", .identifier), Column("number_of_arguments", .integer),
            Column("argument_list", .varchar(length: 512)), Column("return_type", .identifier),
            Column("remarks", .varchar(length: 256)),
        ]
    ) { _ in [] }
}
