import SQLTypes

/// Rows of one run by their number, for who looks at few places at a time. Belongs to one task.
final class SpilledRows {
    let run: SpillRun
    /// By frame, the number of its first row; and one more, the number of rows.
    private let starts: [Int]
    private let checkpoint: () throws(SQLError) -> Void
    /// The frames looked at last, the latest at the end.
    private var held: [(frame: Int, batch: Batch)] = []
    private static let heldMaximum = 2

    init(_ run: SpillRun, _ workspace: SpillWorkspace) {
        self.run = run
        checkpoint = workspace.checkpoint
        var starts = [0]
        for frame in run.frames { starts.append(starts[starts.count - 1] + frame.layout.count) }
        self.starts = starts
    }

    /// A reader of the same rows at other places.
    init(_ other: SpilledRows) {
        run = other.run
        starts = other.starts
        checkpoint = other.checkpoint
    }

    var count: Int { run.rowCount }
    var frameCount: Int { run.frames.count }
    /// What it holds at most.
    var memoryBytes: Int { SpilledRows.heldMaximum * run.largestFrameBytes }

    func range(ofFrame frame: Int) -> Range<Int> { starts[frame]..<starts[frame + 1] }

    /// - Parameter row: less than `count`.
    func frame(holding row: Int) -> Int {
        var (low, high) = (0, frameCount - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= row { low = middle } else { high = middle - 1 }
        }
        return low
    }

    func batch(_ frame: Int) throws(SQLError) -> Batch {
        if let known = held.first(where: { $0.frame == frame }) { return known.batch }
        try checkpoint()
        let batch = try run.read(frame)
        if held.count == SpilledRows.heldMaximum { held.removeFirst() }
        held.append((frame, batch))
        return batch
    }

    /// A column's values in `rows`, in that order; -1: null.
    func values(_ column: Int, kind: StorageKind, of rows: [Int]) throws(SQLError) -> Vector {
        var byFrame: [Int: [Int]] = [:]
        var current = 0..<0
        var frame = 0
        for (place, row) in rows.enumerated() where row >= 0 {
            if !current.contains(row) {
                frame = self.frame(holding: row)
                current = range(ofFrame: frame)
            }
            byFrame[frame, default: []].append(place)
        }
        // Frame by frame: however far apart the rows are, one frame is there at a time.
        var pieces: [Vector] = []
        var places = [UInt32](repeating: Vector.noRow, count: rows.count)
        var count: UInt32 = 0
        for frame in byFrame.keys.sorted() {
            let members = byFrame[frame] ?? []
            let first = starts[frame]
            let own = members.map { UInt32(truncatingIfNeeded: rows[$0] - first) }
            pieces.append(try batch(frame).columns[column].gathered(own.span))
            for place in members {
                places[place] = count
                count += 1
            }
        }
        guard !pieces.isEmpty else { return .nulls(kind: kind, count: rows.count) }
        return Vector.concatenated(pieces, kind: kind).gatheredOrNull(places.span)
    }
}
