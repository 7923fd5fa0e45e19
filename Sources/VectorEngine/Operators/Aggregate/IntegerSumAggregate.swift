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
    private let added = Scratch<Int64>(capacity: 1)

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

    private var totals: Column<Int128> { sums.totals }

    private func valueCount(_ group: Int) -> Int64 { rowCounts.pointer[group] + sums.differences.pointer[group] }

    private func seen() -> Buffer? {
        guard (0..<totals.count).contains(where: { valueCount($0) == 0 }) else { return nil }
        return Buffer(count: totals.count, of: UInt8.self) { target in
            for group in 0..<target.count { target[group] = valueCount(group) > 0 ? 1 : 0 }
        }
    }

    func partial() throws(SQLError) -> [Vector] {
        sums.fold()
        try checkPrecision()
        let sum = Vector(kind: .int128, count: totals.count, form: .flat(totals.buffer()), validity: seen())
        guard isAverage else { return [sum] }
        let counts = Buffer(count: totals.count, of: Int64.self) { target in
            for group in 0..<target.count { target[group] = valueCount(group) }
        }
        return [sum, Vector(kind: .int64, count: totals.count, form: .flat(counts))]
    }

    private static let largest = (0..<38).reduce(into: Int128(1)) { power, _ in power *= 10 } - 1

    private func checkPrecision() throws(SQLError) {
        let limit = IntegerSumAggregate.largest
        for group in 0..<totals.count {
            let total = totals.pointer[group]
            guard total >= -limit && total <= limit else { throw SQLError.sumOutOfRange }
        }
    }

    func result() throws(SQLError) -> Vector {
        sums.fold()
        let values = UnsafeMutablePointer<Int128>.allocate(capacity: Swift.max(totals.count, 1))
        defer { values.deallocate() }
        for group in 0..<totals.count { values[group] = try value(of: group) }
        let validity = seen()
        let kind = resultType.storage
        let count = totals.count
        switch kind {
        case .int128:
            return Vector(kind: kind, count: count, form: .flat(try cut(Int128.self, values)), validity: validity)
        case .int64:
            return Vector(kind: kind, count: count, form: .flat(try cut(Int64.self, values)), validity: validity)
        case .int32:
            return Vector(kind: kind, count: count, form: .flat(try cut(Int32.self, values)), validity: validity)
        case .float64:
            let divisor = IntegerSumAggregate.power(argument.scale)
            let buffer = Buffer(count: count, of: Double.self) { target in
                for group in 0..<count { target[group] = Double(values[group]) / divisor }
            }
            return Vector(kind: kind, count: count, form: .flat(buffer), validity: validity)
        default: throw SQLError.internalError("sum into \(resultType)")
        }
    }

    static func power(_ scale: Int) -> Double { (0..<scale).reduce(1.0) { power, _ in power * 10 } }

    private func cut<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ values: UnsafePointer<Int128>
    ) throws(SQLError) -> Buffer {
        try Buffer(count: totals.count, of: T.self) { target throws(SQLError) in
            for group in 0..<totals.count {
                guard let value = T(exactly: values[group]) else { throw SQLError.sumOutOfRange }
                target[group] = value
            }
        }
    }

    /// At the result's scale. An average of integers is cut off, one of decimals rounded as a division is, half away
    /// from 0.
    /// - Source: Redshift developer guide, "AVG function", for integers.
    private func value(of group: Int) throws(SQLError) -> Int128 {
        var total = totals.pointer[group]
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
