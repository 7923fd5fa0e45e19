import SQLTypes

/// COUNT over frames of a partition on disk.
final class SpilledCount: SpilledWindowCall {
    private let frames: SpilledCounts

    init(_ call: WindowSpecification, _ partition: SpilledPartition) { frames = SpilledCounts(call, partition) }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let counts = try frames.counts(of: first..<first + rows.count)
        return WindowFunctions.integers(rows.count) { counts[$0] }
    }
}

/// How many values the frames of rows have.
final class SpilledCounts {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let lower: RunningTotals?
    private let upper: RunningTotals?

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        let hasArgument = !call.arguments.isEmpty
        lower = hasArgument ? RunningTotals(partition, column: partition.place(call, 0), sums: false) : nil
        upper = hasArgument ? RunningTotals(partition, column: partition.place(call, 0), sums: false) : nil
    }

    func counts(of rows: Range<Int>) throws(SQLError) -> [Int] {
        var counts: [Int] = []
        counts.reserveCapacity(rows.count)
        for row in rows {
            let frame = partition.frame(of: row, call)
            guard let lower, let upper else {
                counts.append(frame.count)
                continue
            }
            counts.append(try upper.count(before: frame.upperBound) - lower.count(before: frame.lowerBound))
        }
        return counts
    }
}

/// SUM and AVG of exact numbers over frames of a partition on disk: differences of running totals.
final class SpilledSum: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let lower: RunningTotals
    private let upper: RunningTotals

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        lower = RunningTotals(partition, column: partition.place(call, 0), sums: true)
        upper = RunningTotals(partition, column: partition.place(call, 0), sums: true)
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        var builder = VectorBuilder(kind: call.result.storage, capacity: rows.count)
        for row in first..<first + rows.count {
            let frame = partition.frame(of: row, call)
            let count = try upper.count(before: frame.upperBound) - lower.count(before: frame.lowerBound)
            guard count > 0 else {
                builder.appendNull()
                continue
            }
            let sum = try upper.total(before: frame.upperBound) &- lower.total(before: frame.lowerBound)
            builder.append(integer: try WindowAggregates.exact(call, sum: sum, count: count))
        }
        return builder.finish()
    }
}

extension Double: WindowSummary {
    static var none: Double { 0 }
    func joined(with later: Double) -> Double { self + later }
}

/// SUM and AVG of floats over frames of a partition on disk.
final class SpilledFloatSum: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let counts: SpilledCounts
    private let sums: SlidingSummary<Double>

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        counts = SpilledCounts(call, partition)
        let column = partition.place(call, 0)
        let type = call.argumentTypes[0]
        sums = SlidingSummary(partition) { rows, _ in
            WindowAggregates.presentDoubles(rows.columns[column], type)
        }
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let counted = try counts.counts(of: first..<first + rows.count)
        var results: [Double] = []
        for row in 0..<rows.count {
            let sum = try sums.summary(of: partition.frame(of: first + row, call))
            results.append(call.function == "avg" && counted[row] > 0 ? sum / Double(counted[row]) : sum)
        }
        return WindowAggregates.vector(results, counted.map { $0 > 0 })
    }
}

/// RATIO_TO_REPORT of a partition on disk.
final class SpilledRatio: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let sums: SlidingSummary<Double>

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        let column = partition.place(call, 0)
        let type = call.argumentTypes[0]
        sums = SlidingSummary(partition) { rows, _ in
            WindowAggregates.presentDoubles(rows.columns[column], type)
        }
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        let argument = rows.columns[partition.place(call, 0)]
        let values = WindowAggregates.presentDoubles(argument, call.argumentTypes[0])
        let valid = WindowFunctions.validity(argument)
        var results = [Double](repeating: 0, count: rows.count)
        var isThere = [Bool](repeating: false, count: rows.count)
        for row in 0..<rows.count {
            let sum = try sums.summary(of: partition.frame(of: first + row, call))
            guard valid[row] != 0, sum != 0 else { continue }
            results[row] = values[row] / sum
            isThere[row] = true
        }
        return WindowAggregates.vector(results, isThere)
    }
}

