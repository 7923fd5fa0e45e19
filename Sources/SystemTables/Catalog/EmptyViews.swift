import Catalog
import SQLTypes

/// Views of what there is none of: external schemas, materialized views, recommendations, models. Drivers join them.
/// - Source: Redshift developer guide, the pages of these names.
enum EmptyViews {
    static let all: [SystemView] = [
        SystemView(
            "svv_external_schemas",
            [
                column("esoid", .oid), column("eskind", .smallint), column("schemaname", .name),
                column("esowner", .integer), column("databasename", .longText), column("esoptions", .longText),
            ]
        ) { _ in [] },
        SystemView(
            "svv_external_databases",
            [
                column("eskind", .integer), column("esoptions", .longText), column("databasename", .longText),
                column("location", .longText), column("parameters", .longText),
            ]
        ) { _ in [] },
        SystemView(
            "svv_external_tables",
            [
                column("redshift_database_name", .identifier), column("schemaname", .identifier),
                column("tablename", .identifier), column("tabletype", .longText), column("location", .longText),
                column("input_format", .longText), column("output_format", .longText),
                column("serialization_lib", .longText), column("serde_parameters", .longText),
                column("compressed", .integer), column("parameters", .longText),
            ]
        ) { _ in [] },
        SystemView(
            "svv_external_columns",
            [
                column("redshift_database_name", .identifier), column("schemaname", .identifier),
                column("tablename", .identifier), column("columnname", .identifier),
                column("external_type", .longText), column("columnnum", .integer), column("part_key", .integer),
                column("is_nullable", .longText),
            ]
        ) { _ in [] },
        SystemView(
            "svv_external_partitions",
            [
                column("schemaname", .longText), column("tablename", .longText), column("values", .longText),
                column("location", .longText), column("input_format", .longText), column("output_format", .longText),
                column("serialization_lib", .longText), column("serde_parameters", .longText),
                column("compressed", .integer), column("parameters", .longText),
            ]
        ) { _ in [] },
        SystemView(
            "svv_mv_info",
            [
                column("database_name", .char(length: 128)), column("schema_name", .char(length: 128)),
                column("user_name", .char(length: 128)), column("name", .char(length: 128)),
                column("is_stale", .char(length: 1)), column("state", .integer),
                column("autorefresh", .char(length: 1)), column("autorewrite", .char(length: 1)),
            ]
        ) { _ in [] },
        SystemView(
            "stv_mv_info",
            [
                column("db_name", .char(length: 128)), column("schema", .char(length: 128)),
                column("name", .char(length: 128)), column("updated_upto_xid", .bigint),
                column("is_stale", .char(length: 1)), column("owner_user_name", .char(length: 128)),
                column("state", .integer), column("autorefresh", .char(length: 1)),
                column("autorewrite", .char(length: 1)),
            ]
        ) { _ in [] },
        SystemView(
            meetingUserTables: "svv_alter_table_recommendations",
            [
                column("type", .char(length: 30)), column("database", .char(length: 128)),
                column("table_id", .integer), column("group_id", .integer), column("ddl", .char(length: 1_024)),
                column("auto_eligible", .char(length: 1)),
            ]
        ) { _ in [] },
        SystemView(
            "stv_tbl_trans",
            [
                column("slice", .integer), column("id", .integer), column("rows", .bigint), column("size", .bigint),
                column("query_id", .bigint), column("ref_cnt", .integer), column("from_suspended", .integer),
                column("prep_swap", .integer),
            ]
        ) { _ in [] },
    ]

    private static func column(_ name: String, _ type: SQLType) -> SystemView.Column { .init(name, type) }
}
