package import Catalog
package import SQLTypes

/// Gives rows on their way into a table the values of its IDENTITY columns. Stands before the rows are distributed: the
/// column may be the DISTKEY, and the copies of an ALL table must agree.
///
/// Slice k of n takes seed + (k + i·n)·step for i = 0, 1, …: unique without asking anybody, not contiguous. A segment that
/// runs in one place only (`isAlone`) takes the lowest numbers that no slice has taken.
/// - Source: Redshift developer guide, "CREATE TABLE", IDENTITY.
package struct IdentityFill: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        /// In the batch; its values are replaced.
        package var column: Int
        package var type: SQLType
        package var seed: Int64
        package var step: Int64
        /// Values that are not null stay: what VALUES gave beside a DEFAULT of another row.
        package var onlyNulls: Bool

        package init(column: Int, type: SQLType, seed: Int64, step: Int64, onlyNulls: Bool) {
            self.column = column
            self.type = type
            self.seed = seed
            self.step = step
            self.onlyNulls = onlyNulls
        }
    }
    package var table: TableID
    package var columns: [Column]
    package var isAlone: Bool

    package init(table: TableID, columns: [Column], isAlone: Bool = false) {
        self.table = table
        self.columns = columns
        self.isAlone = isAlone
    }
}
