import Catalog
import SQLTypes

extension SystemView {
    /// No table has a column of an array. - Source: PostgreSQL 8.0, "information_schema.element_types".
    static let informationSchemaElementTypes = SystemView(
        "element_types", schema: "information_schema",
        [
            Column("object_catalog", .identifier), Column("object_schema", .identifier),
            Column("object_name", .identifier), Column("object_type", .characterData),
            Column("array_type_identifier", .identifier), Column("data_type", .characterData),
            Column("udt_catalog", .identifier), Column("udt_schema", .identifier), Column("udt_name", .identifier),
            Column("dtd_identifier", .identifier),
        ]
    ) { _ in [] }
}
