import SQLTypes

/// Every window function, by name.
///
///     ranks         of the partition's and the peers' bounds alone
///     values        which row's value: LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE, and MIN, MAX of a frame
///     aggregates    COUNT, SUM, AVG, variances over frames: `WindowAggregates`
/// - Source: Redshift developer guide, "Window functions".
enum WindowFunctions {
    /// - Parameter checkpoint: called now and then where frames are added up anew; throws if the query is over.
    static func evaluate(
        _ call: WindowSpecification, _ batch: Batch, _ rows: WindowRows,
        checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> Vector {
        let arguments = call.arguments.map { batch.columns[$0] }
        switch call.function {
        case "row_number", "rank", "dense_rank": return ranks(call.function, rows)
        case "percent_rank":
            return doubles(rows.count) { row in
                let others = rows.partitionEnd[row] - rows.partitionStart[row] - 1
                return others == 0 ? 0 : Double(rows.peerStart[row] - rows.partitionStart[row]) / Double(others)
            }
        case "cume_dist":
            return doubles(rows.count) { row in
                Double(rows.peerEnd[row] - rows.partitionStart[row])
                    / Double(rows.partitionEnd[row] - rows.partitionStart[row])
            }
        case "ntile":
            return try ntile(arguments[0]) { row in
                (rows.partitionEnd[row] - rows.partitionStart[row], row - rows.partitionStart[row])
            }
        case "lag", "lead": return try shifted(call, arguments, rows)
        case "first_value", "last_value", "nth_value": return try frameValue(call, arguments, rows)
        case "min", "max": return extreme(call, arguments[0], rows)
        case let name where OrderedSetFunction.names.contains(name):
            return try orderedSets(call, arguments[0], rows)
        default: return try WindowAggregates.evaluate(call, arguments, rows, checkpoint: checkpoint)
        }
    }

    static func doubles(_ count: Int, _ value: (Int) -> Double) -> Vector {
        let buffer = Buffer(count: count, of: Double.self) { target in
            for row in 0..<count { target[row] = value(row) }
        }
        return Vector(kind: .float64, count: count, form: .flat(buffer))
    }

    static func integers(_ count: Int, _ value: (Int) -> Int) -> Vector {
        let buffer = Buffer(count: count, of: Int64.self) { target in
            for row in 0..<count { target[row] = Int64(value(row)) }
        }
        return Vector(kind: .int64, count: count, form: .flat(buffer))
    }

    // MARK: Ranks

    private static func ranks(_ function: String, _ rows: WindowRows) -> Vector {
        switch function {
        case "row_number": return integers(rows.count) { $0 - rows.partitionStart[$0] + 1 }
        case "rank": return integers(rows.count) { rows.peerStart[$0] - rows.partitionStart[$0] + 1 }
        default:
            var rank = 0
            return integers(rows.count) { row in
                if rows.partitionStart[row] == row { rank = 0 }
                if rows.peerStart[row] == row { rank += 1 }
                return rank
            }
        }
    }

    /// The first `size % buckets` buckets get one row more.
    /// - Parameter place: of a row, the size of its partition and its place there.
    static func ntile(_ argument: Vector, _ place: (Int) -> (size: Int, place: Int)) throws(SQLError) -> Vector {
        let buckets = values(argument)
        let valid = validity(argument)
        for row in 0..<argument.count where valid[row] != 0 && buckets[row] <= 0 {
            throw SQLError(.invalidParameterValue, "argument of ntile must be greater than zero")
        }
        let result = integers(argument.count) { row in
            let (size, place) = place(row)
            let count = Int(Swift.min(Swift.max(buckets[row], 1), Int64(size)))
            let (small, larger) = size.quotientAndRemainder(dividingBy: count)
            let cut = larger * (small + 1)
            return place < cut ? place / (small + 1) + 1 : larger + (place - cut) / small + 1
        }
        return argument.mayHaveNulls ? withNulls(result, valid) : result
    }

    private static func withNulls(_ vector: Vector, _ valid: [UInt8]) -> Vector {
        let validity = Buffer(count: valid.count, of: UInt8.self) { target in
            for row in valid.indices { target[row] = valid[row] }
        }
        return Vector(kind: vector.kind, count: vector.count, form: vector.form, validity: validity)
    }

    // MARK: Values of other rows

    static func values(_ vector: Vector) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress { vector.copyIntegers(to: start) }
            filled = vector.count
        }
    }

    /// 1 for each row that is not null.
    static func validity(_ vector: Vector) -> [UInt8] {
        guard vector.mayHaveNulls else { return [UInt8](repeating: 1, count: vector.count) }
        return [UInt8](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress { vector.copyValidity(to: start) }
            filled = vector.count
        }
    }

    /// The argument's value in another row for each row; nil: null.
    private static func picked(_ vector: Vector, _ count: Int, _ source: (Int) -> Int?) -> Vector {
        var rows = [UInt32](repeating: Vector.noRow, count: count)
        for row in 0..<count { if let other = source(row) { rows[row] = UInt32(truncatingIfNeeded: other) } }
        return vector.gatheredOrNull(rows.span)
    }

    /// How far LAG and LEAD look from each row; nil: nowhere, the offset is null.
    static func offsets(_ call: WindowSpecification, _ argument: Vector?) throws(SQLError) -> (Int) -> Int? {
        guard let argument else { return { _ in 1 } }
        let offsets = values(argument)
        let isThere = validity(argument)
        for row in offsets.indices where offsets[row] < 0 && isThere[row] != 0 {
            throw SQLError(.invalidParameterValue, "the offset of \(call.function) must not be negative")
        }
        return { row in
            isThere[row] == 0 ? nil : Int(truncatingIfNeeded: Swift.min(offsets[row], Int64(UInt32.max)))
        }
    }

    /// How many values of the frame NTH_VALUE passes over.
    static func skips(_ argument: Vector?) throws(SQLError) -> (Int) -> Int {
        guard let argument else { return { _ in 0 } }
        let numbers = values(argument)
        guard numbers.allSatisfy({ $0 >= 1 }) else {
            throw SQLError(.invalidParameterValue, "argument of nth_value must be greater than zero")
        }
        return { row in Int(truncatingIfNeeded: Swift.min(numbers[row] - 1, Int64(UInt32.max))) }
    }

    private static func shifted(
        _ call: WindowSpecification, _ arguments: [Vector], _ rows: WindowRows
    ) throws(SQLError) -> Vector {
        let offsets = try offsets(call, arguments.count > 1 ? arguments[1] : nil)
        let step = call.function == "lag" ? -1 : 1
        let present = call.ignoresNulls ? PresentRows(validity(arguments[0])) : nil
        return picked(arguments[0], rows.count) { row in
            guard let offset = offsets(row) else { return nil }
            let partition = rows.partitionStart[row]..<rows.partitionEnd[row]
            guard let present else {
                let place = row + step * offset
                return partition.contains(place) ? place : nil
            }
            if offset == 0 { return row }
            let place =
                step > 0
                ? present.row(number: present.countBefore(row + 1) + offset - 1)
                : present.row(number: present.countBefore(row) - offset)
            return place.flatMap { partition.contains($0) ? $0 : nil }
        }
    }

    private static func frameValue(
        _ call: WindowSpecification, _ arguments: [Vector], _ rows: WindowRows
    ) throws(SQLError) -> Vector {
        let frames = rows.frames(from: call.frameStart, to: call.frameEnd)
        let skips = try skips(arguments.count > 1 ? arguments[1] : nil)
        let present = call.ignoresNulls ? PresentRows(validity(arguments[0])) : nil
        let isLast = call.function == "last_value"
        return picked(arguments[0], rows.count) { row in
            let frame = frames[row]
            let skipped = skips(row)
            guard let present else {
                let place = isLast ? frame.upperBound - 1 : frame.lowerBound + skipped
                return frame.contains(place) ? place : nil
            }
            let number =
                isLast
                ? present.countBefore(frame.upperBound) - 1 : present.countBefore(frame.lowerBound) + skipped
            return present.row(number: number).flatMap { frame.contains($0) ? $0 : nil }
        }
    }

    /// One value for each partition, whose rows come in the order of WITHIN GROUP.
    private static func orderedSets(
        _ call: WindowSpecification, _ argument: Vector, _ rows: WindowRows
    ) throws(SQLError) -> Vector {
        let valid = validity(argument)
        var results = try OrderedSetFunction(
            call.function, argument, type: call.argumentTypes[0], parameter: call.parameter, result: call.result)
        var partitions = [UInt32](repeating: 0, count: rows.count)
        var partition: UInt32 = 0
        var start = 0
        while start < rows.count {
            let end = rows.partitionEnd[start]
            try results.append((start..<end).filter { valid[$0] != 0 })
            for row in start..<end { partitions[row] = partition }
            partition += 1
            start = end
        }
        return results.finish().gathered(partitions.span)
    }

    /// The least or greatest of a frame whose ends only move forward: rows that can still win wait in a queue.
    private static func extreme(_ call: WindowSpecification, _ argument: Vector, _ rows: WindowRows) -> Vector {
        let frames = rows.frames(from: call.frameStart, to: call.frameEnd)
        let order = SortOrder(
            column: 0, type: call.argumentTypes[0], isDescending: call.function == "max", nullsFirst: false)
        let key = SortKeyColumn(argument, order, usesRanks: true)
        let valid = validity(argument)
        var queue: [Int] = []
        var (head, next) = (0, 0)
        return picked(argument, rows.count) { row in
            let frame = frames[row]
            if rows.partitionStart[row] == row {
                queue.removeAll(keepingCapacity: true)
                (head, next) = (0, row)
            }
            while next < frame.upperBound {
                defer { next += 1 }
                if valid[next] == 0 { continue }
                while queue.count > head, key.compare(next, key, queue[queue.count - 1]) < 0 { queue.removeLast() }
                queue.append(next)
            }
            while head < queue.count, queue[head] < frame.lowerBound { head += 1 }
            return head < queue.count && frame.contains(queue[head]) ? queue[head] : nil
        }
    }
}

/// The rows of a column that are not null, by number.
struct PresentRows {
    private var rows: [Int] = []
    /// For each row, how many before it are present.
    private var counts: [Int]

    init(_ valid: [UInt8]) {
        counts = [Int](repeating: 0, count: valid.count + 1)
        for row in valid.indices {
            if valid[row] != 0 { rows.append(row) }
            counts[row + 1] = rows.count
        }
    }

    func countBefore(_ row: Int) -> Int { counts[row] }
    func row(number: Int) -> Int? { rows.indices.contains(number) ? rows[number] : nil }
}
