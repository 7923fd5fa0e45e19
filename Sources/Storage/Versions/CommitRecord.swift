package import Catalog

/// What a transaction changes, all of it or nothing. Changes apply in their order.
package struct CommitRecord: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case createSchema(String)
        /// The schema's tables are dropped by changes of their own, before it.
        case dropSchema(String)
        /// The id comes from `ClusterStorage.reserveTableID()`.
        case createTable(TableDefinition)
        /// ALTER: the definition of the same id, rows as they are.
        case replaceTable(TableDefinition)
        case dropTable(TableID)
        /// CREATE [OR REPLACE] VIEW.
        case putView(ViewDefinition)
        case dropView(TableName)
        /// Row groups that a `RowGroupWriter` of that slice has finished. Rows of a tail join the slice's tail.
        case append(TableID, slice: Int, [RowGroupDescriptor])
        /// The slice's row groups of the table are these from now on; none: TRUNCATE. One that was there before (same
        /// number) keeps its deleted rows.
        case replace(TableID, slice: Int, [RowGroupDescriptor])
        /// Rows of the slice go, by row group. Each must still be there.
        case delete(TableID, slice: Int, DeletedRowGroups)
        /// The slice's values of the table's IDENTITY sequence are taken up to `next`, not included. It never goes back.
        case advanceIdentity(TableID, slice: Int, next: Int64)
        /// COMMENT ON; nil takes it away.
        case setComment(CommentTarget, String?)
        /// ALTER SCHEMA … RENAME: its tables and views go with it.
        case renameSchema(String, to: String)
        /// ALTER TABLE … RENAME of a view.
        case renameView(TableName, to: TableName)
        /// Tails of the slice, by number, are in data files now; their rows and deleted rows stay as they are.
        case seal(TableID, slice: Int, [RowGroupDescriptor])
        /// ALTER DATABASE … ISOLATION LEVEL.
        case setIsolation(database: String, IsolationLevel)
        /// When the table was created: microseconds since 2000-01-01 00:00:00 UTC.
        case setCreationTime(TableID, Int64)
        /// What follows in the record is of that database; empty: of the cluster's first one, as without this.
        case use(database: String)
        /// CREATE DATABASE; ALTER DATABASE for one that is there.
        case putDatabase(DatabaseDefinition)
        /// Its tables are dropped by changes of their own, before it.
        case dropDatabase(String)
        case renameDatabase(String, to: String)
        /// Of users, groups, roles, and what they may do.
        case access(AccessChange)
        /// What ANALYZE found; nil forgets it.
        case setStatistics(TableID, TableStatistics?)
        /// Of a checkpoint: rows that came and went since the table's statistics were made.
        case setModifiedRows(TableID, ModifiedRows)
        /// DECLARE, PIN and RESET STATISTICS.
        case pinStatistics(TableID, Bool)
    }

    /// Number of the transaction, for the log's reader.
    package var transaction: Int64
    package var changes: [Change]

    package init(transaction: Int64, changes: [Change]) {
        self.transaction = transaction
        self.changes = changes
    }
}
