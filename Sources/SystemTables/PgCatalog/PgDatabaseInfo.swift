import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "PG_DATABASE_INFO".
    static let pgDatabaseInfo = SystemView(
        "pg_database_info",
        [Column("datid", .oid)] + columnsOfPgDatabase + [
            Column("datconnlimit", .longText)
        ]
    ) { state in
        rowsOfPgDatabase(state).map { row in [row.last ?? .null] + row.dropLast() + [.text("UNLIMITED")] }
    }
}
