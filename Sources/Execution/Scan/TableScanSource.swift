import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Reads the slice's share of a table.
///
///     row group   zone maps rule it out                     nothing is read
///     blocks      zone maps rule them out                   their rows are not looked at
///     rows        filter on the columns it names            thousands at a time, on the vectors as stored
///                 keys that later joins do not have         of those that are left
///     output      other columns are read                    when the first row of the row group has passed
///
/// Rows that pass are gathered from the row group's vectors until there are enough for a batch; where they follow one
/// another without a gap, the batch is a slice of those vectors, and nothing is copied.
final class TableScanSource: BatchSource, TracedStep {
    /// Rows that a filter looks at in one go: their mask and what is computed of them stay in the cache.
    private static let filterRows = 16_384

    private let scan: TableScan
    private let table: TableDefinition
    private let store: SliceStore
    private let groups: [RowGroupDescriptor]
    private let deleted: DeletedRowGroups
    private let slice: Int
    private let measures = !TraceSwitch.isOff
    private let filter: ExpressionEvaluator?
    /// Positions in `scan.columns`.
    private let filterColumns: [Int]
    private var keyFilters: [ScanKeyFilter]
    private var position = 0
    private var cursor: RowGroupCursor?
    private var mask = RowMask()
    /// Rows of the current row group that have passed and wait for more.
    private let selection = RowSelection()
    /// Of the current row group.
    private var touches: BlockTouches?

    private var blocksRead: Int64 = 0
    private var blocksTotal: Int64 = 0
    private var rowGroupsRead: [Int64] = []
    private var rowsPreFilter: Int64 = 0
    private var rowsDeleted: Int64 = 0

    /// - Parameter filter: evaluates `scan.filter`.
    init(
        _ scan: TableScan, _ context: SliceContext, filter: ExpressionEvaluator?, keyFilters: [ScanKeyFilter] = []
    ) throws(SQLError) {
        guard let table = context.version.definition(of: scan.table) else {
            throw SQLError.internalError("scan of table \(scan.table.rawValue), which is not there")
        }
        let isShared = scan.share != .ownPartition
        guard let store = isShared ? context.nodeStore : context.store else {
            throw SQLError.internalError("scan of \(table.name) where nothing is stored")
        }
        self.scan = scan
        self.keyFilters = keyFilters
        self.table = table
        self.store = store
        groups = TableScanSource.share(scan, store, context)
        deleted = context.version.tables[scan.table]?.deleted[store.slice] ?? [:]
        slice = context.slice
        self.filter = filter
        filterColumns = scan.filter?.columns ?? []
    }

    /// The slices of a node divide a copy in turn: row group i belongs to local slice i mod n.
    private static func share(_ scan: TableScan, _ store: SliceStore, _ context: SliceContext) -> [RowGroupDescriptor] {
        let partitions = context.version.tables[scan.table]?.partitions ?? []
        guard partitions.indices.contains(store.slice) else { return [] }
        let all = partitions[store.slice]
        if scan.share == .ownPartition { return all }
        if scan.share == .oneCopy && context.node != 0 { return [] }
        let own = context.localSlice
        return all.indices.filter { $0 % context.shape.slicesPerNode == own }.map { all[$0] }
    }

    func next() throws(SQLError) -> SourceResult {
        if cursor == nil {
            guard position < groups.count else { return .ended }
            let group = groups[position]
            position += 1
            cursor = RowGroupCursor(group, scan, keyFilters)
            cursor?.attach(deleted: deleted[group.number], slice: slice)
            touches = measures ? BlockTouches(group, columns: scan.columns) : nil
        }
        if selection.count >= Batch.targetRows { return .batch(try takeRows()) }
        let isPlain = activeFilter == nil && !keyFilters.contains(where: \.pays)
        if let rows = cursor?.nextRows(isPlain ? Batch.targetRows : TableScanSource.filterRows) {
            let deleted = cursor?.deleted(in: rows)
            rowsPreFilter += Int64(rows.count)
            if let deleted { rowsDeleted += Int64(deleted.count(in: rows)) }
            if isPlain && deleted == nil && selection.count == 0 { return .batch(try wholeRows(rows)) }
            try select(rows, except: deleted)
            if selection.count >= Batch.targetRows { return .batch(try takeRows()) }
            return .batch(Batch(columns: [], count: 0))
        }
        if selection.count > 0 { return .batch(try takeRows()) }
        finishGroup()
        return .batch(Batch(columns: [], count: 0))
    }

