import Catalog
import SQLTypes

extension SystemView {
    /// Columns of interleaved sort keys. How skewed their values are was not measured.
    /// - Source: Redshift developer guide, "SVV_INTERLEAVED_COLUMNS".
    static let svvInterleavedColumns = SystemView(
        meetingUserTables: "svv_interleaved_columns",
        [
            Column("tbl", .integer), Column("col", .integer),
            Column("interleaved_skew", .decimal(precision: 19, scale: 2)), Column("last_reindex", .timestamp),
        ]
    ) { state in
        state.tables.flatMap { table -> [[SQLValue]] in
            guard case .interleaved(let columns) = table.sortKey else { return [] }
            return columns.map { [.int(table.id.rawValue), .int($0), .null, .null] }
        }
    }
}
