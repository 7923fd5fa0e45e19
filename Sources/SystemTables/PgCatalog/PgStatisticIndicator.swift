import Catalog
import SQLTypes

extension SystemView {
    /// Rows as ANALYZE counted them, and how many have come and gone since.
    /// - Source: Redshift developer guide, "PG_STATISTIC_INDICATOR".
    static let pgStatisticIndicator = SystemView(
        catalog: "pg_statistic_indicator",
        [
            Column("stairelid", .oid), Column("stairows", .real), Column("staiins", .real), Column("staidels", .real),
        ]
    ) { state in
        state.knownTables.compactMap { table -> [SQLValue]? in
            let known = state.catalog.statistics[table.id]?.rowCount
            guard let actual = state.catalog.rowCounts[table.id] else { return nil }
            let modified =
                known == nil ? ModifiedRows(inserted: actual) : state.catalog.modifiedRows[table.id] ?? ModifiedRows()
            return [
                .int(table.id.rawValue), .real(Float(known ?? 0)), .real(Float(modified.inserted)),
                .real(Float(modified.deleted)),
            ]
        }
    }
}
