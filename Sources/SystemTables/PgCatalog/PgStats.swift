import Catalog
import SQLTypes

extension SystemView {
    /// What ANALYZE knows of columns; values as text. - Source: PostgreSQL 8.0, "pg_stats".
    static let pgStats = SystemView(
        "pg_stats",
        [
            Column("schemaname", .name), Column("tablename", .name), Column("attname", .name),
            Column("null_frac", .real), Column("avg_width", .integer), Column("n_distinct", .real),
            Column("most_common_vals", .array(.text)), Column("most_common_freqs", .array(.real)),
            Column("histogram_bounds", .array(.text)), Column("correlation", .real),
        ]
    ) { state in
        state.knownTables.flatMap { table -> [[SQLValue]] in
            guard let statistics = state.catalog.statistics[table.id] else { return [] }
            return zip(table.columns, statistics.columns).compactMap { column, known in
                // Values of a column are told to those who may read it, as it is.
                guard state.mayRead(table.id, column.name) else { return nil }
                return known.map { row(table.name, column, $0, rows: statistics.rowCount) }
            }
        }
    }

    private static func row(
        _ table: TableName, _ column: ColumnDefinition, _ known: ColumnStatistics, rows: Double
    ) -> [SQLValue] {
        // Where the number grows with the table it is told as a share of the rows, below zero.
        let isShare = rows > 0 && known.distinctCount > 0.1 * rows
        let distinct = isShare ? -min(1, known.distinctCount / rows) : known.distinctCount
        func list(_ values: [SQLValue]) -> SQLValue {
            values.isEmpty
                ? .null
                : .string(ArrayText.text(elements: values.map { $0.text(as: column.type) }, of: .array(.text)))
        }
        let frequencies = known.mostCommon.map { "\(Float($0.fraction))" }.joined(separator: ",")
        return [
            .text(table.schema), .text(table.name), .text(column.name), .real(Float(known.nullFraction)),
            .int(Int(max(0, min(known.averageWidth, 1e9)).rounded())), .real(Float(distinct)),
            list(known.mostCommon.map(\.value)),
            known.mostCommon.isEmpty ? .null : .text("{\(frequencies)}"), list(known.histogram), .null,
        ]
    }
}
