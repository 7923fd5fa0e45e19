import Catalog
import SQLTypes

enum PgTablespace {
    static let standard: ObjectID = 1663
}

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_tablespace".
    static let pgTablespace = SystemView(
        catalog: "pg_tablespace",
        [
            Column("spcname", .name), Column("spcowner", .integer), Column("spclocation", .longText),
            Column("spcacl", .array(.aclitem)),
        ], hidden: [Column("oid", .oid)]
    ) { _ in
        [
            [.text("pg_default"), .int(SystemState.systemOwner), .text(""), .null, .oid(PgTablespace.standard)],
            [.text("pg_global"), .int(SystemState.systemOwner), .text(""), .null, .int(1664)],
        ]
    }
}
