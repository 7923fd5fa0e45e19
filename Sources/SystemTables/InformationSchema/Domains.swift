import Catalog
import SQLTypes

extension SystemView {
    /// Redshift has no domains. - Source: PostgreSQL 8.0, "information_schema.domains".
    static let informationSchemaDomains = SystemView(
        "domains", schema: "information_schema",
        [
            Column("domain_catalog", .identifier), Column("domain_schema", .identifier),
            Column("domain_name", .identifier), Column("data_type", .characterData),
            Column("character_maximum_length", .integer), Column("numeric_precision", .integer),
            Column("numeric_scale", .integer), Column("domain_default", .characterData),
            Column("udt_catalog", .identifier), Column("udt_schema", .identifier), Column("udt_name", .identifier),
        ]
    ) { _ in [] }
}
