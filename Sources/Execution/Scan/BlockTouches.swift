import Storage

/// Which blocks of a row group a scan has looked at, for the trace. Asked for every batch: plain numbers, made of the
/// descriptors once.
struct BlockTouches {
    /// Column c of the scan has the blocks `firstBlock[c] ..< firstBlock[c + 1]`.
    private var firstBlock: [Int] = [0]
    /// By block, the row behind its last one.
    private var endRow: [Int] = []
    private var isTouched: [Bool]

    /// - Parameter columns: of the table, or below 0 those that no table stores.
    init(_ group: RowGroupDescriptor, columns: [Int]) {
        firstBlock.reserveCapacity(columns.count + 1)
        for column in columns {
            if group.chunks.indices.contains(column) {
                for block in group.chunks[column].blocks { endRow.append(block.firstRow + block.rowCount) }
            }
            firstBlock.append(endRow.count)
        }
        isTouched = [Bool](repeating: false, count: endRow.count)
    }

    var blockCount: Int { endRow.count }
    var touchedCount: Int { isTouched.count(where: \.self) }

    mutating func touch(_ columns: [Int], _ rows: Range<Int>) {
        guard !rows.isEmpty else { return }
        for column in columns {
            let (start, end) = (firstBlock[column], firstBlock[column + 1])
            guard end - start > 1 else {
                if end > start { isTouched[start] = true }
                continue
            }
            for block in start..<end where endRow[block] > rows.lowerBound {
                let firstRow = block == start ? 0 : endRow[block - 1]
                if firstRow >= rows.upperBound { break }
                isTouched[block] = true
            }
        }
    }

    /// `rows` ascending.
    mutating func touch(_ columns: [Int], _ rows: UnsafeBufferPointer<UInt32>) {
        guard let first = rows.first, let last = rows.last else { return }
        for column in columns {
            let (start, end) = (firstBlock[column], firstBlock[column + 1])
            guard end - start > 1 else {
                if end > start { isTouched[start] = true }
                continue
            }
            for block in start..<end where !isTouched[block] && endRow[block] > Int(first) {
                let firstRow = block == start ? 0 : endRow[block - 1]
                if firstRow > Int(last) { break }
                isTouched[block] = BlockTouches.hasRow(from: firstRow, to: endRow[block], rows)
            }
        }
    }

    /// Whether one of the rows lies in `start ..< end`. - Complexity: O(log rows)
    private static func hasRow(from start: Int, to end: Int, _ rows: UnsafeBufferPointer<UInt32>) -> Bool {
        var lower = 0
        var upper = rows.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if Int(rows[middle]) < start { lower = middle + 1 } else { upper = middle }
        }
        return lower < rows.count && Int(rows[lower]) < end
    }
}
