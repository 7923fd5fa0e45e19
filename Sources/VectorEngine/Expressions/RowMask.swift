/// Which rows of a batch are still wanted: one byte a row, 1 = kept, 0 = dropped. Made once per operator, reused for
/// each batch. Filters only ever clear bytes (`mask &= test`), and a row for which a predicate is unknown is dropped.
package struct RowMask: Sendable {
    @usableFromInline var bytes: [UInt8]
    /// Rows of the batch, kept or not.
    package private(set) var count: Int

    package init(count: Int = 0) {
        bytes = [UInt8](repeating: 1, count: count)
        self.count = count
    }

    /// All `count` rows kept again; memory is reused.
    package mutating func reset(count: Int) {
        precondition(count >= 0, "a mask of \(count) rows")
        if bytes.count < count { bytes = [UInt8](repeating: 1, count: count) }
        self.count = count
        withMutableBytes { $0.update(repeating: 1) }
    }

    package mutating func dropAll() { withMutableBytes { $0.update(repeating: 0) } }

    /// - Precondition: each byte stays 0 or 1.
    @inline(__always)
    package mutating func withMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let count = count
        return try bytes.withUnsafeMutableBufferPointer { buffer throws(E) in
            try body(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
        }
    }

    @inline(__always)
    package func withBytes<R, E: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R {
        let count = count
        return try bytes.withUnsafeBufferPointer { buffer throws(E) in
            try body(UnsafeBufferPointer(rebasing: buffer[0..<count]))
        }
    }

    package subscript(row: Int) -> Bool {
        get {
            precondition(row >= 0 && row < count, "row \(row) of \(count)")
            return bytes[row] != 0
        }
        set {
            precondition(row >= 0 && row < count, "row \(row) of \(count)")
            bytes[row] = newValue ? 1 : 0
        }
    }

    /// Rows kept. O(n), vectorised.
    package var keptCount: Int {
        withBytes { bytes in
            var total = 0
            var start = 0
            // A UInt8 sum cannot overflow within 255 rows: the inner loop adds 16 bytes at a time.
            while start < bytes.count {
                let end = min(start + 240, bytes.count)
                var partial: UInt8 = 0
                for row in start..<end { partial &+= bytes[row] }
                total += Int(partial)
                start = end
            }
            return total
        }
    }

    package var keepsAny: Bool {
        withBytes { bytes in
            var found: UInt8 = 0
            for byte in bytes { found |= byte }
            return found != 0
        }
    }

    package var keepsAll: Bool {
        withBytes { bytes in
            var all: UInt8 = 1
            for byte in bytes { all &= byte }
            return all == 1
        }
    }

    /// Writes the numbers of the rows kept, ascending, to `target`, which has room for `count` of them; returns how
    /// many.
    package func writeSelection<Row: FixedWidthInteger>(
        to target: UnsafeMutablePointer<Row>
    ) -> Int {
        assert(count == 0 || UInt64(count - 1) <= UInt64(Row.max), "row \(count) does not fit in \(Row.self)")
        return withBytes { bytes in
            var found = 0
            // Branch-free: each row is written, and the place moves on if it counts.
            for row in 0..<bytes.count {
                target[found] = Row(truncatingIfNeeded: row)
                found &+= Int(bytes[row])
            }
            return found
        }
    }

    /// The numbers of the rows kept, ascending: what `gathered` takes.
    package func selectionVector() -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: count) { buffer, found in
            guard let target = buffer.baseAddress else { return }
            found = writeSelection(to: target)
        }
    }
}

extension RowMask {
    /// Drops the rows that `other` keeps.
    mutating func subtract(_ other: RowMask) {
        assert(count == other.count, "masks of \(count) and \(other.count) rows")
        other.withBytes { taken in
            withMutableBytes { bytes in
                for row in 0..<bytes.count { bytes[row] &= taken[row] ^ 1 }
            }
        }
    }

    /// Drops the rows that `other` drops.
    mutating func intersect(_ other: RowMask) {
        assert(count == other.count, "masks of \(count) and \(other.count) rows")
        other.withBytes { kept in
            withMutableBytes { bytes in
                for row in 0..<bytes.count { bytes[row] &= kept[row] }
            }
        }
    }
}
