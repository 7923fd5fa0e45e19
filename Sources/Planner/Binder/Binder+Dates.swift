import QueryPlan
import SQLSyntax
import SQLTypes

/// Arithmetic with dates and intervals: `date + 3`, `date - date`, `timestamp - interval '3 months'`.
extension Binder {
    func bind(
        _ literal: SQLSyntax.Expression.IntervalLiteral, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        let qualifier = try Self.qualifier(literal, at: position)
        do {
            let interval = try IntervalText.parse(literal.text.span, qualifier: qualifier)
            let value = SQLValue.interval(
                months: interval.months, days: interval.days, microseconds: interval.microseconds)
            return .literal(value, qualifier?.type ?? .intervalDayToSecond)
        } catch {
            throw error.at(position.character)
        }
    }

    private static func qualifier(
        _ literal: SQLSyntax.Expression.IntervalLiteral, at position: SourcePosition
    ) throws(SQLError) -> IntervalQualifier? {
        switch (literal.first, literal.last) {
        case (nil, _): nil
        case (.year, nil), (.year, .year): .year
        case (.month, nil), (.month, .month): .month
        case (.year, .month): .yearToMonth
        case (.day, nil), (.day, .day): .day
        case (.hour, nil), (.hour, .hour): .hour
        case (.minute, nil), (.minute, .minute): .minute
        case (.second, nil), (.second, .second): .second
        case (.day, .hour): .dayToHour
        case (.day, .minute): .dayToMinute
        case (.day, .second): .dayToSecond
        case (.hour, .minute): .hourToMinute
        case (.hour, .second): .hourToSecond
        case (.minute, .second): .minuteToSecond
        default: throw SQLError(.syntaxError, "invalid interval qualifier", position: position.character)
        }
    }

