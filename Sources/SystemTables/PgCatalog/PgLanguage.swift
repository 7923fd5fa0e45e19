import Catalog
import SQLTypes

enum PgLanguage {
    static let internalLanguage: ObjectID = 12
    /// With the numbers of PostgreSQL 8.0; those of the last two are given out when they are created there.
    static let all: [(name: String, oid: ObjectID, isProcedural: Bool)] = [
        ("internal", internalLanguage, false), ("c", 13, false), ("sql", 14, false), ("plpgsql", 10_130, true),
        ("plpythonu", 10_131, true),
    ]
}

extension SystemView {
    /// What functions can be written in, and USAGE be granted on; all that there are so far are built in.
    /// - Source: PostgreSQL 8.0, "pg_language"; Redshift developer guide, "GRANT".
    static let pgLanguage = SystemView(
        catalog: "pg_language",
        [
            Column("lanname", .name), Column("lanispl", .boolean), Column("lanpltrusted", .boolean),
            Column("lanplcallfoid", .oid), Column("lanvalidator", .oid), Column("lanacl", .array(.aclitem)),
        ], hidden: [Column("oid", .oid)], neutral: [(Column("lanowner", .integer), .int(SystemState.systemOwner))]
    ) { _ in
        PgLanguage.all.map { language in
            [
                .text(language.name), .boolean(language.isProcedural),
                .boolean(["sql", "plpgsql"].contains(language.name)),
                .int(0), .int(0), .null, .oid(language.oid),
            ]
        }
    }
}
