import Catalog
import SQLTypes

enum PgLanguage {
    static let internalLanguage: ObjectID = 12
}

extension SystemView {
    /// What functions are written in: so far all are built in. - Source: PostgreSQL 8.0, "pg_language".
    static let pgLanguage = SystemView(
        catalog: "pg_language",
        [
            Column("lanname", .name), Column("lanispl", .boolean), Column("lanpltrusted", .boolean),
            Column("lanplcallfoid", .oid), Column("lanvalidator", .oid), Column("lanacl", .array(.aclitem)),
        ], hidden: [Column("oid", .oid)], neutral: [(Column("lanowner", .integer), .int(SystemState.systemOwner))]
    ) { _ in
        [
            [
                .text("internal"), .boolean(false), .boolean(false), .int(0), .int(0), .null,
                .oid(PgLanguage.internalLanguage),
            ]
        ]
    }
}
