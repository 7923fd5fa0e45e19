import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// Marks rows of one table, known by row group and position, as deleted; each once, however often it comes.
struct RowDeleter {
    private let step: RowDeletion
    private let context: SliceContext
    /// The partition that the row groups belong to.
    private let slice: Int
    private var marked: DeletedRowGroups = [:]

    init(_ step: RowDeletion, _ context: SliceContext) throws(SQLError) {
        guard let table = context.version.catalog.tables[step.table],
            let store = table.distribution.effective == .all ? context.nodeStore : context.store
        else { throw SQLError.internalError("delete from table \(step.table.rawValue), which is not here") }
        self.step = step
        self.context = context
        slice = store.slice
    }

    var memoryBytes: Int { marked.count * (RowGroupDescriptor.rowCountMax / 8) }

    /// Returns which rows of the batch were not marked before, ascending. Of several matches of a row the order is
    /// undefined, and one of them counts.
    mutating func mark(_ batch: Batch) throws(SQLError) -> [UInt32] {
        let groups = batch.columns[step.rowGroup].flattened()
        let positions = batch.columns[step.position].flattened()
        guard case .flat(let groupValues) = groups.form, case .flat(let positionValues) = positions.form else {
            throw SQLError.internalError("row addresses that are no integers")
        }
        var fresh: [UInt32] = []
        fresh.reserveCapacity(batch.count)
        let numbers = UnsafeBufferPointer(start: groupValues.pointer(as: Int64.self), count: batch.count)
        let rows = UnsafeBufferPointer(start: positionValues.pointer(as: Int32.self), count: batch.count)
        var start = 0
        while start < batch.count {
            let number = numbers[start]
            // Out of the dictionary while it grows: the words are not copied.
            var deleted = marked.removeValue(forKey: number) ?? DeletedRows()
            while start < batch.count && numbers[start] == number {
                if deleted.insert(Int(rows[start])) {
                    fresh.append(UInt32(truncatingIfNeeded: start))
                } else if step.rejectsRepeats {
                    // - Source: Redshift's message.
                    throw SQLError(.cardinalityViolation, "Found multiple matches to update the same tuple.")
                }
                start += 1
            }
            marked[number] = deleted
        }
        return fresh
    }

    mutating func finish() {
        context.deleted.add(marked, of: step.table, slice: slice)
        marked = [:]
    }
}

/// DELETE: nothing is left of the rows but that they are gone.
final class DeleteSink: BatchSink {
    private var deleter: RowDeleter

    init(_ step: RowDeletion, _ context: SliceContext) throws(SQLError) { deleter = try RowDeleter(step, context) }

    var memoryBytes: Int { deleter.memoryBytes }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        _ = try deleter.mark(batch)
        return .wantsMore
    }

    func inputEnded() { deleter.finish() }
}

/// UPDATE: marks the old rows, and hands the new ones on. Of an ALL table every node marks its copy's rows, and the
/// first node's new rows are those of all.
final class DeleteOperator: BatchOperator {
    private let output: [Int]
    private let handsOn: Bool
    private var deleter: RowDeleter
    private var ready: Batch?

    init(_ step: RowDeletion, _ context: SliceContext) throws(SQLError) {
        output = step.output
        handsOn = context.version.catalog.tables[step.table]?.distribution.effective != .all || context.node == 0
        deleter = try RowDeleter(step, context)
    }

    var memoryBytes: Int { deleter.memoryBytes }

    func consume(_ batch: Batch) throws(SQLError) {
        let fresh = try deleter.mark(batch)
        guard handsOn else { return }
        let rows = Batch(columns: output.map { batch.columns[$0] }, count: batch.count)
        ready = fresh.count == batch.count ? rows : rows.gathered(fresh.span)
    }

    func produce() -> Batch? {
        defer { ready = nil }
        return ready
    }

    func inputEnded() { deleter.finish() }
}
