package import SQLTypes

/// Sorts the rows of a batch by the slice they go to: counting sort into a permutation, one gather per column.
package final class Partitioner {
    private let sliceCount: Int
    private let hashes = Scratch<UInt64>()
    private let slices = Scratch<UInt16>()
    private let rows = Scratch<UInt32>()
    private let positions: Scratch<Int>

    package init(sliceCount: Int) {
        precondition(sliceCount >= 1 && sliceCount <= 65_536, "\(sliceCount) slices")
        self.sliceCount = sliceCount
        positions = Scratch(capacity: sliceCount + 1)
    }

    /// By distribution hash: the slice is `routing[hash >> 48]`. Rows of one slice keep their order.
    /// - Returns: the rows by slice; those of slice s are `offsets[s] ..< offsets[s + 1]`.
    package func partition(
        _ batch: Batch, keys: [Int], keyTypes: [SQLType], routing: [UInt16]
    ) -> (rows: Batch, offsets: [Int]) {
        precondition(routing.count == 65_536, "\(routing.count) routing entries")
        let hashes = self.hashes.reserve(batch.count)
        batch.distributionHashes(of: keys, types: keyTypes, to: hashes)
        let slices = self.slices.reserve(batch.count)
        routing.withUnsafeBufferPointer { routing in
            for row in 0..<batch.count { slices[row] = routing[Int(truncatingIfNeeded: hashes[row] >> 48)] }
        }
        return split(batch)
    }

    /// Row i goes to slice (`first` + i) modulo the number of slices.
    package func roundRobin(_ batch: Batch, first: Int) -> (rows: Batch, offsets: [Int]) {
        let slices = self.slices.reserve(batch.count)
        var slice = first % sliceCount
        for row in 0..<batch.count {
            slices[row] = UInt16(truncatingIfNeeded: slice)
            slice = slice + 1 == sliceCount ? 0 : slice + 1
        }
        return split(batch)
    }

    /// By a column that holds the slice's number. - Returns: nil if one is no slice.
    package func partition(_ batch: Batch, bySlice column: Int) -> (rows: Batch, offsets: [Int])? {
        let flat = batch.columns[column].widened(to: .int64).flattened()
        guard case .flat(let buffer) = flat.form else { return nil }
        let numbers = UnsafeBufferPointer(start: buffer.pointer(as: Int64.self), count: batch.count)
        let slices = self.slices.reserve(batch.count)
        for row in 0..<batch.count {
            guard numbers[row] >= 0 && numbers[row] < sliceCount else { return nil }
            slices[row] = UInt16(truncatingIfNeeded: numbers[row])
        }
        return split(batch)
    }

    private func split(_ batch: Batch) -> (rows: Batch, offsets: [Int]) {
        let slices = self.slices.pointer
        // Pointers outside of the loops: a class's array would be checked for exclusive access with every row.
        let positions = self.positions.pointer
        positions.update(repeating: 0, count: sliceCount + 1)
        for row in 0..<batch.count { positions[Int(slices[row]) + 1] &+= 1 }
        for slice in 0..<sliceCount { positions[slice + 1] += positions[slice] }
        let offsets = Array(UnsafeBufferPointer(start: positions, count: sliceCount + 1))
        // All rows to one slice: nothing to move.
        if batch.count > 0, positions[Int(slices[0]) + 1] - positions[Int(slices[0])] == batch.count {
            return (batch, offsets)
        }
        let rows = self.rows.reserve(batch.count)
        for row in 0..<batch.count {
            let slice = Int(slices[row])
            rows[positions[slice]] = UInt32(truncatingIfNeeded: row)
            positions[slice] &+= 1
        }
        let order = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows), count: batch.count))
        return (batch.gathered(order), offsets)
    }
}
