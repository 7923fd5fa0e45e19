import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Reads the slice's share of a table.
///
///     row group   zone maps rule it out                     nothing is read
///     blocks      zone maps rule them out                   their rows are not looked at
///     rows        filter on the columns it names            in batches, on the vectors as stored
///     output      other columns are read                    when the first row of the row group has passed
///
/// Rows that pass are gathered from the row group's vectors until there are enough for a batch; where all rows of a
/// batch pass, the batch is a slice of those vectors, and nothing is copied.
final class TableScanSource: BatchSource, TracedStep {
    private let scan: TableScan
    private let table: TableDefinition
    private let store: SliceStore
    private let groups: [RowGroupDescriptor]
    private let deleted: DeletedRowGroups
    private let slice: Int
    private let filter: ExpressionEvaluator?
    /// Positions in `scan.columns`.
    private let filterColumns: [Int]
    private var position = 0
    private var cursor: RowGroupCursor?
    private var mask = RowMask()
    /// Rows of the current row group that have passed and wait for more.
    private var passed: [UInt32] = []
    /// By column of the scan, blocks of the current row group of which rows were looked at.
    private var touched: [Set<Int>] = []

    private var blocksRead: Int64 = 0
    private var blocksTotal: Int64 = 0
    private var rowGroupsRead: [Int64] = []

    init(_ scan: TableScan, _ context: SliceContext) throws(SQLError) {
        guard let table = context.version.catalog.tables[scan.table] else {
            throw SQLError.internalError("scan of table \(scan.table.rawValue), which is not there")
        }
        let isShared = scan.share != .ownPartition
        guard let store = isShared ? context.nodeStore : context.store else {
            throw SQLError.internalError("scan of \(table.name) where nothing is stored")
        }
        self.scan = scan
        self.table = table
        self.store = store
        groups = TableScanSource.share(scan, store, context)
        deleted = context.version.tables[scan.table]?.deleted[store.slice] ?? [:]
        slice = context.slice
        if let predicate = scan.filter {
            filter = try ExpressionCompiler.evaluator(predicate, context.evaluation)
            filterColumns = predicate.columns
        } else {
            filter = nil
            filterColumns = []
        }
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
            cursor = RowGroupCursor(group, scan)
            cursor?.attach(deleted: deleted[group.number], slice: slice)
            touched = scan.columns.map { _ in [] }
        }
        while let rows = cursor?.nextRows() {
            if let batch = try batch(of: rows) { return .batch(batch) }
        }
        let rest = try flush()
        finishGroup()
        return .batch(rest ?? Batch(columns: [], count: 0))
    }

    /// Looks at the rows; a batch if enough have passed by now.
    private func batch(of rows: Range<Int>) throws(SQLError) -> Batch? {
        let deleted = cursor?.deleted(in: rows)
        guard filter != nil || deleted != nil else {
            touch(scan.output, rows)
            return try wholeRows(rows)
        }
        var columns = scan.types.map { Vector.nulls(kind: $0.storage, count: rows.count) }
        for column in filterColumns { columns[column] = try vector(column).slice(rows) }
        touch(filterColumns, rows)
        mask.reset(count: rows.count)
        // First of all, so that no predicate is computed of a deleted row and fails on it.
        if let deleted { mask.withMutableBytes { deleted.clear($0, first: rows.lowerBound) } }
        if let filter { try filter.filter(Batch(columns: columns, count: rows.count), into: &mask) }
        if passed.isEmpty && rows.count == Batch.targetRows && mask.keepsAll {
            touch(scan.output, rows)
            return try wholeRows(rows)
        }
        let first = UInt32(truncatingIfNeeded: rows.lowerBound)
        mask.withBytes { (mask: UnsafeBufferPointer<UInt8>) in
            for row in mask.indices where mask[row] != 0 { passed.append(first + UInt32(truncatingIfNeeded: row)) }
        }
        return passed.count >= Batch.targetRows ? try flush() : nil
    }

    private func wholeRows(_ rows: Range<Int>) throws(SQLError) -> Batch {
        var columns: [Vector] = []
        for column in scan.output { columns.append(try vector(column).slice(rows)) }
        return Batch(columns: columns, count: rows.count)
    }

    private func flush() throws(SQLError) -> Batch? {
        guard !passed.isEmpty else { return nil }
        var columns: [Vector] = []
        for column in scan.output { columns.append(try vector(column).gathered(passed.span)) }
        touchPassed()
        let count = passed.count
        passed.removeAll(keepingCapacity: true)
        return Batch(columns: columns, count: count)
    }

    private func vector(_ column: Int) throws(SQLError) -> Vector {
        guard var own = cursor else { throw SQLError.internalError("a column of no row group") }
        let vector = try own.vector(column, scan, table, store)
        cursor = own
        return vector
    }

    // MARK: Figures

    private func blocks(_ column: Int) -> [BlockDescriptor] {
        guard let group = cursor?.group, group.chunks.indices.contains(scan.columns[column]) else { return [] }
        return group.chunks[scan.columns[column]].blocks
    }

    private func touch(_ columns: [Int], _ rows: Range<Int>) {
        for column in columns {
            for (index, block) in blocks(column).enumerated()
            where block.firstRow < rows.upperBound && rows.lowerBound < block.firstRow + block.rowCount {
                touched[column].insert(index)
            }
        }
    }

    private func touchPassed() {
        guard let first = passed.first, let last = passed.last else { return }
        for column in scan.output {
            let blocks = blocks(column)
            if blocks.count <= 1 {
                touch([column], Int(first)..<Int(last) + 1)
                continue
            }
            var index = 0
            for row in passed {
                while index < blocks.count && Int(row) >= blocks[index].firstRow + blocks[index].rowCount { index += 1 }
                if index < blocks.count { touched[column].insert(index) }
            }
        }
    }

    private func finishGroup() {
        guard let group = cursor?.group else { return }
        var read = 0
        for column in scan.columns.indices {
            blocksTotal += Int64(blocks(column).count)
            read += touched[column].count
        }
        blocksRead += Int64(read)
        if read > 0 { rowGroupsRead.append(group.number) }
        cursor = nil
    }

    func addFigures(to trace: inout StepTrace) {
        trace.blocksRead = blocksRead
        trace.blocksSkipped = blocksTotal - blocksRead
        trace.rowsStored = groups.reduce(0) { $0 + Int64($1.rowCount) }
        trace.rowGroupsRead = rowGroupsRead
    }
}
