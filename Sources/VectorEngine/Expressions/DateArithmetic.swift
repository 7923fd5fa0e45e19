import SQLTypes

/// `+` and `-` on dates, times and intervals, and interval × number.
/// - Source: Redshift developer guide, "Date and time operators" and "Interval literals".
enum DateArithmetic {
    static func apply(_ call: ArithmeticCall, _ evaluator: ExpressionEvaluator) throws(SQLError) -> Operand {
        let sign: Int64 = call.op == .subtract ? -1 : 1
        switch (call.leftType, call.rightType) {
        case (.date, let right) where right.isInteger:
            return try days(call, call.left, call.right, sign)
        case (let left, .date) where left.isInteger && call.op == .add:
            return try days(call, call.right, call.left, 1)
        case (.date, .date) where call.op == .subtract, (.timestamp, .timestamp) where call.op == .subtract,
            (.timestamptz, .timestamptz) where call.op == .subtract, (.time, .time) where call.op == .subtract:
            return try evaluator.integerArithmetic(call)
        case (let left, let right) where left.isInterval && right.isInterval:
            return try intervalSum(call, sign, evaluator)
        case (let left, let right) where right.isInterval && left.isDateOrTime:
            return try moved(call, call.left, left, by: call.right, right, sign)
        case (let left, let right) where left.isInterval && right.isDateOrTime && call.op == .add:
            return try moved(call, call.right, right, by: call.left, left, 1)
        case (let left, let right) where left.isInterval && right.isNumeric:
            return try scaled(call, call.left, left, call.right, right)
        case (let left, let right) where right.isInterval && left.isNumeric && call.op == .multiply:
            return try scaled(call, call.right, right, call.left, left)
        default: throw .unsupported("operator on \(call.leftType) and \(call.rightType)")
        }
    }

    /// DATE ± integer.
    private static func days(
        _ call: ArithmeticCall, _ date: Operand, _ count: Operand, _ sign: Int64
    ) throws(SQLError) -> Operand {
        let dates = date.vector.int64Lanes()
        let counts = count.vector.int64Lanes()
        return try rows(call) { row throws(SQLError) in
            let (moved, overflow) =
                sign > 0
                ? dates[row].addingReportingOverflow(counts[row]) : dates[row].subtractingReportingOverflow(counts[row])
            guard !overflow, let days = Int(exactly: moved) else {
                throw SQLError(.datetimeFieldOverflow, "date out of range")
            }
            return Int64(try DateRange.checked(days: days))
        }
    }

    /// A date or time plus or minus an interval; a DATE becomes a TIMESTAMP.
    private static func moved(
        _ call: ArithmeticCall, _ moment: Operand, _ momentType: SQLType, by interval: Operand, _ intervalType: SQLType,
        _ sign: Int64
    ) throws(SQLError) -> Operand {
        let moments = moment.vector.int64Lanes()
        let intervals = IntervalLanes(interval.vector, intervalType)
        switch momentType {
        case .date, .timestamp, .timestamptz:
            let unit = momentType == .date ? TimeOfDay.microsecondsPerDay : 1
            return try rows(call) { row throws(SQLError) in
                let span = sign > 0 ? intervals[row] : try intervals[row].negated()
                return try DateMath.add(span, to: moments[row] &* unit)
            }
        case .time:
            return try rows(call) { row throws(SQLError) in
                let span = sign > 0 ? intervals[row] : try intervals[row].negated()
                return DateMath.add(span, toTime: moments[row])
            }
        default: throw .unsupported("operator on \(call.leftType) and \(call.rightType)")
        }
    }

    private static func intervalSum(
        _ call: ArithmeticCall, _ sign: Int64, _ evaluator: ExpressionEvaluator
    ) throws(SQLError) -> Operand {
        let left = IntervalLanes(call.left.vector, call.leftType)
        let right = IntervalLanes(call.right.vector, call.rightType)
        return try intervals(call) { row throws(SQLError) in
            try left[row].adding(sign > 0 ? right[row] : try right[row].negated())
        }
    }

    /// interval × number, interval / number.
    private static func scaled(
        _ call: ArithmeticCall, _ interval: Operand, _ intervalType: SQLType, _ factor: Operand, _ factorType: SQLType
    ) throws(SQLError) -> Operand {
        guard call.op == .multiply || call.op == .divide else {
            throw .unsupported("operator on \(call.leftType) and \(call.rightType)")
        }
        let intervals = IntervalLanes(interval.vector, intervalType)
        let factors = factor.vector.doubleLanes(scale: factorType.scale)
        return try self.intervals(call) { row throws(SQLError) in
            if call.op == .multiply { return try intervals[row].multiplied(by: factors[row]) }
            guard factors[row] != 0 else { throw .divisionByZero }
            return try intervals[row].multiplied(by: 1 / factors[row])
        }
    }

    /// 64-bit integers, computed for the rows that count.
    private static func rows(
        _ call: ArithmeticCall, _ compute: (Int) throws(SQLError) -> Int64
    ) throws(SQLError) -> Operand {
        let valid = call.validity?.pointer(as: UInt8.self)
        let values = try Buffer(count: call.count, of: Int64.self) { target throws(SQLError) in
            for row in 0..<call.count {
                if let valid, valid[row] == 0 { continue }
                if let selection = call.selection, !selection[row] { continue }
                target[row] = try compute(row)
            }
        }
        withExtendedLifetime(call.validity) {}
        return call.result(values, IntegerBounds(of: call.type))
    }

    /// An interval's type has room for months or for the rest; a constant keeps all parts.
    private static func intervals(
        _ call: ArithmeticCall, _ compute: (Int) throws(SQLError) -> Interval
    ) throws(SQLError) -> Operand {
        if case .constant = call.left.vector.form, case .constant = call.right.vector.form, call.count > 0 {
            if let selection = call.selection, !selection.keepsAny { return .nulls(call.type, count: call.count) }
            let sum = try compute(0)
            let value = SQLValue.interval(months: sum.months, days: sum.days, microseconds: sum.microseconds)
            return Operand(.constant(value, kind: call.type.storage, count: call.count))
        }
        return try rows(call) { row throws(SQLError) in
            let interval = try compute(row)
            if call.type == .intervalYearToMonth {
                guard interval.days == 0, interval.microseconds == 0 else {
                    throw .unsupported("mixed intervals in a column")
                }
                return Int64(interval.months)
            }
            guard interval.months == 0, let span = Int64(exactly: interval.approximateMicroseconds) else {
                throw .unsupported("mixed intervals in a column")
            }
            return span
        }
    }
}

/// Intervals by row.
struct IntervalLanes {
    private let integers: Lanes<Int64>
    private let isMonths: Bool
    /// All parts of a constant.
    private let constant: Interval?

    init(_ vector: Vector, _ type: SQLType) {
        isMonths = type == .intervalYearToMonth
        if case .constant(.interval(let months, let days, let microseconds)) = vector.form {
            constant = Interval(months: months, days: days, microseconds: microseconds)
            integers = Lanes(constant: 0)
        } else {
            constant = nil
            integers = vector.int64Lanes()
        }
    }

    subscript(row: Int) -> Interval {
        if let constant { return constant }
        return isMonths
            ? Interval(months: Int32(truncatingIfNeeded: integers[row])) : Interval(microseconds: integers[row])
    }
}

extension SQLType {
    var isInterval: Bool { self == .intervalYearToMonth || self == .intervalDayToSecond }
}
