import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL, "information_schema.sequences": there are none.
    static let informationSchemaSequences = SystemView(
        "sequences", schema: "information_schema",
        [
            Column("sequence_catalog", .identifier), Column("sequence_schema", .identifier),
            Column("sequence_name", .identifier), Column("data_type", .characterData),
            Column("numeric_precision", .integer), Column("numeric_precision_radix", .integer),
            Column("numeric_scale", .integer), Column("maximum_value", .characterData),
            Column("minimum_value", .characterData), Column("increment", .characterData),
            Column("cycle_option", .characterData),
        ]
    ) { _ in [] }
}
