package import SQLTypes

/// Each input row with each saved row, where the condition is true. Batch out: input columns, then (inner, left) saved
/// columns. Types: inner, left, semi, anti.
package final class NestedLoopOperator: BatchOperator {
    private let saved: Batch
    private let type: JoinType
    private let condition: ExpressionEvaluator?
    private let probeRows = Scratch<UInt32>()
    private let savedRows = Scratch<UInt32>()
    private let matched = Scratch<UInt8>()
    private var mask = RowMask()
    private var batch: Batch?
    /// The next pair.
    private var row = 0
    private var savedRow = 0

    package init(
        saved: SavedRows, kinds: [StorageKind], type: JoinType, condition: ExpressionEvaluator?
    ) throws(SQLError) {
        guard type != .right && type != .full && type != .nullAwareAnti else {
            throw SQLError.internalError("a nested loop of kind \(type)")
        }
        guard saved.rowCount < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows in a nested loop")
        }
        self.saved = Batch.concatenated(saved.batches, kinds: kinds)
        self.type = type
        self.condition = condition
    }

    /// 1 for each row of the last batch that has met a saved row; valid when `produce` has returned nil.
    var matchedRows: UnsafePointer<UInt8> { UnsafePointer(matched.pointer) }
    package var isSatisfied: Bool { saved.count == 0 && (type == .inner || type == .semi) }

    package func consume(_ batch: Batch) {
        guard batch.count > 0 else { return }
        self.batch = batch
        row = 0
        savedRow = 0
        matched.reserve(batch.count).update(repeating: 0, count: batch.count)
    }

    package func produce() throws(SQLError) -> Batch? {
        while let batch {
            if row == batch.count || saved.count == 0 {
                self.batch = nil
                if let output = rowsWithoutPairs(of: batch) { return output }
            } else {
                return try nextPairs(batch) ?? .stillWorking
            }
        }
        return nil
    }

    package func inputEnded() {}

    private func nextPairs(_ batch: Batch) throws(SQLError) -> Batch? {
        let probe = probeRows.reserve(Batch.targetRows)
        let other = savedRows.reserve(Batch.targetRows)
        var count = 0
        while row < batch.count && count < Batch.targetRows {
            let run = Swift.min(saved.count - savedRow, Batch.targetRows - count)
            for index in 0..<run {
                probe[count + index] = UInt32(truncatingIfNeeded: row)
                other[count + index] = UInt32(truncatingIfNeeded: savedRow + index)
            }
            count += run
            savedRow += run
            if savedRow == saved.count {
                savedRow = 0
                row += 1
            }
        }
        let pairs = combined(batch, count)
        guard let condition else { return keep(pairs, count) }
        mask.reset(count: count)
        try condition.filter(pairs, into: &mask)
        var kept = 0
        mask.withBytes { (mask: UnsafeBufferPointer<UInt8>) in
            for pair in 0..<count where mask[pair] != 0 {
                matched.pointer[Int(probe[pair])] = 1
                probe[kept] = probe[pair]
                other[kept] = other[pair]
                kept += 1
            }
        }
        guard kept > 0, type == .inner || type == .left else { return nil }
        return kept == count ? pairs : combined(batch, kept)
    }

    private func keep(_ pairs: Batch, _ count: Int) -> Batch? {
        for pair in 0..<count { matched.pointer[Int(probeRows.pointer[pair])] = 1 }
        return type == .inner || type == .left ? pairs : nil
    }

    private func combined(_ batch: Batch, _ count: Int) -> Batch {
        let probe = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(probeRows.pointer), count: count))
        let other = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(savedRows.pointer), count: count))
        let columns = batch.columns.map { $0.gathered(probe) } + saved.columns.map { $0.gathered(other) }
        return Batch(columns: columns, count: count)
    }

    /// All pairs of the batch have been tried: rows of a semi join that matched, of a left or anti join that did not.
    private func rowsWithoutPairs(of batch: Batch) -> Batch? {
        guard type != .inner else { return nil }
        let wanted: UInt8 = type == .semi ? 1 : 0
        let rows = probeRows.reserve(batch.count)
        var count = 0
        for row in 0..<batch.count {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += matched.pointer[row] == wanted ? 1 : 0
        }
        guard count > 0 else { return nil }
        let picked = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows), count: count))
        var columns = count == batch.count ? batch.columns : batch.columns.map { $0.gathered(picked) }
        if type == .left { columns += saved.columns.map { .nulls(kind: $0.kind, count: count) } }
        return Batch(columns: columns, count: count)
    }
}
