import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Writes rows into the table's partition on this slice, in the order of its sort key; reports the row groups, which
/// nobody sees before the leader has committed them.
final class InsertSink: BatchSink {
    private let table: TableDefinition
    private let context: SliceContext
    private let store: SliceStore
    /// nil until the first rows are written.
    private var writer: RowGroupWriter?
    /// The rows become (part of) the table's sorted region.
    private let isSorted: Bool
    private let required: [Int]
    /// Columns of CHAR and VARCHAR, and how many bytes they hold.
    private let limits: [(column: Int, length: Int)]
    /// Brings rows into the order of the sort key; nil: they are written as they come.
    private let orderer: RowOrderer?
    private var rowCount: Int64 = 0
    private var hasFinished = false
    private let isReplacing: Bool

    /// - Parameter rewrite: the rows are to replace those that the slice has; nil: they join them.
    init(_ id: TableID, rewrite: RowRewrite? = nil, _ context: SliceContext) throws(SQLError) {
        guard let table = context.version.catalog.tables[id] else {
            throw SQLError.internalError("insert into table \(id.rawValue), which is not there")
        }
        let isCopied = table.distribution.effective == .all
        guard let store = isCopied ? context.nodeStore : context.store else {
            throw SQLError.internalError("insert into \(table.name) where nothing is stored")
        }
        self.table = table
        self.context = context
        self.store = store
        isReplacing = rewrite != nil
        let key = rewrite?.sorts == false ? [] : table.sortKey.columns
        let order = key.map {
            SortOrder(column: $0, type: table.columns[$0].type, isDescending: false, nullsFirst: false)
        }
        var isInterleaved = false
        if case .interleaved = table.sortKey { isInterleaved = true }
        orderer =
            order.isEmpty
            ? nil
            : RowOrderer(
                order, isInterleaved: isInterleaved, types: table.columns.map(\.type), context.workspace())
        required = table.columns.indices.filter { !table.columns[$0].isNullable }
        limits = table.columns.enumerated().compactMap { position, column in
            switch column.type {
            case .char(let length), .varchar(let length): (position, length)
            default: nil
            }
        }
        let partitions = context.version.tables[id]?.partitions ?? []
        let isEmpty = !partitions.indices.contains(store.slice) || partitions[store.slice].isEmpty
        // Of the slices that write an ALL table's copy one only can make its sorted region.
        let isOwner = store.slice == context.slice
        isSorted = isOwner && !table.sortKey.columns.isEmpty && (rewrite?.isSorted ?? isEmpty)
    }

    deinit {
        // The statement failed before the input ended.
        if !hasFinished { writer?.abandon() }
    }

    var account: MemoryAccount? { orderer?.account }
    var spilledBytes: Int64 { orderer?.spilledBytes ?? 0 }
    var algorithm: String { orderer?.algorithm ?? "" }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        guard batch.columns.count == table.columns.count else {
            throw SQLError.internalError("\(batch.columns.count) columns for \(table.columns.count) of \(table.name)")
        }
        for column in required where batch.columns[column].containsNull {
            throw SQLError.nullInserted(column: table.columns[column].name, table: table.name)
        }
        let batch = try fitted(batch)
        rowCount += Int64(batch.count)
        if let orderer {
            try orderer.append(batch)
        } else {
            try openWriter(expectedRowCount: nil).append(batch)
        }
        return .wantsMore
    }

    /// Strings that are too long but for blanks are cut; others end the statement. An assignment knows the types only,
    /// and a table's column may be shorter than its source.
    private func fitted(_ batch: Batch) throws(SQLError) -> Batch {
        var fitted = batch
        for (column, length) in limits {
            guard let strings = batch.columns[column].fitted(to: length) else {
                throw SQLError.valueTooLong(table.columns[column].type)
            }
            fitted.columns[column] = strings
        }
        return fitted
    }

    func inputEnded() throws(SQLError) {
        if let orderer, !orderer.isEmpty {
            try orderer.finish(partRows: RowGroupDescriptor.rowCountMax) { (rows, rowCount) throws(SQLError) in
                try openWriter(expectedRowCount: rowCount).append(rows)
            }
        }
        let rowGroups = try writer?.finish() ?? []
        hasFinished = true
        context.inserted.add(
            InsertedRowGroups.Entry(table: table.id, slice: store.slice, rowGroups: rowGroups, rowCount: rowCount))
    }

    private func openWriter(expectedRowCount: Int?) throws(SQLError) -> RowGroupWriter {
        if let writer { return writer }
        let opened = try store.makeWriter(
            for: table, isSorted: isSorted, expectedRowCount: expectedRowCount, isReplacing: isReplacing,
            allowsTail: true)
        writer = opened
        return opened
    }
}

extension Vector {
    /// Unlike `mayHaveNulls`, the truth.
    var containsNull: Bool {
        guard mayHaveNulls, count > 0 else { return false }
        return withValidity { valid in valid.contains(0) }
    }

    private func withValidity<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { memory in
            if let start = memory.baseAddress { copyValidity(to: start) }
            return body(UnsafeBufferPointer(memory))
        }
    }
}

extension SQLError {
    /// - Source: Redshift's message.
    static func nullInserted(column: String, table: TableName) -> SQLError {
        SQLError(.notNullViolation, "Cannot insert a NULL value into column \(column)", detail: "Table: \(table).")
    }
}
