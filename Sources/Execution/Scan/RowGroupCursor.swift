import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// One row group in a scan: which of its rows zone maps leave, its columns once they are wanted, and what has been
/// touched.
struct RowGroupCursor {
    let group: RowGroupDescriptor
    /// Rows that may match, ascending, not adjoining; as far as the scan has come, the first may be cut.
    private(set) var ranges: [Range<Int>]
    /// By position in the scan's columns; nil: not loaded yet.
    private(set) var vectors: [Vector?]
    /// The scan's filter is true for all rows, as far as zone maps know.
    private(set) var matchesFilter = false
    /// nil: none is.
    private(set) var deleted: DeletedRows?
    /// Where the scan runs.
    private var slice = 0

    init(_ group: RowGroupDescriptor, _ scan: TableScan, _ keyFilters: [ScanKeyFilter]) {
        self.group = group
        vectors = scan.columns.map { _ in nil }
        ranges = group.rowCount > 0 ? [0..<group.rowCount] : []
        let chunks = group.chunks
        // Not the scan as a whole, which a closure would copy for every question that is asked of it.
        let stored = scan.columns
        func chunk(_ column: Int) -> ChunkDescriptor? {
            let position = stored[column]
            return chunks.indices.contains(position) ? chunks[position] : nil
        }
        for filter in keyFilters where !filter.mayMatch(chunk(filter.column)?.zone, scan.types[filter.column]) {
            ranges = []
            return
        }
        for filter in keyFilters {
            guard let blocks = chunk(filter.column)?.blocks, blocks.count > 1 else { continue }
            for block in blocks where !filter.mayMatch(block.zone, scan.types[filter.column]) {
                remove(block.firstRow..<block.firstRow + block.rowCount)
            }
        }
        guard let filter = scan.filter else { return }
        guard ZoneFilter.mayMatch(filter, { chunk($0)?.zone }) else {
            ranges = []
            return
        }
        matchesFilter = ZoneFilter.mustMatch(filter) { chunk($0)?.zone }
        if matchesFilter || !chunks.contains(where: { $0.blocks.count > 1 }) { return }
        for term in ZoneFilter.conjuncts(filter) {
            guard let column = term.columns.first, term.columns.count == 1, let blocks = chunk(column)?.blocks,
                blocks.count > 1
            else { continue }
            for block in blocks where !ZoneFilter.mayMatch(term, { $0 == column ? block.zone : nil }) {
                remove(block.firstRow..<block.firstRow + block.rowCount)
            }
        }
    }

    /// What only the version and the place of the scan tell.
    mutating func attach(deleted: DeletedRows?, slice: Int) {
        self.slice = slice
        self.deleted = deleted
        if deleted?.count == group.rowCount { ranges = [] }
    }

    /// The deleted rows if there are any in the range.
    func deleted(in rows: Range<Int>) -> DeletedRows? {
        guard let deleted, deleted.hasAny(in: rows) else { return nil }
        return deleted
    }

    /// A column that no table stores.
    private func vector(_ column: SystemColumn) -> Vector {
        let count = group.rowCount
        switch column {
        case .rowGroup: return .constant(.integer(group.number), kind: .int64, count: count)
        case .slice: return .constant(.integer(Int64(slice)), kind: .int32, count: count)
        case .position:
            let rows = Buffer(count: count, of: Int32.self) { target in
                for row in target.indices { target[row] = Int32(truncatingIfNeeded: row) }
            }
            return Vector(kind: .int32, count: count, form: .flat(rows))
        }
    }

    private mutating func remove(_ rows: Range<Int>) {
        ranges = ranges.flatMap { range -> [Range<Int>] in
            guard range.overlaps(rows) else { return [range] }
            var left: [Range<Int>] = []
            if range.lowerBound < rows.lowerBound { left.append(range.lowerBound..<rows.lowerBound) }
            if rows.upperBound < range.upperBound { left.append(rows.upperBound..<range.upperBound) }
            return left
        }
    }

    /// The next rows to look at, at most `limit`.
    mutating func nextRows(_ limit: Int) -> Range<Int>? {
        guard let first = ranges.first else { return nil }
        let end = min(first.lowerBound + limit, first.upperBound)
        if end == first.upperBound { ranges.removeFirst() } else { ranges[0] = end..<first.upperBound }
        return first.lowerBound..<end
    }

    mutating func vector(
        _ column: Int, _ scan: TableScan, _ table: TableDefinition, _ store: SliceStore
    ) throws(SQLError) -> Vector {
        if let vector = vectors[column] { return vector }
        if let system = SystemColumn(rawValue: scan.columns[column]) {
            let vector = vector(system)
            vectors[column] = vector
            return vector
        }
        let vector = try store.column(scan.columns[column], of: group, in: table)
        guard vector.count == group.rowCount else {
            throw SQLError.internalError("\(vector.count) rows in row group \(group.number) of \(group.rowCount)")
        }
        vectors[column] = vector
        return vector
    }
}
