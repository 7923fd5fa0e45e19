import SQLTypes

/// How many rows before a row have a value, and what their values add up to. Asked for rows that only move forward.
final class RunningTotals {
    private let rows: SpilledRows
    private let column: Int
    private let sums: Bool
    private var frame = -1
    private var start = 0
    private var end = 0
    /// Of the rows of `frame`, from its first row to the one after its last.
    private var counts: [Int] = [0]
    private var totals: [Int128] = [0]

    /// - Parameter sums: the column is of integers, and is added up.
    init(_ partition: SpilledPartition, column: Int, sums: Bool) {
        rows = SpilledRows(partition.rows)
        self.column = column
        self.sums = sums
    }

    private func advance(to row: Int) throws(SQLError) {
        while row > end, frame + 1 < rows.frameCount {
            frame += 1
            let values = try rows.batch(frame).columns[column]
            (start, end) = (end, end + values.count)
            let valid = WindowFunctions.validity(values)
            var count = counts[counts.count - 1]
            var total = totals[totals.count - 1]
            counts = [count]
            totals = [total]
            counts.reserveCapacity(values.count + 1)
            for row in valid.indices {
                count += Int(valid[row])
                counts.append(count)
            }
            guard sums else { continue }
            totals.reserveCapacity(values.count + 1)
            let integers = WindowAggregates.integers(values)
            // Modulo 2^128: a difference of two totals is right whenever the sum itself fits.
            for row in valid.indices {
                if valid[row] != 0 { total &+= integers[row] }
                totals.append(total)
            }
        }
    }

    func count(before row: Int) throws(SQLError) -> Int {
        try advance(to: row)
        return counts[row - start]
    }

    func total(before row: Int) throws(SQLError) -> Int128 {
        try advance(to: row)
        return totals[row - start]
    }
}

/// What is known of neighbouring rows together.
protocol WindowSummary {
    static var none: Self { get }
    /// Of the rows of both; those of `later` follow.
    func joined(with later: Self) -> Self
}

/// Summaries of frames whose ends only move forward, without taking anything away again: a frame is
///
///     low        mid        high
///      │  front   │   back   │      back: one summary, which grows
///                                   front: for each row of the lowest run frame a summary up to mid; of the run frames
///                                          after it one each
///
/// When `low` reaches `mid`, the rows up to `high` become the front. Each row is joined twice at most.
/// - Source: Tangwongsan, Hirzel, Schneider, "Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time", DEBS
///   2017 (its two-stacks form), in blocks.
final class SlidingSummary<Summary: WindowSummary> {
    private let rows: SpilledRows
    private let makeLeaves: (_ rows: Batch, _ first: Int) -> [Summary]
    private var held: [(frame: Int, leaves: [Summary])] = []
    private static var heldMaximum: Int { 3 }
    private var mid = 0
    private var high = 0
    private var back = Summary.none
    /// Of the run frame `frontFrame`: from each row to its end or `mid`, and on to `mid`.
    private var front: [Summary] = []
    private var frontFrame = -1
    /// By run frame from `carryStart` on: from its end to `mid`.
    private var carries: [Summary] = []
    private var carryStart = 0

    /// - Parameter leaves: a summary of each row of a batch, the first of which has the number `first`.
    init(_ partition: SpilledPartition, leaves: @escaping (_ rows: Batch, _ first: Int) -> [Summary]) {
        rows = SpilledRows(partition.rows)
        makeLeaves = leaves
    }

    func summary(of frame: Range<Int>) throws(SQLError) -> Summary {
        guard !frame.isEmpty else { return .none }
        if frame.lowerBound >= high {
            (mid, high, back) = (frame.lowerBound, frame.lowerBound, .none)
        }
        try extend(to: frame.upperBound)
        if frame.lowerBound > mid { try turn(from: frame.lowerBound) }
        guard frame.lowerBound < mid else { return back }
        return try suffix(from: frame.lowerBound).joined(with: back)
    }

    private func leaves(_ frame: Int) throws(SQLError) -> [Summary] {
        if let known = held.first(where: { $0.frame == frame }) { return known.leaves }
        let made = makeLeaves(try rows.batch(frame), rows.range(ofFrame: frame).lowerBound)
        if held.count == SlidingSummary.heldMaximum { held.removeFirst() }
        held.append((frame, made))
        return made
    }

    private func extend(to end: Int) throws(SQLError) {
        while high < end {
            let frame = rows.frame(holding: high)
            let range = rows.range(ofFrame: frame)
            let own = try leaves(frame)
            let stop = Swift.min(end, range.upperBound)
            for row in high..<stop { back = back.joined(with: own[row - range.lowerBound]) }
            high = stop
        }
    }

    /// Everything from `low` on becomes the front.
    private func turn(from low: Int) throws(SQLError) {
        mid = high
        back = .none
        frontFrame = -1
        carryStart = rows.frame(holding: low)
        let last = rows.frame(holding: mid - 1)
        carries = [Summary](repeating: .none, count: last - carryStart + 1)
        var frame = last
        var sum = Summary.none
        while frame > carryStart {
            let range = rows.range(ofFrame: frame)
            carries[frame - carryStart] = sum
            let own = try leaves(frame)
            for row in (range.lowerBound..<Swift.min(mid, range.upperBound)).reversed() {
                sum = own[row - range.lowerBound].joined(with: sum)
            }
            frame -= 1
        }
        carries[0] = sum
    }

    private func suffix(from low: Int) throws(SQLError) -> Summary {
        if frontFrame >= 0, rows.range(ofFrame: frontFrame).contains(low) {
            return front[low - rows.range(ofFrame: frontFrame).lowerBound]
        }
        let frame = rows.frame(holding: low)
        let range = rows.range(ofFrame: frame)
        let own = try leaves(frame)
        if front.count < own.count { front = [Summary](repeating: .none, count: own.count) }
        var sum = carries[frame - carryStart]
        for row in (low..<Swift.min(mid, range.upperBound)).reversed() {
            sum = own[row - range.lowerBound].joined(with: sum)
            front[row - range.lowerBound] = sum
        }
        frontFrame = frame
        return sum
    }
}
