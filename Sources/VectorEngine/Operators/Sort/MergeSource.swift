package import SQLTypes

/// Merges streams that are each in order into one; rows that are equal come in the order of their streams.
///
/// A heap of the streams by their current row picks row after row, of two streams a plain loop; what was picked from one
/// batch is gathered at once, and one permutation brings the pieces into their order.
package final class MergeSource: BatchSource {
    private final class Stream {
        let source: any BatchSource
        var batch: Batch?
        var keys: [SortKeyColumn] = []
        /// `keys`, one after the other, for comparisons.
        let open: Scratch<OpenSortKey>
        var row = 0
        var hasEnded = false
        /// Rows picked from the batch since the last output, and their places there.
        let picked = Scratch<UInt32>()
        let places = Scratch<UInt32>()
        var pickedCount = 0

        init(_ source: any BatchSource, keyCount: Int) {
            self.source = source
            open = Scratch(capacity: keyCount)
        }

        func take(_ batch: Batch, _ order: [SortOrder]) {
            self.batch = batch
            row = 0
            keys = order.map { SortKeyColumn(batch.columns[$0.column], $0, usesRanks: false) }
            for (column, key) in keys.enumerated() { open.pointer[column] = key.open }
        }
    }
    private let streams: [Stream]
    private let order: [SortOrder]
    private let kinds: [StorageKind]
    private var heap: [Int] = []
    /// Streams that must bring a batch before anything can be picked.
    private var waiting: [Int]
    private var pieces: [Batch] = []
    private var piecePlaces: [UInt32] = []
    private var pickedCount = 0

    package init(_ sources: [any BatchSource], by order: [SortOrder], types: [SQLType]) {
        streams = sources.map { Stream($0, keyCount: order.count) }
        self.order = order
        kinds = types.map(\.storage)
        waiting = Array(sources.indices)
    }

    package func next() throws(SQLError) -> SourceResult {
        while true {
            try fill()
            guard waiting.isEmpty else { return pickedCount > 0 ? .batch(output()) : .blocked }
            guard let top = heap.first else { return pickedCount > 0 ? .batch(output()) : .ended }
            if heap.count == 1, pickedCount == 0 { return .batch(takeRest(of: top)) }
            if heap.count == 2 { pickFromTwo() } else { pickRun(from: top) }
            if pickedCount == Batch.targetRows { return .batch(output()) }
        }
    }

    private func fill() throws(SQLError) {
        guard !waiting.isEmpty else { return }
        var blocked: [Int] = []
        for index in waiting {
            let stream = streams[index]
            var isOpen = true
            while isOpen {
                switch try stream.source.next() {
                case .batch(let batch):
                    if batch.count == 0 { continue }
                    stream.take(batch, order)
                    push(index)
                case .blocked: blocked.append(index)
                case .ended: stream.hasEnded = true
                }
                isOpen = false
            }
        }
        waiting = blocked
    }

    /// The other streams have ended: the rows of the last one are in order as they come.
    private func takeRest(of index: Int) -> Batch {
        let stream = streams[index]
        guard let batch = stream.batch else { return Batch(columns: [], count: 0) }
        stream.batch = nil
        heap.removeAll(keepingCapacity: true)
        waiting.append(index)
        let rest = batch.slice(stream.row..<batch.count)
        let columns = zip(rest.columns, kinds).map { $0.kind == $1 ? $0 : $0.widened(to: $1) }
        return Batch(columns: columns, count: rest.count)
    }

    /// Takes the top stream's rows as long as they come before those of all others and there is room, and moves the stream
    /// to its new place or out of the heap. Only the better of the two streams below the top is compared with: it is next.
    private func pickRun(from index: Int) {
        let stream = streams[index]
        guard let batch = stream.batch else { return }
        let first = stream.row
        let limit = Swift.min(batch.count, first + Batch.targetRows - pickedCount)
        var end = first + 1
        if let rival = rivalOfTop {
            let other = streams[rival]
            let isFirstOfEquals = index < rival
            let (own, others) = (UnsafePointer(stream.open.pointer), UnsafePointer(other.open.pointer))
            let rivalRow = other.row
            while end < limit, MergeSource.precedes(own, end, others, rivalRow, order.count, isFirstOfEquals) {
                end += 1
            }
        } else {
            end = limit
        }
        let picked = stream.picked.pointer + stream.pickedCount
        let places = stream.places.pointer + stream.pickedCount
        for row in first..<end {
            picked[row - first] = UInt32(truncatingIfNeeded: row)
            places[row - first] = UInt32(truncatingIfNeeded: pickedCount + row - first)
        }
        stream.pickedCount += end - first
        pickedCount += end - first
        stream.row = end
        if end == batch.count {
            gather(stream)
            stream.batch = nil
            removeTop()
            waiting.append(index)
        } else {
            siftDown(0)
        }
    }

    /// Picks from the two streams that are left until one's batch is used up, or the output is full.
    private func pickFromTwo() {
        let first = Swift.min(heap[0], heap[1])
        let second = Swift.max(heap[0], heap[1])
        let (left, right) = (streams[first], streams[second])
        let (leftKeys, rightKeys) = (UnsafePointer(left.open.pointer), UnsafePointer(right.open.pointer))
        var (leftRow, rightRow) = (left.row, right.row)
        let (leftEnd, rightEnd) = (left.batch?.count ?? 0, right.batch?.count ?? 0)
        var (leftCount, rightCount) = (left.pickedCount, right.pickedCount)
        var place = pickedCount
        let keyCount = order.count
        while place < Batch.targetRows, leftRow < leftEnd, rightRow < rightEnd {
            if MergeSource.precedes(leftKeys, leftRow, rightKeys, rightRow, keyCount, true) {
                left.picked.pointer[leftCount] = UInt32(truncatingIfNeeded: leftRow)
                left.places.pointer[leftCount] = UInt32(truncatingIfNeeded: place)
                leftCount += 1
                leftRow += 1
            } else {
                right.picked.pointer[rightCount] = UInt32(truncatingIfNeeded: rightRow)
                right.places.pointer[rightCount] = UInt32(truncatingIfNeeded: place)
                rightCount += 1
                rightRow += 1
            }
            place += 1
        }
        (left.row, right.row) = (leftRow, rightRow)
        (left.pickedCount, right.pickedCount) = (leftCount, rightCount)
        pickedCount = place
        heap.removeAll(keepingCapacity: true)
        for (index, isUsedUp) in [(first, leftRow == leftEnd), (second, rightRow == rightEnd)] {
            guard isUsedUp else {
                push(index)
                continue
            }
            gather(streams[index])
            streams[index].batch = nil
            waiting.append(index)
        }
    }

    /// The stream whose row comes right after the top's, if the top's own next one does not.
    private var rivalOfTop: Int? {
        guard heap.count > 1 else { return nil }
        return heap.count > 2 && precedes(heap[2], heap[1]) ? heap[2] : heap[1]
    }

    private func gather(_ stream: Stream) {
        guard let batch = stream.batch, stream.pickedCount > 0 else { return }
        let rows = UnsafeBufferPointer(start: UnsafePointer(stream.picked.pointer), count: stream.pickedCount)
        let columns = zip(batch.columns, kinds).map { column, kind in
            let gathered = column.gathered(Span(_unsafeElements: rows))
            return gathered.kind == kind ? gathered : gathered.widened(to: kind)
        }
        pieces.append(Batch(columns: columns, count: rows.count))
        piecePlaces += UnsafeBufferPointer(start: stream.places.pointer, count: rows.count)
        stream.pickedCount = 0
    }

    private func output() -> Batch {
        for stream in streams { gather(stream) }
        let joined = Batch.concatenated(pieces, kinds: kinds)
        var rows = [UInt32](repeating: 0, count: pickedCount)
        for (row, place) in piecePlaces.enumerated() { rows[Int(place)] = UInt32(truncatingIfNeeded: row) }
        let isSingle = pieces.count == 1
        pieces.removeAll(keepingCapacity: true)
        piecePlaces.removeAll(keepingCapacity: true)
        pickedCount = 0
        return isSingle ? joined : joined.gathered(rows.span)
    }

    // MARK: Heap

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let first = streams[left]
        let second = streams[right]
        return MergeSource.precedes(
            first.open.pointer, first.row, second.open.pointer, second.row, order.count, left < right)
    }

    /// - Parameter isFirstOfEquals: what to say of rows that are equal.
    @inline(__always)
    private static func precedes(
        _ keys: UnsafePointer<OpenSortKey>, _ row: Int, _ others: UnsafePointer<OpenSortKey>, _ otherRow: Int,
        _ keyCount: Int, _ isFirstOfEquals: Bool
    ) -> Bool {
        for column in 0..<keyCount {
            let result = keys[column].compare(row, others[column], otherRow)
            if result != 0 { return result < 0 }
        }
        return isFirstOfEquals
    }

    private func push(_ index: Int) {
        heap.append(index)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func removeTop() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(0)
    }

    private func siftDown(_ start: Int) {
        var parent = start
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(heap[child], heap[best])
            {
                best = child
            }
            guard best != parent else { return }
            heap.swapAt(parent, best)
            parent = best
        }
    }
}
