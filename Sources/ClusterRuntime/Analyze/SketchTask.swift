import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// What the slices are to look through for ANALYZE: sent with a segment whose only step is a scan of the same table.
struct SketchOrder: Sendable {
    var table: TableDefinition
    /// Positions in the table.
    var columns: [Int]
    /// By slice. Committed already, or written by the statement that asks.
    var partitions: [[RowGroupDescriptor]]
    /// By slice: rows that do not count.
    var deleted: [DeletedRowGroups]
    /// One value of those looked at in so many goes into the sample.
    var stride: Int
    /// One row group in so many is read; of the others only counts and zone maps are taken.
    var groupStride: Int

    /// A column of numbers whose distinct values are counted in all row groups: the distribution key, on which tables are
    /// joined and grouped. How often a key repeats cannot be seen in a few row groups.
    var countedColumn: Int? {
        guard let key = table.distribution.keyColumn, table.columns[key].type.storage.isInteger else { return nil }
        return key
    }

    /// Whether the row group is read, and whether it belongs to the first half of what is read. Of tables in order the
    /// slices have the same values at the same place: each reads other places.
    func isRead(group: Int, ofSlice slice: Int) -> (Bool, isFirstHalf: Bool) {
        let place = group + slice * max(1, groupStride / max(1, partitions.count))
        return (place % groupStride == 0, isFirstHalf: place / groupStride % 2 == 0)
    }
}

/// Sketches of a slice's rows, one for each column of the order.
typealias SliceSketch = [ColumnSketch]

/// Looks through one slice's row groups, a column at a time.
final class SketchTask: SliceWork {
    private let order: SketchOrder
    private let slice: Int
    private let groups: [RowGroupDescriptor]
    private let deleted: DeletedRowGroups
    private let store: SliceStore
    private let cancellation: CancellationFlag
    private let report: (SliceSketch) -> Void
    private var sketches: SliceSketch
    /// Row group and column that are next.
    private var group = 0
    private var column = 0
    private var trace: StepTrace

    init(_ order: SketchOrder, context: SliceContext, report: @escaping (SliceSketch) -> Void) throws(SQLError) {
        guard let store = context.store else { throw SQLError.internalError("ANALYZE on a slice without rows") }
        self.order = order
        trace = StepTrace(scanOf: order.table.id)
        self.store = store
        self.report = report
        cancellation = context.cancellation
        slice = context.slice
        groups = order.partitions[context.slice]
        deleted = context.slice < order.deleted.count ? order.deleted[context.slice] : [:]
        sketches = order.columns.map { ColumnSketch(type: order.table.columns[$0].type) }
    }

    var steps: [StepTrace] { [trace] }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        while group < groups.count {
            try cancellation.check()
            if monotonicNs() >= deadline { return .yielded }
            try lookThroughOne()
        }
        report(sketches)
        return .finished
    }

    private func lookThroughOne() throws(SQLError) {
        let descriptor = groups[group]
        let (isRead, isFirstHalf) = order.isRead(group: group, ofSlice: slice)
        if column < order.columns.count {
            let position = order.columns[column]
            let chunk = position < descriptor.chunks.count ? descriptor.chunks[position] : nil
            let gone = deleted[descriptor.number]
            let live = descriptor.rowCount - (gone?.count ?? 0)
            sketches[column].count(chunk?.zone, rowCount: descriptor.rowCount, live: live)
            if isRead || position == order.countedColumn {
                var vector = try store.column(position, of: descriptor, in: order.table)
                if let gone {
                    let rows = (0..<descriptor.rowCount).filter { !gone.contains($0) }.map(UInt32.init)
                    vector = vector.gathered(rows.span)
                }
                if isRead {
                    sketches[column].add(vector, stride: order.stride, isFirstHalf: isFirstHalf)
                } else {
                    sketches[column].countDistinct(vector)
                }
                trace.blocksRead += Int64(chunk?.blocks.count ?? 0)
            } else {
                trace.blocksSkipped += Int64(chunk?.blocks.count ?? 0)
            }
            column += 1
        }
        if column >= order.columns.count {
            trace.rowsStored += Int64(descriptor.rowCount)
            if isRead {
                trace.rowsOut += Int64(descriptor.rowCount)
                trace.rowGroupsRead.append(descriptor.number)
            }
            group += 1
            column = 0
        }
    }
}
