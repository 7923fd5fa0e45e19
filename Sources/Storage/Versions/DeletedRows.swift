/// Rows of one row group that are deleted, as bits: an immutable value, replaced by a greater one with each delete.
package struct DeletedRows: Hashable, Sendable {
    /// Bit r % 64 of word r / 64; no word behind the last deleted row.
    private(set) var words: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    package init(_ rows: some Sequence<Int>) { for row in rows { insert(row) } }

    /// nil: more rows than a row group can have, or a last word without any.
    init?(words: [UInt64]) {
        guard words.count * 64 <= RowGroupDescriptor.rowCountMax, words.last != 0 else { return nil }
        self.words = words
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package var isEmpty: Bool { count == 0 }

    /// The greatest deleted row; nil if there is none.
    package var last: Int? {
        guard let word = words.last else { return nil }
        return words.count * 64 - 1 - word.leadingZeroBitCount
    }

    package func contains(_ row: Int) -> Bool {
        let word = row >> 6
        return row >= 0 && word < words.count && words[word] & (1 << UInt64(row & 63)) != 0
    }

    /// False if the row was deleted before.
    @discardableResult
    package mutating func insert(_ row: Int) -> Bool {
        precondition(row >= 0 && row < RowGroupDescriptor.rowCountMax, "row \(row) of a row group")
        let word = row >> 6
        while words.count <= word { words.append(0) }
        let bit: UInt64 = 1 << UInt64(row & 63)
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        count += 1
        return true
    }

    /// The same rows, each `distance` further on.
    func shifted(by distance: Int) -> DeletedRows { distance == 0 ? self : DeletedRows(rows.map { $0 + distance }) }

    package func isDisjoint(with other: DeletedRows) -> Bool {
        zip(words, other.words).allSatisfy { $0 & $1 == 0 }
    }

    package mutating func formUnion(_ other: DeletedRows) {
        while words.count < other.words.count { words.append(0) }
        for word in other.words.indices { words[word] |= other.words[word] }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Clears the bytes of deleted rows; byte i stands for row `first` + i.
    /// - Complexity: O(rows deleted + bytes / 64)
    package func clear(_ mask: UnsafeMutableBufferPointer<UInt8>, first: Int) {
        let end = first + mask.count
        var word = first >> 6
        while word < words.count && word << 6 < end {
            var bits = words[word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits - 1
                if row >= first && row < end { mask[row - first] = 0 }
            }
            word += 1
        }
    }

    /// Whether a row of the range is deleted.
    package func hasAny(in rows: Range<Int>) -> Bool {
        guard !rows.isEmpty else { return false }
        for word in (rows.lowerBound >> 6)...((rows.upperBound - 1) >> 6) where word < words.count && words[word] != 0 {
            let from = max(rows.lowerBound - word << 6, 0)
            let through = min(rows.upperBound - word << 6, 64) - 1
            let wanted = (UInt64.max << UInt64(from)) & (UInt64.max >> UInt64(63 - through))
            if words[word] & wanted != 0 { return true }
        }
        return false
    }

    /// How many rows of the range are deleted.
    package func count(in rows: Range<Int>) -> Int {
        guard !rows.isEmpty else { return 0 }
        var count = 0
        for word in (rows.lowerBound >> 6)...((rows.upperBound - 1) >> 6) where word < words.count {
            let from = max(rows.lowerBound - word << 6, 0)
            let through = min(rows.upperBound - word << 6, 64) - 1
            let wanted = (UInt64.max << UInt64(from)) & (UInt64.max >> UInt64(63 - through))
            count += (words[word] & wanted).nonzeroBitCount
        }
        return count
    }

    /// Ascending.
    package var rows: [Int] {
        var result: [Int] = []
        result.reserveCapacity(count)
        for (index, word) in words.enumerated() {
            var bits = word
            while bits != 0 {
                result.append(index << 6 + bits.trailingZeroBitCount)
                bits &= bits - 1
            }
        }
        return result
    }
}

/// The deleted rows of a partition's row groups, by number; a row group without any is not listed.
package typealias DeletedRowGroups = [Int64: DeletedRows]