/// Count, mean and sum of squared deviations of some values.
/// - Source: Chan, Golub, LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 1983.
struct Moments: WindowSummary {
    var count = 0.0
    var mean = 0.0
    var squares = 0.0

    static var none: Moments { Moments() }

    func joined(with later: Moments) -> Moments {
        if count == 0 { return later }
        if later.count == 0 { return self }
        let total = count + later.count
        let distance = later.mean - mean
        return Moments(
            count: total, mean: mean + distance * later.count / total,
            squares: squares + later.squares + distance * distance * count * later.count / total)
    }
}

/// The variances and standard deviations over frames of a partition on disk.
final class SpilledVariance: SpilledWindowCall {
    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let moments: SlidingSummary<Moments>

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        let column = partition.place(call, 0)
        let type = call.argumentTypes[0]
        moments = SlidingSummary(partition) { rows, _ in
            let argument = rows.columns[column]
            let valid = WindowFunctions.validity(argument)
            let values = WindowAggregates.presentDoubles(argument, type)
            return values.indices.map { valid[$0] != 0 ? Moments(count: 1, mean: values[$0]) : .none }
        }
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        var results: [Double] = []
        var isThere: [Bool] = []
        for row in first..<first + rows.count {
            let own = try moments.summary(of: partition.frame(of: row, call))
            results.append(WindowAggregates.spread(call.function, count: own.count, squares: own.squares))
            isThere.append(own.count > (WindowAggregates.isSample(call.function) ? 1 : 0))
        }
        return WindowAggregates.vector(results, isThere)
    }
}

/// MIN and MAX over frames of a partition on disk.
final class SpilledExtreme: SpilledWindowCall {
    private struct Best: WindowSummary {
        /// -1: none.
        var row = -1
        var key = SortKeyCopy()

        static var none: Best { Best() }

        /// Of equal values the earlier one.
        func joined(with later: Best) -> Best {
            if row < 0 { return later }
            return later.row >= 0 && later.key.precedes(key) ? later : self
        }
    }

    private let call: WindowSpecification
    private let partition: SpilledPartition
    private let values: SpilledRows
    private let best: SlidingSummary<Best>

    init(_ call: WindowSpecification, _ partition: SpilledPartition) {
        self.call = call
        self.partition = partition
        values = SpilledRows(partition.rows)
        let column = partition.place(call, 0)
        let order = SortOrder(
            column: 0, type: call.argumentTypes[0], isDescending: call.function == "max", nullsFirst: false)
        best = SlidingSummary(partition) { rows, first in
            let argument = rows.columns[column]
            let valid = WindowFunctions.validity(argument)
            let keys = SortKeyColumn(argument, order, usesRanks: false)
            return valid.indices.map { valid[$0] != 0 ? Best(row: first + $0, key: keys.copy(of: $0)) : .none }
        }
    }

    func results(of rows: Batch, from first: Int) throws(SQLError) -> Vector {
        var places: [Int] = []
        for row in first..<first + rows.count {
            places.append(try best.summary(of: partition.frame(of: row, call)).row)
        }
        return try values.values(partition.place(call, 0), kind: partition.kind(call, 0), of: places)
    }
}

/// LISTAGG, MEDIAN and the percentiles of a partition on disk, whose rows come in the order of WITHIN GROUP.
final class SpilledSetValue: SpilledWindowCall {
    private let value: Vector

    init(_ call: WindowSpecification, _ partition: SpilledPartition) throws(SQLError) {
        let set = try OrderedSetRun(
            call.function, type: call.argumentTypes[0], parameter: call.parameter, result: call.result,
            partition.workspace)
        for frame in 0..<partition.rows.frameCount {
            try set.append(try partition.rows.batch(frame).columns[partition.place(call, 0)])
        }
        value = try set.finish()
    }

    func results(of rows: Batch, from first: Int) -> Vector {
        let places = [UInt32](repeating: 0, count: rows.count)
        return value.gathered(places.span)
    }
}
