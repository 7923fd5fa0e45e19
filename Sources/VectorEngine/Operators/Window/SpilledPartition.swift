import SQLTypes

/// A window partition that is on disk, as its calls see it: the columns that they look at, by row.
struct SpilledPartition {
    /// The columns that partition, order and calls read, in the order of `columns`.
    let rows: SpilledRows
    /// By input column, its place in `rows`.
    let places: [Int: Int]
    let kinds: [StorageKind]
    /// ORDER BY, in places of `rows`.
    let order: [SortOrder]
    let workspace: SpillWorkspace

    var count: Int { rows.count }

    /// Rows of the frame of row `row`, which may be empty.
    func frame(of row: Int, _ call: WindowSpecification) -> Range<Int> {
        WindowRows.frame(of: row, from: call.frameStart, to: call.frameEnd, in: 0..<count)
    }

    /// Where the call's argument number `argument` is in `rows`.
    func place(_ call: WindowSpecification, _ argument: Int) -> Int { places[call.arguments[argument]] ?? 0 }

    func kind(_ call: WindowSpecification, _ argument: Int) -> StorageKind { kinds[place(call, argument)] }
}

/// One call over a partition on disk. It holds a few frames of rows and a summary of each frame at most, whatever the
/// partition's size.
protocol SpilledWindowCall: AnyObject {
    /// The results of `rows`, which have the numbers from `first` on. Asked for from the first row to the last.
    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector
}

/// Hands out the rows of a partition on disk with the results of all calls, frame by frame.
final class SpilledWindow: WindowOutput {
    private let output: SpillRunSource
    private let partition: SpilledPartition
    private let calls: [any SpilledWindowCall]
    private var frame = 0

    /// - Parameters:
    ///   - rows: all columns; `looked`: those that the calls look at, in the same order. May be one run.
    init(
        _ rows: SpillRun, looked: SpillRun, needed: [Int], kinds: [StorageKind], order: [SortOrder],
        calls: [WindowSpecification], _ workspace: SpillWorkspace
    ) throws(SQLError) {
        output = SpillRunSource([rows])
        let places = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
        partition = SpilledPartition(
            rows: SpilledRows(looked, workspace), places: places, kinds: needed.map { kinds[$0] },
            order: order.map { key in
                var own = key
                own.column = places[key.column] ?? 0
                return own
            }, workspace: workspace)
        var made: [any SpilledWindowCall] = []
        for call in calls { made.append(try SpilledWindow.make(call, partition)) }
        self.calls = made
        // Two frames for each of a call's readers (three at most), and the rows on their way.
        let frames = 2 * rows.largestFrameBytes + (6 * calls.count + 2) * looked.largestFrameBytes
        workspace.account.force(to: frames)
    }

    private static func make(
        _ call: WindowSpecification, _ partition: SpilledPartition
    ) throws(SQLError) -> any SpilledWindowCall {
        switch call.function {
        case "row_number", "rank", "dense_rank", "percent_rank", "cume_dist": SpilledRanks(call, partition)
        case "ntile": SpilledBuckets(call, partition)
        case "lag", "lead": try SpilledShift(call, partition)
        case "first_value", "last_value", "nth_value": try SpilledFrameValue(call, partition)
        case "min", "max": SpilledExtreme(call, partition)
        case let name where OrderedSetFunction.names.contains(name): try SpilledSetValue(call, partition)
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop": SpilledVariance(call, partition)
        case "ratio_to_report": SpilledRatio(call, partition)
        case "count": SpilledCount(call, partition)
        case "sum", "avg":
            call.argumentTypes[0].isFloat ? SpilledFloatSum(call, partition) : SpilledSum(call, partition)
        default: throw SQLError.unsupported("window function \(call.function)")
        }
    }

    func next() throws(SQLError) -> Batch? {
        guard let batch = try output.nextBatch() else { return nil }
        try partition.workspace.checkpoint()
        // Both runs were written batch by batch alike.
        let looked = try partition.rows.batch(frame)
        let first = partition.rows.range(ofFrame: frame).lowerBound
        frame += 1
        guard looked.count == batch.count else { throw SQLError.internalError("frames of a window differ") }
        var columns = batch.columns
        for call in calls { columns.append(try call.results(of: looked, from: first)) }
        return Batch(columns: columns, count: batch.count)
    }
}
