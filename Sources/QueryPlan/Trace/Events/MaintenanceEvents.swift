package import Catalog

/// The beginning, the end or the omission of a VACUUM of one table. A run has two: one when it starts, one when it ends.
package struct VacuumEvent: LoggedEvent {
    package enum Phase: UInt8, Hashable, Sendable { case started, finished, skipped, failed }
    package enum Kind: UInt8, Hashable, Sendable { case full, sort, delete, reindex, recluster }

    package var source: EventSource
    package var table: TableID
    package var schemaName: String
    package var tableName: String
    package var kind: Kind
    package var phase: Phase
    /// Redshift's words: `Started Delete Only`, `Skipped (sort only)`, …
    package var status: String
    package var time: Int64
    /// Stored, deleted ones included: before it in a start, after it in an end.
    package var rows: Int64
    package var sortedRows: Int64
    package var blocks: Int64
    package var deletedRows: Int64
    /// Bytes at rest that deleted rows take, by their share of the table's.
    package var reclaimableBytes: Int64
    /// Regions that were sorted: slices with rows to sort.
    package var sortPartitions: Int64
    /// Deleted rows up to this transaction can be reclaimed.
    package var cutoff: Int64

    package init(
        source: EventSource, table: TableID, schemaName: String, tableName: String, kind: Kind, phase: Phase,
        status: String, time: Int64, rows: Int64, sortedRows: Int64, blocks: Int64, deletedRows: Int64,
        reclaimableBytes: Int64, sortPartitions: Int64, cutoff: Int64
    ) {
        self.source = source
        self.table = table
        self.schemaName = schemaName
        self.tableName = tableName
        self.kind = kind
        self.phase = phase
        self.status = status
        self.time = time
        self.rows = rows
        self.sortedRows = sortedRows
        self.blocks = blocks
        self.deletedRows = deletedRows
        self.reclaimableBytes = reclaimableBytes
        self.sortPartitions = sortPartitions
        self.cutoff = cutoff
    }
}

/// An ANALYZE of one table, by the statement or by a load.
package struct AnalyzeEvent: LoggedEvent {
    package var source: EventSource
    package var table: TableID
    package var schemaName: String
    package var tableName: String
    /// `Full`; `PredicateColumn`: of some columns only; `Skipped`: too few rows had changed.
    package var status: String
    package var rows: Double
    /// Rows that have come or gone since the last one.
    package var modifiedRows: Double
    package var thresholdPercent: Int64
    /// COPY or CREATE TABLE AS has done it.
    package var isAutomatic: Bool
    package var startTime: Int64
    package var endTime: Int64
    /// Of the analyze before; 0 (2000-01-01): there was none.
    package var previousTime: Int64
    /// Columns looked at, where it was not all.
    package var columnCount: Int64

    package init(
        source: EventSource, table: TableID, schemaName: String, tableName: String, status: String, rows: Double,
        modifiedRows: Double, thresholdPercent: Int64, isAutomatic: Bool, startTime: Int64, endTime: Int64,
        previousTime: Int64, columnCount: Int64
    ) {
        self.source = source
        self.table = table
        self.schemaName = schemaName
        self.tableName = tableName
        self.status = status
        self.rows = rows
        self.modifiedRows = modifiedRows
        self.thresholdPercent = thresholdPercent
        self.isAutomatic = isAutomatic
        self.startTime = startTime
        self.endTime = endTime
        self.previousTime = previousTime
        self.columnCount = columnCount
    }
}
