package import SQLTypes

/// What ANALYZE knew of a table; the planner sees nothing else. All counts are of the moment of the ANALYZE.
package struct TableStatistics: Hashable, Sendable {
    package var rowCount: Double
    /// By column position; nil for a column that was not analysed.
    package var columns: [ColumnStatistics?]

    package init(rowCount: Double, columns: [ColumnStatistics?]) {
        self.rowCount = rowCount
        self.columns = columns
    }

    /// Counts and widths only.
    package var withoutValues: TableStatistics {
        TableStatistics(
            rowCount: rowCount,
            columns: columns.map { known in
                known.map {
                    ColumnStatistics(
                        distinctCount: $0.distinctCount, nullFraction: $0.nullFraction, averageWidth: $0.averageWidth,
                        minimum: nil, maximum: nil)
                }
            })
    }
}

package struct ColumnStatistics: Hashable, Sendable {
    package struct CommonValue: Hashable, Sendable {
        package var value: SQLValue
        /// Share of all rows, nulls included: 0...1.
        package var fraction: Double
        package init(value: SQLValue, fraction: Double) {
            self.value = value
            self.fraction = fraction
        }
    }
    /// Distinct non-null values.
    package var distinctCount: Double
    /// 0...1.
    package var nullFraction: Double
    /// Bytes of a value as Redshift prints widths: 4 for INTEGER, the mean length for strings.
    package var averageWidth: Double
    /// Ends of the range of non-null values; nil if there is none.
    package var minimum: SQLValue?
    package var maximum: SQLValue?
    /// Most frequent first; values that stand out only.
    package var mostCommon: [CommonValue]
    /// Bounds of equally filled buckets of the values that are not in `mostCommon`, ascending; empty if unknown.
    package var histogram: [SQLValue]

    package init(
        distinctCount: Double, nullFraction: Double, averageWidth: Double, minimum: SQLValue?, maximum: SQLValue?,
        mostCommon: [CommonValue] = [], histogram: [SQLValue] = []
    ) {
        self.distinctCount = distinctCount
        self.nullFraction = nullFraction
        self.averageWidth = averageWidth
        self.minimum = minimum
        self.maximum = maximum
        self.mostCommon = mostCommon
        self.histogram = histogram
    }
}
