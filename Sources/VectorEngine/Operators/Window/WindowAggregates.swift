import SQLTypes

/// Aggregates over frames. Counts and exact sums are differences of running totals, so a frame costs the same whatever
/// its size; sums of floats, which would lose digits that way, are carried along while only the frame's end moves and
/// added up anew where its start does.
enum WindowAggregates {
    static func evaluate(
        _ call: WindowSpecification, _ arguments: [Vector], _ rows: WindowRows,
        checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Vector {
        let frames = rows.frames(from: call.frameStart, to: call.frameEnd)
        guard let argument = arguments.first else {
            guard call.function == "count" else {
                throw SQLError.unsupported("window function \(call.function)")
            }
            return counts(frames.map(\.count))
        }
        let present = PresentRows(WindowFunctions.validity(argument))
        let counted = frames.map { present.countBefore($0.upperBound) - present.countBefore($0.lowerBound) }
        let isFloat = call.argumentTypes[0].isFloat
        switch call.function {
        case "count": return counts(counted)
        case "sum", "avg":
            return isFloat
                ? try floatSums(call, argument, frames, counted, checkpoint)
                : try exactSums(call, argument, frames, counted)
        case "ratio_to_report":
            return try ratios(argument, call.argumentTypes[0], frames, counted, checkpoint)
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop":
            return try variances(call, argument, frames, counted, checkpoint)
        default: throw SQLError.unsupported("window function \(call.function)")
        }
    }

    private static func counts(_ counts: [Int]) -> Vector {
        let buffer = Buffer(count: counts.count, of: Int64.self) { target in
            for row in counts.indices { target[row] = Int64(counts[row]) }
        }
        return Vector(kind: .int64, count: counts.count, form: .flat(buffer))
    }

    /// nil: all valid.
    private static func validity(_ isThere: [Bool]) -> Buffer? {
        if isThere.allSatisfy({ $0 }) { return nil }
        return Buffer(count: isThere.count, of: UInt8.self) { target in
            for row in isThere.indices { target[row] = isThere[row] ? 1 : 0 }
        }
    }

    // MARK: Integers and decimals

    private static func exactSums(
        _ call: WindowSpecification, _ argument: Vector, _ frames: [Range<Int>], _ counted: [Int]
    ) throws(SQLError) -> Vector {
        var values = integers(argument)
        let valid = WindowFunctions.validity(argument)
        // Modulo 2^128: a difference of two totals is right whenever the sum itself fits.
        var total: Int128 = 0
        for row in values.indices {
            if valid[row] != 0 { total &+= values[row] }
            values[row] = total
        }
        func running(_ row: Int) -> Int128 { row == 0 ? 0 : values[row - 1] }
        var builder = VectorBuilder(kind: call.result.storage, capacity: frames.count)
        for (row, frame) in frames.enumerated() {
            guard counted[row] > 0 else {
                builder.appendNull()
                continue
            }
            let sum = running(frame.upperBound) &- running(frame.lowerBound)
            builder.append(integer: try exact(call, sum: sum, count: counted[row]))
        }
        return builder.finish()
    }

    static func integers(_ vector: Vector) -> [Int128] {
        [Int128](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress { vector.copyIntegers(to: start) }
            filled = vector.count
        }
    }

    private static let largest = Int128(PowersOfTen.int128[38] - 1)

    /// SUM or AVG of `count` values that add up to `sum`.
    static func exact(_ call: WindowSpecification, sum: Int128, count: Int) throws(SQLError) -> Int128 {
        var result = sum
        if call.function == "avg" {
            let count = Int128(count)
            let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: count)
            let isHalf = remainder.magnitude >= count.magnitude - remainder.magnitude
            result = call.argumentTypes[0].isDecimal && isHalf ? quotient + sum.signum() : quotient
        }
        guard result >= -largest, result <= largest, call.result.storage == .int128 || Int64(exactly: result) != nil
        else { throw SQLError.sumOutOfRange }
        return result
    }

    // MARK: Floats

    private static func doubles(_ vector: Vector) -> [Double] {
        [Double](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress { vector.copyDoubles(to: start) }
            filled = vector.count
        }
    }

    /// Rows that are added between two checkpoints, about.
    static let rowsBetweenCheckpoints = 1 << 18

