/// How the rows of one table lie on the slices at one commit: the source of SHOW DISTRIBUTION, SVV_TABLE_INFO's skew_rows
/// and the assertions on skew.
///
///     DISTSTYLE   slices that hold rows               rows of the table
///     EVEN, KEY   every slice                         the sum over slices
///     ALL         the first slice of each node        those of one copy
package struct TableDistribution: Hashable, Sendable {
    package struct Slice: Hashable, Sendable {
        /// Through the whole cluster, from 0.
        package var slice: Int
        package var node: Int
        /// That queries see.
        package var rows: Int64
        /// Marked as deleted, and still stored.
        package var deletedRows: Int64
        /// At rest, without mirrors. Rows that wait in memory and in the log for their first block have neither bytes nor
        /// blocks.
        package var bytes: Int64
        package var blocks: Int64

        package init(
            slice: Int, node: Int, rows: Int64, deletedRows: Int64 = 0, bytes: Int64, blocks: Int64
        ) {
            self.slice = slice
            self.node = node
            self.rows = rows
            self.deletedRows = deletedRows
            self.bytes = bytes
            self.blocks = blocks
        }

        package var storedRows: Int64 { rows + deletedRows }
    }

    package var table: TableID
    package var style: Distribution
    package var shape: ClusterShape
    /// All slices of the cluster, those that hold nothing included, in their order.
    package var slices: [Slice]

    package init(table: TableID, style: Distribution, shape: ClusterShape, slices: [Slice]) {
        self.table = table
        self.style = style
        self.shape = shape
        self.slices = slices
    }

    /// Slices on which the style may put rows: those that the figures below speak of.
    package var holders: [Slice] {
        guard style.effective == .all else { return slices }
        return slices.filter { $0.slice % shape.slicesPerNode == 0 }
    }

    /// The table's rows, each counted once.
    package var rows: Int64 {
        style.effective == .all ? holders.first?.rows ?? 0 : slices.reduce(0) { $0 + $1.rows }
    }

    /// Of all copies together.
    package var bytes: Int64 { slices.reduce(0) { $0 + $1.bytes } }
    package var blocks: Int64 { slices.reduce(0) { $0 + $1.blocks } }
    package var deletedRows: Int64 { slices.reduce(0) { $0 + $1.deletedRows } }

    /// The holder with the most rows; of equals the first.
    package var fullest: Slice? { holders.max { $0.rows < $1.rows || ($0.rows == $1.rows && $0.slice > $1.slice) } }
    /// The holder with the fewest rows; of equals the first.
    package var emptiest: Slice? { holders.min { ($0.rows, $0.slice) < ($1.rows, $1.slice) } }
    /// Rows that each holder would have if all had the same; 0 for an empty table.
    package var meanRows: Double {
        holders.isEmpty ? 0 : Double(holders.reduce(0) { $0 + $1.rows }) / Double(holders.count)
    }

    /// Rows of the fullest slice to the mean, at least 1: how much longer a scan takes than with even slices. nil: the table
    /// is empty.
    package var imbalance: Double? {
        guard let fullest, meanRows > 0 else { return nil }
        return Double(fullest.rows) / meanRows
    }

    /// Rows stored on the fullest slice to those on the emptiest one, deleted rows counted; nil for ALL, and where a slice
    /// is empty. - Source: Redshift developer guide, "SVV_TABLE_INFO", column skew_rows.
    package var skewRows: Double? {
        guard style.effective != .all else { return nil }
        let counts = slices.map(\.storedRows)
        guard let least = counts.min(), let most = counts.max(), least > 0 else { return nil }
        return Double(most) / Double(least)
    }
}
