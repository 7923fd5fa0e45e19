import Catalog
import SQLTypes

extension SystemView {
    /// USAGE is on domains there. - Source: PostgreSQL 8.0, "information_schema.usage_privileges".
    static let informationSchemaUsagePrivileges = SystemView(
        "usage_privileges", schema: "information_schema",
        [
            Column("grantor", .identifier), Column("grantee", .identifier), Column("object_catalog", .identifier),
            Column("object_schema", .identifier), Column("object_name", .identifier),
            Column("object_type", .characterData), Column("privilege_type", .characterData),
            Column("is_grantable", .characterData),
        ]
    ) { _ in [] }
}
