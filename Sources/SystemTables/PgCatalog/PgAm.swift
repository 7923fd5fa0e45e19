import Catalog
import SQLTypes

/// Access methods. The entries that stand for constraints' indexes name PostgreSQL's usual one.
enum PgAm {
    static let btree: ObjectID = 403
}

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_am".
    static let pgAm = SystemView(
        catalog: "pg_am",
        [
            Column("amname", .name), Column("amowner", .integer), Column("amstrategies", .smallint),
            Column("amsupport", .smallint), Column("amorderstrategy", .smallint), Column("amcanunique", .boolean),
            Column("amcanmulticol", .boolean), Column("amindexnulls", .boolean), Column("amconcurrent", .boolean),
        ],
        hidden: [Column("oid", .oid)], neutral: [(Column("amtype", .byte), .text("i"))]
    ) { _ in
        [
            [
                .text("btree"), .int(SystemState.systemOwner), .int(5), .int(1), .int(1), .boolean(true),
                .boolean(true),
                .boolean(true), .boolean(true), .oid(PgAm.btree),
            ]
        ]
    }
}
