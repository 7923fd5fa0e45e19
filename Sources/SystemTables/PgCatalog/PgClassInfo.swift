import Catalog
import SQLTypes

extension SystemView {
    /// pg_class, the number first among its columns. - Source: Redshift developer guide, "PG_CLASS_INFO".
    static let pgClassInfo = SystemView(
        "pg_class_info",
        [Column("reloid", .oid)] + columnsOfPgClass + [
            Column("relcreationtime", .timestamp), Column("releffectivediststyle", .integer),
        ]
    ) { state in
        CatalogObjects(state).relations.map { relation in
            var (created, style): (SQLValue, SQLValue) = (.null, .int(0))
            if case .table(let table) = relation.content {
                created = state.creationTime(of: table)
                style = .int(table.distribution.code)
            }
            return [.oid(relation.oid)] + row(of: relation, state) + [created, style]
        }
    }
}
