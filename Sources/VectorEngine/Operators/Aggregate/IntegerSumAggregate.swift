import SQLTypes

/// SUM and AVG of integers and decimals.
final class IntegerSumAggregate: Aggregate {
    private let argument: SQLType
    private let resultType: SQLType
    private let isAverage: Bool
    private let sums: IntegerSums
    /// Another call on the same column grows the sums and adds to them.
    private let isGuest: Bool
    private let rowCounts: RowCounts
    private let added = Scratch<Int64>(capacity: 0)

    init(
        argument: SQLType, result: SQLType, isAverage: Bool, _ rowCounts: RowCounts, sums: IntegerSums, isGuest: Bool
    ) {
        self.rowCounts = rowCounts
        self.argument = argument
        resultType = result
        self.isAverage = isAverage
        self.sums = sums
        self.isGuest = isGuest
    }

    var byteCount: Int { isGuest ? 0 : sums.byteCount }

    func grow(to groupCount: Int) {
        if !isGuest { sums.grow(to: groupCount) }
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) throws(SQLError) {
        if !isGuest { try sums.add(arguments[0], rows) }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) throws(SQLError) {
        let valid = sums.validity(of: states[0])
        guard isAverage else { return try sums.addWide(states[0], rows, valid: valid, added: nil) }
        let added = self.added.reserve(rows.count)
        states[1].copyIntegers(to: added)
        try sums.addWide(states[0], rows, valid: valid, added: UnsafePointer(added))
    }

    // MARK: Output

    private func valueCount(_ group: Int) -> Int64 { rowCounts.pointer[group] + sums.difference(of: group) }

    private func seen(_ groups: Range<Int>) -> Buffer? {
        // A group is there because it has a row, but for the one of no GROUP BY.
        guard rowCounts.count > 0, sums.hasDifferences || sums.groupCount == 1,
            groups.contains(where: { valueCount($0) == 0 })
        else {
            return nil
        }
        return Buffer(count: groups.count, of: UInt8.self) { target in
            for group in groups { target[group - groups.lowerBound] = valueCount(group) > 0 ? 1 : 0 }
        }
    }

    func partial() throws(SQLError) -> [Vector] {
        let count = sums.groupCount
        let sum = Vector(
            kind: .int128, count: count, form: .flat(try wideTotals(0..<count)), validity: seen(0..<count))
        guard isAverage else { return [sum] }
        let counts = Buffer(count: count, of: Int64.self) { target in
            for group in 0..<count { target[group] = valueCount(group) }
        }
        return [sum, Vector(kind: .int64, count: count, form: .flat(counts))]
    }

    /// The sums at the argument's scale; an error if one has more than 38 digits.
    private func wideTotals(_ groups: Range<Int>) throws(SQLError) -> Buffer {
        if sums.hasTotals { try checkPrecision(groups) }
        let sums = self.sums
        let first = groups.lowerBound
        return Buffer.filled(count: groups.count, of: Int128.self) { target in
            if sums.hasTotals {
                for group in groups { target[group - first] = sums.total(of: group) }
            } else {
                for group in groups { target[group - first] = Int128(sums.unfolded(group)) }
            }
        }
    }

    private static let largest = (0..<38).reduce(into: Int128(1)) { power, _ in power *= 10 } - 1

    private func checkPrecision(_ groups: Range<Int>) throws(SQLError) {
        let limit = IntegerSumAggregate.largest
        for group in groups {
            let total = sums.total(of: group)
            guard total >= -limit && total <= limit else { throw SQLError.sumOutOfRange }
        }
    }

    func result() throws(SQLError) -> Vector { try results(0..<sums.groupCount) }
    func result(of groups: Range<Int>) throws(SQLError) -> Vector? { try results(groups) }

    private func results(_ groups: Range<Int>) throws(SQLError) -> Vector {
        let count = groups.count
        let validity = seen(groups)
        if !isAverage, resultType.storage == .int128, resultType.scale == argument.scale {
            return Vector(kind: .int128, count: count, form: .flat(try wideTotals(groups)), validity: validity)
        }
        let values = UnsafeMutablePointer<Int128>.allocate(capacity: Swift.max(count, 1))
        defer { values.deallocate() }
        for group in groups { values[group - groups.lowerBound] = try value(of: group) }
        let kind = resultType.storage
        switch kind {
        case .int128:
            return Vector(
                kind: kind, count: count, form: .flat(try cut(Int128.self, values, count)), validity: validity)
        case .int64:
            return Vector(kind: kind, count: count, form: .flat(try cut(Int64.self, values, count)), validity: validity)
        case .int32:
            return Vector(kind: kind, count: count, form: .flat(try cut(Int32.self, values, count)), validity: validity)
        case .float64:
            let divisor = IntegerSumAggregate.power(argument.scale)
            let buffer = Buffer(count: count, of: Double.self) { target in
                for index in 0..<count { target[index] = Double(values[index]) / divisor }
            }
            return Vector(kind: kind, count: count, form: .flat(buffer), validity: validity)
        default: throw SQLError.internalError("sum into \(resultType)")
        }
    }

    static func power(_ scale: Int) -> Double { (0..<scale).reduce(1.0) { power, _ in power * 10 } }

    private func cut<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ values: UnsafePointer<Int128>, _ count: Int
    ) throws(SQLError) -> Buffer {
        try Buffer(count: count, of: T.self) { target throws(SQLError) in
            for index in 0..<count {
                guard let value = T(exactly: values[index]) else { throw SQLError.sumOutOfRange }
                target[index] = value
            }
        }
    }

    /// At the result's scale. An average of integers is cut off, one of decimals rounded as a division is, half away
    /// from 0.
    /// - Source: Redshift developer guide, "AVG function", for integers.
    private func value(of group: Int) throws(SQLError) -> Int128 {
        var total = sums.total(of: group)
        let limit = IntegerSumAggregate.largest
        var scale = argument.scale
        while scale < resultType.scale {
            let (product, overflow) = total.multipliedReportingOverflow(by: 10)
            guard !overflow else { throw SQLError.sumOutOfRange }
            total = product
            scale += 1
        }
        if isAverage {
            let count = Int128(Swift.max(valueCount(group), 1))
            let (quotient, remainder) = total.quotientAndRemainder(dividingBy: count)
            let isHalf = remainder.magnitude >= count.magnitude - remainder.magnitude
            total = argument.isDecimal && isHalf ? quotient + total.signum() : quotient
        }
        while scale > resultType.scale && !resultType.isFloat {
            total /= 10
            scale -= 1
        }
        guard total >= -limit && total <= limit else { throw SQLError.sumOutOfRange }
        return total
    }
}
