package import SQLTypes

/// Passes on the rows for which the predicate is true; unknown counts as false. Same columns, same order.
package final class FilterOperator: BatchOperator {
    private let predicate: ExpressionEvaluator
    private let compactor = RowCompactor()
    private var mask = RowMask()
    private var output: Batch?

    package init(_ predicate: ExpressionEvaluator) { self.predicate = predicate }

    package func consume(_ batch: Batch) throws(SQLError) {
        mask.reset(count: batch.count)
        try predicate.filter(batch, into: &mask)
        output = compactor.keep(mask, of: batch)
    }

    package func produce() -> Batch? {
        defer { output = nil }
        return output
    }

    package func inputEnded() {}
}

/// Picks the rows of a mask out of batches; its memory is reused.
package final class RowCompactor {
    private let rows = Scratch<UInt32>()

    package init() {}

    /// nil if no row is kept; the batch itself if all are.
    package func keep(_ mask: RowMask, of batch: Batch) -> Batch? {
        let count = mask.writeSelection(to: rows.reserve(batch.count))
        guard count > 0 else { return nil }
        guard count < batch.count else { return batch }
        return batch.gathered(
            Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows.pointer), count: count)))
    }
}
