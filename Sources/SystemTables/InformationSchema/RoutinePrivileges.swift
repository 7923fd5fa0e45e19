import Catalog
import SQLTypes

extension SystemView {
    /// Built-in functions are everybody's without a grant. - Source: PostgreSQL 8.0, "information_schema.routine_privileges".
    static let informationSchemaRoutinePrivileges = SystemView(
        "routine_privileges", schema: "information_schema",
        [
            Column("grantor", .identifier), Column("grantee", .identifier), Column("specific_catalog", .identifier),
            Column("specific_schema", .identifier), Column("specific_name", .identifier),
            Column("routine_catalog", .identifier), Column("routine_schema", .identifier),
            Column("routine_name", .identifier), Column("privilege_type", .characterData),
            Column("is_grantable", .characterData),
        ]
    ) { _ in [] }
}