    /// nil: neither side is a date, a timestamp or an interval, or the operator is none of theirs.
    func dateArithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        if left.type.isInterval || right.type.isInterval {
            return try intervalArithmetic(operation, left, right, at: position)
        }
        switch (left.type, right.type) {
        case (.date, _) where right.type.isInteger && (operation == .add || operation == .subtract):
            let days = try coercion.cast(right, to: .integer, .implicit, at: position)
            return .arithmetic(operation, left, days, .date)
        case (_, .date) where left.type.isInteger && operation == .add:
            let days = try coercion.cast(left, to: .integer, .implicit, at: position)
            return .arithmetic(.add, right, days, .date)
        case (.date, .date) where operation == .subtract: return .arithmetic(.subtract, left, right, .integer)
        case (.date, .unknown) where operation == .subtract:
            return .arithmetic(
                .subtract, left, try coercion.cast(right, to: .date, .implicit, at: position), .integer)
        case (.timestamp, .timestamp), (.timestamp, .date), (.date, .timestamp), (.timestamptz, .timestamptz):
            guard operation == .subtract else { return nil }
            let type: SQLType = left.type == .timestamptz ? .timestamptz : .timestamp
            return .arithmetic(
                .subtract, try coercion.cast(left, to: type, .implicit, at: position),
                try coercion.cast(right, to: type, .implicit, at: position), .intervalDayToSecond)
        default: return nil
        }
    }

    private func intervalArithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        switch operation {
        case .add where right.type.isDateOrTime: return try moved(right, .add, by: left, at: position)
        case .add, .subtract:
            if left.type.isDateOrTime { return try moved(left, operation, by: right, at: position) }
            guard left.type.isInterval, right.type.isInterval else { return nil }
            if let first = left.intervalLiteral, let second = right.intervalLiteral {
                let sum = try first.adding(operation == .add ? second : try second.negated())
                return .literal(SQLValue(sum), left.type)
            }
            return .arithmetic(operation, left, right, left.type)
        case .multiply:
            guard left.type.isNumeric || right.type.isNumeric else { return nil }
            return left.type.isInterval
                ? try scaled(left, .multiply, by: right, at: position)
                : try scaled(right, .multiply, by: left, at: position)
        case .divide:
            guard left.type.isInterval, right.type.isNumeric else { return nil }
            return try scaled(left, .divide, by: right, at: position)
        case .modulo: return nil
        }
    }

    /// A date or time and an interval later or earlier.
    ///
    /// A constant moves at once; a column through DATEADD by a constant, one call for each of months, days and time. A
    /// column has no room for an interval of months and days, so that a multiple of one moves in two steps.
    private func moved(
        _ operand: BoundExpression, _ operation: ArithmeticOperator, by interval: BoundExpression,
        at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        if let constant = interval.intervalLiteral {
            return try add(operation == .add ? constant : try constant.negated(), to: operand, at: position)
        }
        if case .literal(.null, _) = interval { return .literal(.null, Self.movedType(operand.type)) }
        if operand.type == .timetz {
            throw SQLError.unsupported("timetz with a computed interval", at: position.character)
        }
        if case .arithmetic(let product, let first, let second, _) = interval,
            product == .multiply || product == .divide,
            let unit = first.intervalLiteral ?? second.intervalLiteral, unit.months != 0,
            unit.days != 0 || unit.microseconds != 0
        {
            let factor = first.intervalLiteral == nil ? first : second
            let months = BoundExpression.literal(SQLValue(Interval(months: unit.months)), .intervalYearToMonth)
            let rest = BoundExpression.literal(
                SQLValue(Interval(days: unit.days, microseconds: unit.microseconds)), .intervalDayToSecond)
            let partly = try moved(
                operand, operation, by: .arithmetic(product, months, factor, .intervalYearToMonth), at: position)
            return try moved(
                partly, operation, by: .arithmetic(product, rest, factor, .intervalDayToSecond), at: position)
        }
        return .arithmetic(operation, operand, interval, Self.movedType(operand.type))
    }

    private static func movedType(_ type: SQLType) -> SQLType { type == .date ? .timestamp : type }

    private func add(
        _ interval: Interval, to operand: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        let isTime = operand.type == .time || operand.type == .timetz
        let type = Self.movedType(operand.type)
        var result = isTime ? operand : try coercion.cast(operand, to: type, .implicit, at: position)
        if case .literal(let value, _) = result {
            do {
                switch value {
                case .timestamp(let time): return .literal(.timestamp(try DateMath.add(interval, to: time)), type)
                case .timestamptz(let time): return .literal(.timestamptz(try DateMath.add(interval, to: time)), type)
                case .time(let time): return .literal(.time(DateMath.add(interval, toTime: time)), type)
                case .null: return .literal(.null, type)
                default: break
                }
            } catch {
                throw error.at(position.character)
            }
        }
        // To a time of day whole months and days make no difference.
        let parts: [(String, Int64)] = [
            ("month", isTime ? 0 : Int64(interval.months)), ("day", isTime ? 0 : Int64(interval.days)),
            ("microsecond", interval.microseconds),
        ]
        for (part, count) in parts where count != 0 {
            result = try function(
                "dateadd", [.literal(SQLValue(part), .unknown), .literal(.integer(count), .bigint), result],
                at: position)
        }
        return result
    }

    /// `3 * interval '1 day'`, `n * interval '1 second'`, `interval '1 day' / 2`.
    private func scaled(
        _ interval: BoundExpression, _ operation: ArithmeticOperator, by factor: BoundExpression,
        at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        if let constant = interval.intervalLiteral, case .literal(let value, let source) = factor {
            if value.isNull { return .literal(.null, interval.type) }
            if case .double(let number) = try value.cast(from: source, to: .double, context: .explicit) {
                guard operation == .multiply || number != 0 else {
                    throw SQLError.divisionByZero.at(position.character)
                }
                let product = try constant.multiplied(by: operation == .multiply ? number : 1 / number)
                return .literal(SQLValue(product), interval.type)
            }
        }
        var type = interval.type
        if let constant = interval.intervalLiteral, constant.months != 0, constant.days == 0, constant.microseconds == 0
        {
            type = .intervalYearToMonth
        }
        return .arithmetic(operation, interval, factor, type)
    }
}

extension SQLType {
    fileprivate var isInterval: Bool { self == .intervalYearToMonth || self == .intervalDayToSecond }
}

extension BoundExpression {
    var intervalLiteral: Interval? {
        guard case .literal(.interval(let months, let days, let microseconds), _) = self else { return nil }
        return Interval(months: months, days: days, microseconds: microseconds)
    }
}
