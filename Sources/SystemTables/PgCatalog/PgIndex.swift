import Catalog
import SQLTypes

extension SystemView {
    /// The entries that stand for PRIMARY KEY and UNIQUE; drivers find primary keys by them.
    /// - Source: PostgreSQL 8.0, "pg_index".
    static let pgIndex = SystemView(
        catalog: "pg_index",
        [
            Column("indexrelid", .oid), Column("indrelid", .oid), Column("indkey", .catalog(.int2vector)),
            Column("indclass", .catalog(.oidvector)), Column("indnatts", .smallint), Column("indisunique", .boolean),
            Column("indisprimary", .boolean), Column("indisclustered", .boolean), Column("indexprs", .longText),
            Column("indpred", .longText),
        ],
        neutral: [
            (Column("indisvalid", .boolean), .boolean(true)), (Column("indisready", .boolean), .boolean(true)),
            (Column("indisreplident", .boolean), .boolean(false)),
            (Column("indimmediate", .boolean), .boolean(true)), (Column("indisexclusion", .boolean), .boolean(false)),
        ]
    ) { state in
        CatalogObjects(state).constraints.compactMap { constraint -> [SQLValue]? in
            guard constraint.index != 0 else { return nil }
            let columns = constraint.definition.columns
            let isPrimary = if case .primaryKey = constraint.definition { true } else { false }
            return [
                .oid(constraint.index), .int(constraint.table.id.rawValue), .vector(columns.map { $0 + 1 }),
                .vector(columns.map { _ in 0 }), .int(columns.count), .boolean(true), .boolean(isPrimary),
                .boolean(false), .null, .null,
            ]
        }
    }
}
