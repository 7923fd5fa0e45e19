/// The keys of a merge join's inner side: one integer column, its rows in the key's order, those with a null key last.
/// Nothing is built for them: whoever probes in the same order finds its rows by going forward.
struct OrderedKeys: Sendable {
    /// Rows with a key.
    let count: Int
    /// No key has two rows.
    let isUnique: Bool

    /// nil if a row is out of order.
    init?(_ keys: KeyBlock) {
        assert(keys.kinds == [.word], "ordered keys of \(keys.kinds)")
        let valid = keys.valid
        var count = keys.count
        while count > 0 && valid[count - 1] == 0 { count -= 1 }
        let words = keys.words(0)
        var isOrdered = true
        var isUnique = true
        for row in 0..<count { isOrdered = isOrdered && valid[row] != 0 }
        for row in 1..<Swift.max(count, 1) {
            isOrdered = isOrdered && words[row] >= words[row - 1]
            isUnique = isUnique && words[row] != words[row - 1]
        }
        guard isOrdered else { return nil }
        self.count = count
        self.isUnique = isUnique
    }

    /// The row after `row` with the same key, or `JoinTable.none`.
    @inline(__always)
    func following(_ row: UInt32, _ keys: UnsafePointer<Int64>) -> UInt32 {
        let next = Int(row) + 1
        return next < count && keys[next] == keys[Int(row)] ? UInt32(truncatingIfNeeded: next) : JoinTable.none
    }

    /// Writes the first row of each probe key to `first`, `JoinTable.none` where there is none.
    ///
    /// `place` is kept from batch to batch: the first row whose key is not less than the last one asked for. A probe row in
    /// order moves it forward by steps that double; one that is not (the outer table has an unsorted region) has it looked
    /// for by halving what lies before. So the answer does not depend on the order, only the time does.
    func find(
        _ probe: KeyBlock, in keys: UnsafePointer<Int64>, from place: inout Int,
        first: UnsafeMutablePointer<UInt32>
    ) {
        let words = probe.words(0)
        let valid = probe.valid
        var position = Swift.min(place, count)
        for row in 0..<probe.count {
            guard valid[row] != 0 else {
                first[row] = JoinTable.none
                continue
            }
            let key = words[row]
            if position > 0 && keys[position - 1] >= key {
                position = OrderedKeys.lowerBound(of: key, in: keys, from: 0, to: position)
            } else if position < count && keys[position] < key {
                var step = 1
                while position + step < count && keys[position + step] < key {
                    position += step
                    step *= 2
                }
                position = OrderedKeys.lowerBound(
                    of: key, in: keys, from: position + 1, to: Swift.min(position + step, count))
            }
            first[row] =
                position < count && keys[position] == key ? UInt32(truncatingIfNeeded: position) : JoinTable.none
        }
        place = position
    }

    /// The first of the rows `start ..< end` whose key is not less, or `end`. - Complexity: O(log rows)
    private static func lowerBound(
        of key: Int64, in keys: UnsafePointer<Int64>, from start: Int, to end: Int
    ) -> Int {
        var (lower, upper) = (start, end)
        while lower < upper {
            let middle = (lower + upper) / 2
            if keys[middle] < key { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
