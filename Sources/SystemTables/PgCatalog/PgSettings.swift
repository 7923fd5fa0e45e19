import Catalog
import SQLTypes

extension SystemView {
    /// The session's parameters. - Source: PostgreSQL 8.0, "pg_settings".
    static let pgSettings = SystemView(
        "pg_settings",
        [
            Column("name", .longText), Column("setting", .longText), Column("category", .longText),
            Column("short_desc", .longText), Column("extra_desc", .longText), Column("context", .longText),
            Column("vartype", .longText), Column("source", .longText), Column("min_val", .longText),
            Column("max_val", .longText),
        ]
    ) { state in
        state.settings.map { setting in
            [
                .text(setting.name), .text(setting.value), .text("Client Connection Defaults"), .text(""), .null,
                .text(setting.isChangeable ? "user" : "internal"), .text(setting.type),
                .text(setting.isStandard ? "default" : "session"), .text(setting.minimum), .text(setting.maximum),
            ]
        }
    }
}
