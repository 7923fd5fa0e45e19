import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL, "information_schema.character_sets".
    static let informationSchemaCharacterSets = SystemView(
        "character_sets", schema: "information_schema",
        [
            Column("character_set_catalog", .identifier), Column("character_set_schema", .identifier),
            Column("character_set_name", .identifier), Column("character_repertoire", .identifier),
            Column("form_of_use", .identifier), Column("default_collate_catalog", .identifier),
            Column("default_collate_schema", .identifier), Column("default_collate_name", .identifier),
        ]
    ) { _ in
        [[.null, .null, .text("UTF8"), .text("UCS"), .text("UTF8"), .null, .null, .null]]
    }
}