    /// nil: none, or none that a row of the current row group fails.
    private var activeFilter: ExpressionEvaluator? { cursor?.matchesFilter == true ? nil : filter }

    /// Adds those of the rows that pass to the selection.
    private func select(_ rows: Range<Int>, except deleted: DeletedRows?) throws(SQLError) {
        let start = selection.count
        var next = keyFilters.startIndex
        if activeFilter == nil, deleted == nil, let first = keyFilters.firstIndex(where: \.pays) {
            let column = keyFilters[first].column
            let left = selection.append(rows, where: keyFilters[first].keys, passes: try vector(column).slice(rows))
            touch([column], rows)
            keyFilters[first].note(asked: rows.count, passed: left)
            next = first + 1
        } else {
            try appendFiltered(rows, except: deleted)
        }
        for index in keyFilters[next...].indices where keyFilters[index].pays && selection.count > start {
            let column = keyFilters[index].column
            let asked = selection.count - start
            let left = selection.keep(
                from: start, first: rows.lowerBound, where: keyFilters[index].keys,
                passes: try vector(column).slice(rows))
            touch([column], rows)
            keyFilters[index].note(asked: asked, passed: left)
        }
    }

    private func appendFiltered(_ rows: Range<Int>, except deleted: DeletedRows?) throws(SQLError) {
        mask.reset(count: rows.count)
        // First of all, so that no predicate is computed of a deleted row and fails on it.
        if let deleted { mask.withMutableBytes { deleted.clear($0, first: rows.lowerBound) } }
        if let filter = activeFilter {
            var columns = scan.types.map { Vector.nulls(kind: $0.storage, count: rows.count) }
            for column in filterColumns { columns[column] = try vector(column).slice(rows) }
            touch(filterColumns, rows)
            try filter.filter(Batch(columns: columns, count: rows.count), into: &mask)
        }
        selection.append(mask, first: rows.lowerBound)
    }

    private func wholeRows(_ rows: Range<Int>) throws(SQLError) -> Batch {
        touch(scan.output, rows)
        var columns: [Vector] = []
        columns.reserveCapacity(scan.output.count)
        for column in scan.output { columns.append(try vector(column).slice(rows)) }
        return Batch(columns: columns, count: rows.count)
    }

    /// A batch of the rows selected, or the rest of them.
    private func takeRows() throws(SQLError) -> Batch {
        let rows = selection.take(Batch.targetRows)
        guard let first = rows.first, let last = rows.last else { return Batch(columns: [], count: 0) }
        if Int(last - first) + 1 == rows.count { return try wholeRows(Int(first)..<Int(last) + 1) }
        touch(scan.output, rows)
        var columns: [Vector] = []
        columns.reserveCapacity(scan.output.count)
        for column in scan.output { columns.append(try vector(column).gathered(Span(_unsafeElements: rows))) }
        return Batch(columns: columns, count: rows.count)
    }

    private func vector(_ column: Int) throws(SQLError) -> Vector {
        if let known = cursor?.vectors[column] { return known }
        guard var own = cursor else { throw SQLError.internalError("a column of no row group") }
        cursor = nil
        defer { cursor = own }
        return try own.vector(column, scan, table, store)
    }

    // MARK: Figures

    private func touch(_ columns: [Int], _ rows: Range<Int>) { touches?.touch(columns, rows) }

    /// `rows` ascending.
    private func touch(_ columns: [Int], _ rows: UnsafeBufferPointer<UInt32>) { touches?.touch(columns, rows) }

    private func finishGroup() {
        guard let group = cursor?.group else { return }
        let read = touches?.touchedCount ?? 0
        blocksTotal += Int64(touches?.blockCount ?? 0)
        blocksRead += Int64(read)
        if read > 0 { rowGroupsRead.append(group.number) }
        cursor = nil
        selection.removeAll()
    }

    func addFigures(to trace: inout StepTrace) {
        trace.blocksRead = blocksRead
        trace.blocksSkipped = blocksTotal - blocksRead
        if !keyFilters.isEmpty { trace.algorithm = "runtime filter" }
        trace.rowsPreFilter = rowsPreFilter
        trace.rowsPreUserFilter = rowsPreFilter - rowsDeleted
        trace.rowsStored = groups.reduce(0) { $0 + Int64($1.rowCount) }
        trace.rowGroupsRead = rowGroupsRead
    }
}
