import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.triggers": there are none.
    static let informationSchemaTriggers = SystemView(
        "triggers", schema: "information_schema",
        [
            Column("trigger_catalog", .identifier), Column("trigger_schema", .identifier),
            Column("trigger_name", .identifier), Column("event_manipulation", .characterData),
            Column("event_object_catalog", .identifier), Column("event_object_schema", .identifier),
            Column("event_object_table", .identifier), Column("action_order", .integer),
            Column("action_condition", .characterData), Column("action_statement", .characterData),
            Column("action_orientation", .characterData), Column("condition_timing", .characterData),
            Column("condition_reference_old_table", .identifier), Column("condition_reference_new_table", .identifier),
        ]
    ) { _ in [] }
}
