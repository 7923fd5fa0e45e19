import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_shadow". Superusers see it only.
    static let pgShadow = SystemView(
        catalog: "pg_shadow",
        [
            Column("usename", .name), Column("usesysid", .integer), Column("usecreatedb", .boolean),
            Column("usesuper", .boolean), Column("usecatupd", .boolean), Column("passwd", .longText),
            Column("valuntil", .longText), Column("useconfig", .array(.text)),
        ]
    ) { state in
        state.users.map { rowOfPgUser($0) }
    }
}
