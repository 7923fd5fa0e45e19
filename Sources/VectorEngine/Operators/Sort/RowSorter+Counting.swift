// Rows by one narrow key: a date, a status, a small number. One pass counts, one puts each row where it belongs.

extension SortKeyColumn {
    /// Keys that span less are counted.
    private static let domainMaximum: UInt64 = 1 << 16

    /// Row numbers in order, stable; nil if the words do not decide alone, or span too much to be worth their counters.
    func rowsByCounting() -> [UInt32]? {
        guard isExact, nullRank == nil, count > 0 else { return nil }
        let words = self.words.pointer
        var smallest = UInt64.max
        var largest = UInt64.min
        for row in 0..<count {
            smallest = Swift.min(smallest, words[row])
            largest = Swift.max(largest, words[row])
        }
        let span = largest - smallest
        guard span < Swift.min(SortKeyColumn.domainMaximum, UInt64(count)) else { return nil }
        var positions = [UInt32](repeating: 0, count: Int(span) + 2)
        return [UInt32](unsafeUninitializedCapacity: count) { target, filled in
            positions.withUnsafeMutableBufferPointer { positions in
                for row in 0..<count { positions[Int(truncatingIfNeeded: words[row] &- smallest) + 1] &+= 1 }
                for place in 1..<positions.count { positions[place] &+= positions[place - 1] }
                for row in 0..<count {
                    let place = Int(truncatingIfNeeded: words[row] &- smallest)
                    target[Int(positions[place])] = UInt32(truncatingIfNeeded: row)
                    positions[place] &+= 1
                }
            }
            filled = count
        }
    }
}
