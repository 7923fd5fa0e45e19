import Catalog
import SQLTypes

extension SystemView {
    /// Functions, one row for each list of argument types.
    /// - Source: PostgreSQL 8.0, "information_schema.routines".
    static let informationSchemaRoutines = SystemView(
        "routines", schema: "information_schema", routineColumns
    ) { state in
        state.functions().all.map { function in
            let type = TypeListing.name(of: function.result)
            let name = SQLValue.text(function.signature.name)
            let known: [String: SQLValue] = [
                "specific_catalog": .text(state.database), "specific_schema": .text("pg_catalog"),
                "specific_name": .text("\(function.signature.name)_\(function.oid)"),
                "routine_catalog": .text(state.database), "routine_schema": .text("pg_catalog"), "routine_name": name,
                "routine_type": .text("FUNCTION"), "data_type": .text(type.shown),
                "type_udt_catalog": .text(state.database),
                "type_udt_schema": .text("pg_catalog"), "type_udt_name": .text(type.internalName),
                "dtd_identifier": .text("0"), "routine_body": .text("EXTERNAL"), "external_name": name,
                "external_language": .text("INTERNAL"), "parameter_style": .text("GENERAL"),
                "is_deterministic": .yesNo(function.volatility == .immutable), "sql_data_access": .text("MODIFIES"),
                "is_null_call": .yesNo(function.isStrict), "schema_level_routine": .yesNo(true),
                "max_dynamic_result_sets": .int(0), "security_type": .text("INVOKER"),
            ]
            return routineColumns.map { known[$0.name] ?? .null }
        }
    }

    private static let routineColumns: [Column] =
        [
            "specific_catalog", "specific_schema", "specific_name", "routine_catalog", "routine_schema", "routine_name",
            "routine_type", "module_catalog", "module_schema", "module_name", "udt_catalog", "udt_schema", "udt_name",
            "data_type",
        ].map { Column($0, .identifier) }
        + ["character_maximum_length", "character_octet_length"].map { Column($0, .integer) }
        + [
            "character_set_catalog", "character_set_schema", "character_set_name", "collation_catalog",
            "collation_schema", "collation_name",
        ].map { Column($0, .identifier) }
        + ["numeric_precision", "numeric_precision_radix", "numeric_scale", "datetime_precision"].map {
            Column($0, .integer)
        }
        + [
            "interval_type", "interval_precision", "type_udt_catalog", "type_udt_schema", "type_udt_name",
            "scope_catalog", "scope_schema", "scope_name",
        ].map { Column($0, .identifier) }
        + [Column("maximum_cardinality", .integer), Column("dtd_identifier", .identifier)]
        + ["routine_body", "routine_definition", "external_name", "external_language", "parameter_style"].map {
            Column($0, .characterData)
        }
        + ["is_deterministic", "sql_data_access", "is_null_call", "sql_path", "schema_level_routine"].map {
            Column($0, .characterData)
        }
        + [
            Column("max_dynamic_result_sets", .integer), Column("is_user_defined_cast", .characterData),
            Column("is_implicitly_invocable", .characterData), Column("security_type", .characterData),
            Column("to_sql_specific_catalog", .identifier), Column("to_sql_specific_schema", .identifier),
            Column("to_sql_specific_name", .identifier), Column("as_locator", .characterData),
        ]
}
