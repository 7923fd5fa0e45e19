import SQLTypes

/// Rows of a row group that a scan has picked and not handed out yet, ascending. Belongs to one task.
package final class RowSelection {
    private let rows = Scratch<UInt32>()
    private var taken = 0
    private var end = 0

    package init() {}

    /// Rows that wait.
    package var count: Int { end - taken }

    package func removeAll() {
        taken = 0
        end = 0
    }

    /// Adds the rows that the mask keeps; `first` is the number of the mask's first row.
    package func append(_ mask: RowMask, first: Int) {
        makeRoom(for: mask.count)
        let target = rows.pointer + end
        let found = mask.writeSelection(to: target)
        let first = UInt32(truncatingIfNeeded: first)
        for index in 0..<found { target[index] &+= first }
        end += found
    }

    /// Adds those of the rows `range` that the filter lets pass; `vector` has their keys. Returns how many.
    package func append(_ range: Range<Int>, where filter: KeyFilter, passes vector: Vector) -> Int {
        let isPlain =
            vector.kind.isInteger && vector.kind != .int128 && vector.validityPointer == nil && !vector.isNullConstant
        if isPlain, let bloom = filter.bloom {
            let found = pick(range, MayContain(bloom.reader), vector)
            if filter.bitmap == nil { return found }
            // Most of those that pass are keys; the rest is for the bitmap to find.
            return keep(
                from: count - found, first: range.lowerBound, where: filter, passes: vector, afterBloom: true)
        }
        if isPlain, let bitmap = filter.bitmap { return pick(range, Contains(bitmap.reader), vector) }
        append(RowMask(count: range.count), first: range.lowerBound)
        return keep(from: count - range.count, first: range.lowerBound, where: filter, passes: vector)
    }

    private func pick(_ range: Range<Int>, _ test: some KeyTest, _ vector: Vector) -> Int {
        makeRoom(for: range.count)
        let picker = Picker(
            first: UInt32(truncatingIfNeeded: range.lowerBound), count: range.count, test: test,
            kept: rows.pointer + end)
        vector.visitLanes(picker)
        let found = picker.result.pointer[0]
        end += found
        return found
    }

    private protocol KeyTest {
        func callAsFunction(_ key: Int64) -> UInt64
    }

    private struct Contains: KeyTest {
        let bitmap: KeyBitmap.Reader
        init(_ bitmap: KeyBitmap.Reader) { self.bitmap = bitmap }
        @inline(__always)
        func callAsFunction(_ key: Int64) -> UInt64 { bitmap.contains(key) }
    }

    private struct MayContain: KeyTest {
        let bloom: KeyBloom.Reader
        init(_ bloom: KeyBloom.Reader) { self.bloom = bloom }
        @inline(__always)
        func callAsFunction(_ key: Int64) -> UInt64 { bloom.mayContain(key) }
    }

    private struct Picker<Test: KeyTest>: LaneVisitor {
        let first: UInt32
        let count: Int
        let test: Test
        let kept: UnsafeMutablePointer<UInt32>
        let result = Scratch<Int>(capacity: 1)

        @inline(__always)
        func visit<Source: IntegerLanes>(_ lanes: Source) {
            var found = 0
            for row in 0..<count {
                kept[found] = first &+ UInt32(truncatingIfNeeded: row)
                found &+= Int(truncatingIfNeeded: test(lanes[row]))
            }
            result.pointer[0] = found
        }
    }

    /// Of the rows that wait, drops those from the `start`-th on that the filter does not let pass. `vector` has the
    /// keys from row `first` of the row group on. Returns how many of them are left.
    package func keep(from start: Int, first: Int, where filter: KeyFilter, passes vector: Vector) -> Int {
        keep(from: start, first: first, where: filter, passes: vector, afterBloom: false)
    }

    private func keep(
        from start: Int, first: Int, where filter: KeyFilter, passes vector: Vector, afterBloom: Bool
    ) -> Int {
        if let bloom = filter.bloom, !afterBloom, vector.kind.isInteger, vector.kind != .int128,
            vector.validityPointer == nil, !vector.isNullConstant
        {
            let own = rows.pointer + taken + start
            let sieve = BloomSieve(
                rows: own, count: count - start, first: UInt32(truncatingIfNeeded: first), bloom: bloom.reader)
            vector.visitLanes(sieve)
            end = taken + start + sieve.result.pointer[0]
        }
        let own = rows.pointer + taken + start
        let rowCount = count - start
        let kept: Int
        if let bounds = filter.bounds, !vector.isNullConstant, vector.kind.isInteger {
            if vector.kind == .int128 { return rowCount }
            let sieve = Sieve(
                rows: own, count: rowCount, first: UInt32(truncatingIfNeeded: first), bounds: bounds,
                bitmap: filter.bitmap?.reader, valid: vector.validityPointer, kept: own)
            vector.visitLanes(sieve)
            kept = Int(sieve.result.pointer[0])
        } else {
            kept = filter.bounds != nil && !vector.kind.isInteger ? rowCount : 0
        }
        end = taken + start + kept
        return kept
    }

    /// At most `limit` rows, which do not wait any longer; valid until the next call of another method.
    package func take(_ limit: Int) -> UnsafeBufferPointer<UInt32> {
        let number = Swift.min(limit, count)
        let start = rows.pointer + taken
        taken += number
        return UnsafeBufferPointer(start: UnsafePointer(start), count: number)
    }

    /// What waits moves to the front if the memory does not suffice.
    private func makeRoom(for more: Int) {
        if taken == end { removeAll() }
        guard end + more > rows.capacity else { return }
        let waiting = Array(UnsafeBufferPointer(start: rows.pointer + taken, count: count))
        let target = rows.reserve(waiting.count + more)
        for index in waiting.indices { target[index] = waiting[index] }
        end = waiting.count
        taken = 0
    }

    private struct BloomSieve: LaneVisitor {
        let rows: UnsafeMutablePointer<UInt32>
        let count: Int
        let first: UInt32
        let bloom: KeyBloom.Reader
        let result = Scratch<Int>(capacity: 1)

        @inline(__always)
        func visit<Source: IntegerLanes>(_ lanes: Source) {
            var found = 0
            for index in 0..<count {
                let row = rows[index]
                rows[found] = row
                found &+= Int(truncatingIfNeeded: bloom.mayContain(lanes[Int(row &- first)]))
            }
            result.pointer[0] = found
        }
    }

    private struct Sieve: LaneVisitor {
        let rows: UnsafeMutablePointer<UInt32>
        let count: Int
        let first: UInt32
        let bounds: ClosedRange<Int64>
        let bitmap: KeyBitmap.Reader?
        let valid: UnsafePointer<UInt8>?
        let kept: UnsafeMutablePointer<UInt32>
        let result = Scratch<Int>(capacity: 1)

        @inline(__always)
        func visit<Source: IntegerLanes>(_ lanes: Source) {
            var found = 0
            if let valid {
                for index in 0..<count {
                    let row = rows[index]
                    let place = Int(row &- first)
                    let isMatch = valid[place] != 0 ? test(lanes[place]) : 0
                    kept[found] = row
                    found &+= isMatch
                }
            } else if let bitmap {
                for index in 0..<count {
                    let row = rows[index]
                    kept[found] = row
                    found &+= Int(truncatingIfNeeded: bitmap.contains(lanes[Int(row &- first)]))
                }
            } else {
                for index in 0..<count {
                    let row = rows[index]
                    kept[found] = row
                    found &+= bounds.contains(lanes[Int(row &- first)]) ? 1 : 0
                }
            }
            result.pointer[0] = found
        }

        @inline(__always)
        private func test(_ key: Int64) -> Int {
            bitmap.map { Int(truncatingIfNeeded: $0.contains(key)) } ?? (bounds.contains(key) ? 1 : 0)
        }
    }
}