    /// Calls `add` for each valid row of a frame that is new, `reset` where the frame begins elsewhere, `finish` when
    /// the frame of a row is complete.
    /// - Complexity: where frames begin elsewhere with each row, rows × their size: hence the checkpoints.
    private static func walk(
        _ frames: [Range<Int>], _ valid: [UInt8], _ checkpoint: () throws(SQLError) -> Void, reset: () -> Void,
        add: (Int) -> Void, finish: (Int) -> Void
    ) throws(SQLError) {
        var seen = 0..<0
        var added = 0
        for (row, frame) in frames.enumerated() {
            if added >= rowsBetweenCheckpoints {
                added = 0
                try checkpoint()
            }
            if frame.lowerBound != seen.lowerBound || frame.upperBound < seen.upperBound {
                reset()
                seen = frame.lowerBound..<frame.lowerBound
            }
            added += 1 + frame.upperBound - seen.upperBound
            for other in seen.upperBound..<frame.upperBound where valid[other] != 0 { add(other) }
            seen = frame
            finish(row)
        }
    }

    private static func floatSums(
        _ call: WindowSpecification, _ argument: Vector, _ frames: [Range<Int>], _ counted: [Int],
        _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Vector {
        let values = doubles(argument)
        var results = [Double](repeating: 0, count: frames.count)
        var sum = 0.0
        try walk(frames, WindowFunctions.validity(argument), checkpoint) {
            sum = 0
        } add: {
            sum += values[$0]
        } finish: { row in
            results[row] = call.function == "avg" && counted[row] > 0 ? sum / Double(counted[row]) : sum
        }
        return vector(results, counted.map { $0 > 0 })
    }

    static func vector(_ results: [Double], _ isThere: [Bool]) -> Vector {
        let buffer = Buffer(count: results.count, of: Double.self) { target in
            for row in results.indices { target[row] = results[row] }
        }
        return Vector(kind: .float64, count: results.count, form: .flat(buffer), validity: validity(isThere))
    }

    private static func ratios(
        _ argument: Vector, _ type: SQLType, _ frames: [Range<Int>], _ counted: [Int],
        _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Vector {
        let values = scaledDoubles(argument, type)
        let valid = WindowFunctions.validity(argument)
        var results = [Double](repeating: 0, count: frames.count)
        var isThere = [Bool](repeating: false, count: frames.count)
        var sum = 0.0
        try walk(frames, valid, checkpoint) {
            sum = 0
        } add: {
            sum += values[$0]
        } finish: { row in
            guard valid[row] != 0, sum != 0 else { return }
            results[row] = values[row] / sum
            isThere[row] = true
        }
        return vector(results, isThere)
    }

    private static func scaledDoubles(_ argument: Vector, _ type: SQLType) -> [Double] {
        guard !type.isFloat else { return doubles(argument) }
        let lanes = argument.doubleLanes(scale: type.scale)
        return (0..<argument.count).map { lanes[$0] }
    }

    /// As numbers, 0 for nulls.
    static func presentDoubles(_ argument: Vector, _ type: SQLType) -> [Double] {
        var values = scaledDoubles(argument, type)
        guard argument.mayHaveNulls else { return values }
        let valid = WindowFunctions.validity(argument)
        for row in values.indices where valid[row] == 0 { values[row] = 0 }
        return values
    }

    static func isSample(_ function: String) -> Bool { function.hasSuffix("_samp") }

    /// The variance or standard deviation.
    static func spread(_ function: String, count: Double, squares: Double) -> Double {
        let divisor = isSample(function) ? count - 1 : count
        let variance = divisor > 0 ? squares / divisor : 0
        return function.hasPrefix("stddev") ? variance.squareRoot() : variance
    }

    /// - Source: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 1962.
    private static func variances(
        _ call: WindowSpecification, _ argument: Vector, _ frames: [Range<Int>], _ counted: [Int],
        _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Vector {
        let values = scaledDoubles(argument, call.argumentTypes[0])
        var results = [Double](repeating: 0, count: frames.count)
        var (count, mean, squares) = (0.0, 0.0, 0.0)
        let needed = isSample(call.function) ? 1 : 0
        try walk(frames, WindowFunctions.validity(argument), checkpoint) {
            (count, mean, squares) = (0, 0, 0)
        } add: {
            count += 1
            let delta = values[$0] - mean
            mean += delta / count
            squares += delta * (values[$0] - mean)
        } finish: { row in
            results[row] = spread(call.function, count: count, squares: squares)
        }
        return vector(results, counted.map { $0 > needed })
    }
}
