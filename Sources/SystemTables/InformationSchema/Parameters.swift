import Catalog
import SQLTypes

extension SystemView {
    /// Arguments of functions, which have no names.
    /// - Source: PostgreSQL 8.0, "information_schema.parameters".
    static let informationSchemaParameters = SystemView(
        "parameters", schema: "information_schema", parameterColumns
    ) { state in
        state.functions().all.flatMap { function in
            function.signature.arguments.enumerated().map { place, argument in
                let type = TypeListing.name(of: argument)
                let known: [String: SQLValue] = [
                    "specific_catalog": .text(state.database), "specific_schema": .text("pg_catalog"),
                    "specific_name": .text("\(function.signature.name)_\(function.oid)"),
                    "ordinal_position": .int(place + 1), "parameter_mode": .text("IN"), "is_result": .yesNo(false),
                    "as_locator": .yesNo(false), "data_type": .text(type.shown), "udt_catalog": .text(state.database),
                    "udt_schema": .text("pg_catalog"), "udt_name": .text(type.internalName),
                    "dtd_identifier": .text(String(place + 1)),
                ]
                return parameterColumns.map { known[$0.name] ?? .null }
            }
        }
    }

    private static let parameterColumns: [Column] =
        ["specific_catalog", "specific_schema", "specific_name"].map { Column($0, .identifier) }
        + [Column("ordinal_position", .integer)]
        + ["parameter_mode", "is_result", "as_locator", "parameter_name", "data_type"].map {
            Column($0, .characterData)
        }
        + ["character_maximum_length", "character_octet_length"].map { Column($0, .integer) }
        + [
            "character_set_catalog", "character_set_schema", "character_set_name", "collation_catalog",
            "collation_schema", "collation_name",
        ].map { Column($0, .identifier) }
        + ["numeric_precision", "numeric_precision_radix", "numeric_scale", "datetime_precision"].map {
            Column($0, .integer)
        }
        + [
            "interval_type", "interval_precision", "udt_catalog", "udt_schema", "udt_name", "scope_catalog",
            "scope_schema", "scope_name",
        ].map { Column($0, .identifier) }
        + [Column("maximum_cardinality", .integer), Column("dtd_identifier", .identifier)]
}
