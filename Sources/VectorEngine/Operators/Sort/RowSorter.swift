package import SQLTypes

/// Finds the order of rows; stable.
///
/// The leading columns are packed into one 64-bit word per row, each in as many bits as its range needs (with a place
/// for nulls), and (word, row) pairs are sorted by radix. Runs of equal words are sorted by comparison over the columns
/// that did not fit, or did only in part.
package struct RowSorter: ~Copyable {
    private struct Pair: BitwiseCopyable {
        var word: UInt64
        var row: UInt32
    }
    private let columns: [SortKeyColumn]
    private let count: Int
    /// Rows that are sorted by comparison in one go.
    var pieceRows = 1 << 16
    /// What was done, for the trace.
    package private(set) var algorithm = ""

    package init(_ batch: Batch, by order: [SortOrder]) {
        columns = order.map { SortKeyColumn(batch.columns[$0.column], $0, usesRanks: true) }
        count = batch.count
    }

    /// Of rows that are elsewhere: `keys` are the columns that `order` names, in its order.
    package init(keys: [Vector], by order: [SortOrder], count: Int) {
        columns = zip(keys, order).map { SortKeyColumn($0, $1, usesRanks: true) }
        self.count = count
    }

    /// Row numbers in order; only the first `limit` of them need be right, and no more are given.
    /// - Parameter checkpoint: called now and then; throws if the query is over.
    package mutating func sortedRows(
        limit: Int? = nil, checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> [UInt32] {
        if columns.count == 1, let rows = columns[0].rowsByCounting() {
            algorithm = "counting"
            return limit.map { Array(rows.prefix($0)) } ?? rows
        }
        let pairs = Scratch<Pair>(capacity: count)
        defer { withExtendedLifetime(pairs) {} }
        let start = pairs.pointer
        for row in 0..<count { start[row] = Pair(word: 0, row: UInt32(truncatingIfNeeded: row)) }
        let packed = pack(into: pairs.pointer)
        let usesRadix = count > 64
        if packed.bits > 0 {
            if usesRadix {
                try RowSorter.radixSort(pairs, count: count, bits: packed.bits, checkpoint)
            } else {
                var buffer = UnsafeMutableBufferPointer(start: pairs.pointer, count: count)
                buffer.sort { $0.word != $1.word ? $0.word < $1.word : $0.row < $1.row }
            }
        }
        algorithm = packed.columns == columns.count ? "radix" : packed.bits > 0 ? "radix, comparison" : "comparison"
        let wanted = Swift.min(limit ?? count, count)
        if packed.columns < columns.count {
            try sortRuns(pairs.pointer, from: packed.columns, wanted: wanted, checkpoint)
        }
        return [UInt32](unsafeUninitializedCapacity: wanted) { target, filled in
            for index in 0..<wanted { target[index] = start[index].row }
            filled = wanted
        }
    }

    // MARK: Packing

    /// `columns`: how many are decided by the words alone; `bits`: how many low bits of the words are used.
    private func pack(into pairs: UnsafeMutablePointer<Pair>) -> (columns: Int, bits: Int) {
        var used = 0
        for (index, column) in columns.enumerated() {
            let range = wordRange(of: column)
            let nullPlaces: UInt64 = column.nullRank == nil ? 0 : 2
            let width = range.upperBound &- range.lowerBound
            let (size, overflow) = width.addingReportingOverflow(nullPlaces)
            let bits = overflow ? 65 : 64 - size.leadingZeroBitCount
            guard used + bits <= 64 else {
                // The first bits of a column that does not fit whole still save comparisons.
                guard used < 64, column.nullRank == nil, used <= 32 else { return (index, used) }
                let free = Swift.min(64 - used, bits)
                append(column, pairs, smallest: range.lowerBound, cut: bits - free, shift: free)
                return (index, 64)
            }
            append(column, pairs, smallest: range.lowerBound, cut: 0, shift: bits, largest: width)
            used += bits
            if !column.isExact { return (index, used) }
        }
        return (columns.count, used)
    }

    /// Of the rows that are not null.
    private func wordRange(of column: SortKeyColumn) -> ClosedRange<UInt64> {
        let words = column.words.pointer
        var smallest = UInt64.max
        var largest = UInt64.min
        if let ranks = column.nullRank?.pointer {
            for row in 0..<count where ranks[row] == 1 {
                smallest = Swift.min(smallest, words[row])
                largest = Swift.max(largest, words[row])
            }
        } else {
            for row in 0..<count {
                smallest = Swift.min(smallest, words[row])
                largest = Swift.max(largest, words[row])
            }
        }
        return smallest <= largest ? smallest...largest : 0...0
    }

    /// `word = word · 2^shift + (value − smallest) / 2^cut`; with nulls, 0 stands for nulls first, `largest` + 2 for
    /// last.
    private func append(
        _ column: SortKeyColumn, _ pairs: UnsafeMutablePointer<Pair>, smallest: UInt64, cut: Int, shift: Int,
        largest: UInt64 = 0
    ) {
        let shift = UInt64(shift)
        let cut = UInt64(cut)
        let words = column.words.pointer
        guard let ranks = column.nullRank?.pointer else {
            for row in 0..<count { pairs[row].word = pairs[row].word << shift | (words[row] &- smallest) >> cut }
            return
        }
        for row in 0..<count {
            let value =
                switch ranks[row] {
                case 0: 0 as UInt64
                case 1: words[row] &- smallest &+ 1
                default: largest &+ 2
                }
            pairs[row].word = pairs[row].word << shift | value
        }
    }

    // MARK: Sorting

    /// Least significant digit first, a byte a pass; passes in which all rows have one digit are left out.
    private static func radixSort(
        _ pairs: Scratch<Pair>, count: Int, bits: Int, _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) {
        let other = Scratch<Pair>(capacity: count)
        defer { withExtendedLifetime(other) {} }
        var source = pairs.pointer
        var target = other.pointer
        let passes = (bits + 7) / 8
        var histograms = [Int](repeating: 0, count: 256 * passes)
        for index in 0..<count {
            var word = source[index].word
            for pass in 0..<passes {
                histograms[pass << 8 | Int(word & 0xFF)] &+= 1
                word >>= 8
            }
        }
        for pass in 0..<passes {
            try checkpoint()
            let shift = UInt64(8 * pass)
            let base = pass << 8
            if histograms[base | Int(source[0].word >> shift & 0xFF)] == count { continue }
            var position = 0
            for digit in 0..<256 {
                let size = histograms[base | digit]
                histograms[base | digit] = position
                position += size
            }
            histograms.withUnsafeMutableBufferPointer { positions in
                for index in 0..<count {
                    let pair = source[index]
                    let digit = base | Int(pair.word >> shift & 0xFF)
                    target[positions[digit]] = pair
                    positions[digit] &+= 1
                }
            }
            swap(&source, &target)
        }
        if source != pairs.pointer { pairs.pointer.update(from: source, count: count) }
    }

    /// Rows with equal words, by the columns from `first` on, then by their number.
    private func sortRuns(
        _ pairs: UnsafeMutablePointer<Pair>, from first: Int, wanted: Int, _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) {
        let columns = Array(self.columns[first...])
        var start = 0
        var sorted = 0
        while start < wanted {
            var end = start + 1
            while end < count && pairs[end].word == pairs[start].word { end += 1 }
            if end - start > 1 {
                try sortRun(UnsafeMutableBufferPointer(start: pairs + start, count: end - start), checkpoint) {
                    (left, right) in
                    for column in columns {
                        let order = column.compare(Int(left.row), column, Int(right.row))
                        if order != 0 { return order < 0 }
                    }
                    return left.row < right.row
                }
                sorted += end - start
                if sorted > 65_536 {
                    sorted = 0
                    try checkpoint()
                }
            }
            start = end
        }
    }

    /// In pieces that are then merged, so that nobody waits long for a checkpoint: texts that all begin alike are one run.
    private func sortRun(
        _ run: UnsafeMutableBufferPointer<Pair>, _ checkpoint: () throws(SQLError) -> Void,
        _ precedes: (Pair, Pair) -> Bool
    ) throws(SQLError) {
        guard run.count > pieceRows, let base = run.baseAddress else {
            var run = run
            return run.sort(by: precedes)
        }
        for start in stride(from: 0, to: run.count, by: pieceRows) {
            try checkpoint()
            var piece = UnsafeMutableBufferPointer(start: base + start, count: Swift.min(pieceRows, run.count - start))
            piece.sort(by: precedes)
        }
        let other = Scratch<Pair>(capacity: run.count)
        defer { withExtendedLifetime(other) {} }
        var (source, target) = (base, other.pointer)
        var width = pieceRows
        while width < run.count {
            for start in stride(from: 0, to: run.count, by: 2 * width) {
                let middle = Swift.min(start + width, run.count)
                let end = Swift.min(middle + width, run.count)
                var (left, right) = (start, middle)
                for place in start..<end {
                    if place & 0xFFFF == 0 { try checkpoint() }
                    let takesLeft = left < middle && (right == end || !precedes(source[right], source[left]))
                    target[place] = source[takesLeft ? left : right]
                    if takesLeft { left += 1 } else { right += 1 }
                }
            }
            swap(&source, &target)
            width *= 2
        }
        if source != base { base.update(from: source, count: run.count) }
    }
}

extension Batch {
    /// The rows in order; stable.
    package func sorted(by order: [SortOrder]) throws(SQLError) -> Batch {
        var sorter = RowSorter(self, by: order)
        let rows = try sorter.sortedRows { () throws(SQLError) in }
        return gathered(rows.span)
    }
}
