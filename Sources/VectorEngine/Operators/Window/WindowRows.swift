import SQLTypes

/// Where partitions and groups of peers begin and end, of rows that are sorted by both.
struct WindowRows {
    let count: Int
    /// For each row: the first row of its partition, and the row after its last.
    let partitionStart: [Int]
    let partitionEnd: [Int]
    /// The same of the rows that ORDER BY does not tell apart.
    let peerStart: [Int]
    let peerEnd: [Int]

    /// Rows whose keys are looked at in one go: only neighbours are compared.
    private static let pieceRows = 1 << 16

    /// - Parameter checkpoint: called now and then; throws if the query is over.
    init(
        _ batch: Batch, partition: [SortOrder], order: [SortOrder], checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) {
        count = batch.count
        var partitionStart = [Int](repeating: 0, count: count)
        var peerStart = partitionStart
        for piece in stride(from: 0, to: count, by: WindowRows.pieceRows) {
            try checkpoint()
            // With the row before.
            let first = Swift.max(piece - 1, 0)
            let end = Swift.min(piece + WindowRows.pieceRows, count)
            func keys(_ order: [SortOrder]) -> [SortKeyColumn] {
                order.map { SortKeyColumn(batch.columns[$0.column].slice(first..<end), $0, usesRanks: false) }
            }
            let (outer, inner) = (keys(partition), keys(order))
            for row in first + 1..<end {
                let own = row - first
                let isSamePartition = outer.allSatisfy { $0.compare(own, $0, own - 1) == 0 }
                partitionStart[row] = isSamePartition ? partitionStart[row - 1] : row
                let isPeer = isSamePartition && inner.allSatisfy { $0.compare(own, $0, own - 1) == 0 }
                peerStart[row] = isPeer ? peerStart[row - 1] : row
            }
        }
        self.partitionStart = partitionStart
        self.peerStart = peerStart
        partitionEnd = WindowRows.ends(of: partitionStart)
        peerEnd = WindowRows.ends(of: peerStart)
    }

    private static func ends(of starts: [Int]) -> [Int] {
        var result = starts
        var end = starts.count
        for row in starts.indices.reversed() {
            result[row] = end
            if starts[row] == row { end = row }
        }
        return result
    }

    /// Rows of the frame of each row; empty ones lie inside the partition.
    func frames(from start: Int64?, to end: Int64?) -> [Range<Int>] {
        (0..<count).map { row in
            WindowRows.frame(of: row, from: start, to: end, in: partitionStart[row]..<partitionEnd[row])
        }
    }

    static func frame(of row: Int, from start: Int64?, to end: Int64?, in partition: Range<Int>) -> Range<Int> {
        let (low, high) = (partition.lowerBound, partition.upperBound)
        // Offsets may be larger than any table.
        let first = start.map { clamped(row, $0, low, high) } ?? low
        let past = end.map { $0 == .max ? high : clamped(row, $0 + 1, low, high) } ?? high
        return first..<Swift.max(first, past)
    }

    private static func clamped(_ row: Int, _ offset: Int64, _ low: Int, _ high: Int) -> Int {
        let (place, overflow) = Int64(row).addingReportingOverflow(offset)
        if overflow { return offset < 0 ? low : high }
        return Int(Swift.min(Swift.max(place, Int64(low)), Int64(high)))
    }
}
