import SQLTypes

/// ROW_NUMBER, the ranks, PERCENT_RANK and CUME_DIST of a partition on disk.
final class SpilledRanks: SpilledWindowCall {
    private let function: String
    private let partition: SpilledPartition
    private var changes: RowChanges
    private var rank = 0
    private var denseRank = 0
    /// CUME_DIST looks ahead: where the peers of the current row end, as far as it has looked.
    private let ahead: SpilledRows
    private var aheadChanges: RowChanges
    private var aheadFlags: [Bool] = []
    private var aheadFrame = 0
    private var aheadStart = 0
    private var peerEnd = 0

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        function = call.function
        self.partition = partition
        changes = RowChanges(partition.order)
        ahead = SpilledRows(partition.rows)
        aheadChanges = changes
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let isFirst = changes.next(rows)
        let total = Double(partition.count)
        var integers: [Int] = []
        var doubles: [Double] = []
        for row in 0..<rows.count {
            if isFirst[row] {
                rank = first + row + 1
                denseRank += 1
            }
            switch function {
            case "row_number": integers.append(first + row + 1)
            case "rank": integers.append(rank)
            case "dense_rank": integers.append(denseRank)
            case "percent_rank": doubles.append(total == 1 ? 0 : Double(rank - 1) / (total - 1))
            default:
                if first + row >= peerEnd { try findPeerEnd(after: first + row) }
                doubles.append(Double(peerEnd) / total)
            }
        }
        return integers.isEmpty
            ? WindowFunctions.doubles(rows.count) { doubles[$0] }
            : WindowFunctions.integers(rows.count) { integers[$0] }
    }

    private func findPeerEnd(after row: Int) throws(SQLError) {
        var place = row + 1
        while place < partition.count {
            while place >= aheadStart + aheadFlags.count {
                aheadStart += aheadFlags.count
                aheadFlags = aheadChanges.next(try ahead.batch(aheadFrame))
                aheadFrame += 1
            }
            if aheadFlags[place - aheadStart] { break }
            place += 1
        }
        peerEnd = place
    }
}

/// NTILE of a partition on disk.
final class SpilledBuckets: SpilledWindowCall {
    private let partition: SpilledPartition
    private let column: Int

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.partition = partition
        column = partition.place(call, 0)
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let size = partition.count
        return try WindowFunctions.ntile(rows.columns[column]) { (size, first + $0) }
    }
}

/// LAG and LEAD of a partition on disk.
final class SpilledShift: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let values: SpilledRows
    private let present: PresentValues?

    init(_ call: WindowSpecification, _ partition: SpilledPartition) throws(SQLError) {
        self.call = call
        self.partition = partition
        values = SpilledRows(partition.rows)
        present = call.ignoresNulls ? try PresentValues(partition, column: partition.place(call, 0)) : nil
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let offsets = try WindowFunctions.offsets(
            call, call.arguments.count > 1 ? rows.columns[partition.place(call, 1)] : nil)
        let isLead = call.function == "lead"
        let column = partition.place(call, 0)
        let kind = partition.kind(call, 0)
        var places = [Int](repeating: -1, count: rows.count)
        guard let present else {
            for row in 0..<rows.count {
                guard let offset = offsets(row) else { continue }
                let place = first + row + (isLead ? offset : -offset)
                if place >= 0, place < partition.count { places[row] = place }
            }
            return try values.values(column, kind: kind, of: places)
        }
        let valid = WindowFunctions.validity(rows.columns[column])
        for row in 0..<rows.count {
            guard let offset = offsets(row) else { continue }
            let before = try present.lower.count(before: first + row)
            let place =
                if offset == 0 {
                    valid[row] != 0 ? before : -1
                } else {
                    isLead ? before + Int(valid[row]) + offset - 1 : before - offset
                }
            if place >= 0, place < present.values.count { places[row] = place }
        }
        return try present.values.values(0, kind: kind, of: places)
    }
}

/// FIRST_VALUE, LAST_VALUE and NTH_VALUE of a partition on disk.
final class SpilledFrameValue: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let values: SpilledRows
    private let present: PresentValues?

    init(_ call: WindowSpecification, _ partition: SpilledPartition) throws(SQLError) {
        self.call = call
        self.partition = partition
        values = SpilledRows(partition.rows)
        present = call.ignoresNulls ? try PresentValues(partition, column: partition.place(call, 0)) : nil
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let skips = try WindowFunctions.skips(call.arguments.count > 1 ? rows.columns[partition.place(call, 1)] : nil)
        let isLast = call.function == "last_value"
        let kind = partition.kind(call, 0)
        var places = [Int](repeating: -1, count: rows.count)
        for row in 0..<rows.count {
            var frame = partition.frame(of: first + row, call)
            if let present {
                guard !frame.isEmpty else { continue }
                frame =
                    try present.lower.count(before: frame.lowerBound)..<present.upper.count(before: frame.upperBound)
            }
            let place = isLast ? frame.upperBound - 1 : frame.lowerBound + skips(row)
            if frame.contains(place) { places[row] = place }
        }
        guard let present else { return try values.values(partition.place(call, 0), kind: kind, of: places) }
        return try present.values.values(0, kind: kind, of: places)
    }
}

/// The values of a column that are not null, as a run of their own, and how many of them lie before a row.
final class PresentValues {
    let values: SpilledRows
    /// For rows that move forward, each by itself.
    let lower: RunningTotals
    let upper: RunningTotals

    init(_ partition: SpilledPartition, column: Int) throws(SQLError) {
        let writer = try partition.workspace.writer()
        for frame in 0..<partition.rows.frameCount {
            let values = try partition.rows.batch(frame).columns[column]
            let kept = values.presentValues
            if kept.count > 0 { try writer.append(Batch(columns: [kept], count: kept.count)) }
        }
        values = SpilledRows(try writer.finish(), partition.workspace)
        lower = RunningTotals(partition, column: column, sums: false)
        upper = RunningTotals(partition, column: column, sums: false)
    }
}

extension Vector {
    /// Without its nulls.
    var presentValues: Vector {
        guard mayHaveNulls else { return self }
        let valid = WindowFunctions.validity(self)
        let rows = valid.indices.filter { valid[$0] != 0 }.map { UInt32(truncatingIfNeeded: $0) }
        return rows.count == count ? self : gathered(rows.span)
    }
}
