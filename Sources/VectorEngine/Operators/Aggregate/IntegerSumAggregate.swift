import SQLTypes

/// SUM and AVG of integers and decimals.
///
/// Rows are added in 64 bits as long as no sum can leave them: `budget` is what may still be added to any group, in
/// absolute value, and each batch takes rows · |max| from it. When it is used up, the 64-bit sums are folded into the
/// 128-bit ones. Arguments of 128 bits go into these at once, checked.
final class IntegerSumAggregate: Aggregate {
    private let argument: SQLType
    private let resultType: SQLType
    private let isAverage: Bool
    private let totals = Column<Int128>()
    private let partials = Column<Int64>()
    private let rowCounts: RowCounts
    /// What the number of values differs from the group's rows by.
    private let differences = Column<Int64>()
    private let values = Scratch<Int64>()
    private let wides = Scratch<Int128>(capacity: 1)
    private let valid = Scratch<UInt8>(capacity: 1)
    private var budget = UInt64(Int64.max)

    init(argument: SQLType, result: SQLType, isAverage: Bool, _ rowCounts: RowCounts) {
        self.rowCounts = rowCounts
        self.argument = argument
        resultType = result
        self.isAverage = isAverage
    }

    var byteCount: Int { totals.byteCount + partials.byteCount + differences.byteCount }

    func grow(to groupCount: Int) {
        totals.grow(to: groupCount, filling: 0)
        partials.grow(to: groupCount, filling: 0)
        differences.grow(to: groupCount, filling: 0)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) throws(SQLError) {
        let column = arguments[0]
        let valid = validity(of: column)
        if column.kind == .int128 {
            try addWide(column, rows, valid: valid, added: nil)
        } else {
            addNarrow(column, rows, valid: valid)
        }
    }

    /// nil: no row is null.
    private func validity(of column: Vector) -> UnsafePointer<UInt8>? {
        guard column.mayHaveNulls else { return nil }
        let valid = self.valid.reserve(column.count)
        column.copyValidity(to: valid)
        return UnsafePointer(valid)
    }

    private func addNarrow(_ column: Vector, _ rows: GroupedRows, valid: UnsafePointer<UInt8>?) {
        let values = self.values.reserve(rows.count)
        column.copyIntegers(to: values)
        if let valid { for row in 0..<rows.count where valid[row] == 0 { values[row] = 0 } }
        let bound = magnitude(of: column, values)
        let (needed, overflow) = bound.multipliedReportingOverflow(by: UInt64(rows.count))
        guard !overflow, needed <= UInt64(Int64.max) else { return addChecked(values, rows, valid: valid) }
        if needed > budget { fold() }
        budget -= needed
        countNulls(rows, valid)
        let partials = self.partials.pointer
        guard let groups = rows.groups else {
            var sum: Int64 = 0
            for row in 0..<rows.count { sum &+= values[row] }
            partials[0] &+= sum
            return
        }
        for row in 0..<rows.count { partials[Int(groups[row])] &+= values[row] }
    }

    private func countNulls(_ rows: GroupedRows, _ valid: UnsafePointer<UInt8>?) {
        guard let valid else { return }
        let differences = self.differences.pointer
        for row in 0..<rows.count { differences[Int(rows.groups?[row] ?? 0)] -= 1 - Int64(valid[row]) }
    }

    /// At least the largest absolute value of the batch; of codes without a look at the rows.
    private func magnitude(of column: Vector, _ values: UnsafePointer<Int64>) -> UInt64 {
        if case .coded(let codes, let base) = column.form {
            return base.magnitude + (UInt64(1) << UInt64(8 * codes.width))
        }
        var bits: Int64 = 0
        for row in 0..<column.count { bits |= values[row] ^ (values[row] >> 63) }
        // Every value is in -2^n ... 2^n - 1 where n is the number of significant bits.
        return UInt64(1) << UInt64(64 - bits.leadingZeroBitCount)
    }

    /// Values so large that a batch of them may leave 64 bits.
    private func addChecked(_ values: UnsafePointer<Int64>, _ rows: GroupedRows, valid: UnsafePointer<UInt8>?) {
        countNulls(rows, valid)
        for row in 0..<rows.count { totals.pointer[Int(rows.groups?[row] ?? 0)] += Int128(values[row]) }
    }

    /// `added`: how many values each row stands for, if it is a partial sum.
    private func addWide(
        _ column: Vector, _ rows: GroupedRows, valid: UnsafePointer<UInt8>?, added: UnsafePointer<Int64>?
    ) throws(SQLError) {
        let values = wides.reserve(rows.count)
        column.copyIntegers(to: values)
        countNulls(rows, valid)
        for row in 0..<rows.count where valid.map({ $0[row] != 0 }) ?? true {
            let group = Int(rows.groups?[row] ?? 0)
            let (sum, overflow) = totals.pointer[group].addingReportingOverflow(values[row])
            guard !overflow else { throw SQLError.sumOutOfRange }
            totals.pointer[group] = sum
            differences.pointer[group] += (added?[row] ?? 1) - 1
        }
    }

    private func fold() {
        for group in 0..<totals.count {
            // Far from the ends: 2^63 partial sums would be needed to get there.
            totals.pointer[group] &+= Int128(partials.pointer[group])
            partials.pointer[group] = 0
        }
        budget = UInt64(Int64.max)
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) throws(SQLError) {
        let valid = validity(of: states[0])
        guard isAverage else { return try addWide(states[0], rows, valid: valid, added: nil) }
        let added = values.reserve(rows.count)
        states[1].copyIntegers(to: added)
        try addWide(states[0], rows, valid: valid, added: UnsafePointer(added))
    }

    // MARK: Output

    private func valueCount(_ group: Int) -> Int64 { rowCounts.pointer[group] + differences.pointer[group] }

    private func seen() -> Buffer? {
        guard (0..<totals.count).contains(where: { valueCount($0) == 0 }) else { return nil }
        return Buffer(count: totals.count, of: UInt8.self) { target in
            for group in 0..<target.count { target[group] = valueCount(group) > 0 ? 1 : 0 }
        }
    }

    func partial() throws(SQLError) -> [Vector] {
        fold()
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
        fold()
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
