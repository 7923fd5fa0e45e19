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

    /// nil: neither side is a date, a timestamp or an interval.
    func dateArithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        if let interval = right.intervalLiteral, left.type.isDateOrTime {
            guard operation == .add || operation == .subtract else { return nil }
            return try add(operation == .add ? interval : try interval.negated(), to: left, at: position)
        }
        if let interval = left.intervalLiteral, right.type.isDateOrTime, operation == .add {
            return try add(interval, to: right, at: position)
        }
        if let product = try intervalProduct(operation, left, right, at: position) { return product }
        switch (left.type, right.type) {
        case (.date, _) where right.type.isInteger && (operation == .add || operation == .subtract):
            let days = try Coercion.cast(right, to: .integer, .implicit, at: position)
            return .arithmetic(operation, left, days, .date)
        case (_, .date) where left.type.isInteger && operation == .add:
            let days = try Coercion.cast(left, to: .integer, .implicit, at: position)
            return .arithmetic(.add, right, days, .date)
        case (.date, .date) where operation == .subtract: return .arithmetic(.subtract, left, right, .integer)
        case (.date, .unknown) where operation == .subtract:
            return .arithmetic(
                .subtract, left, try Coercion.cast(right, to: .date, .implicit, at: position), .integer)
        case (.timestamp, .timestamp), (.timestamp, .date), (.date, .timestamp):
            guard operation == .subtract else { return nil }
            throw SQLError.unsupported("timestamp - timestamp (use DATEDIFF)", at: position.character)
        default: return nil
        }
    }

    /// A constant moves at once; a column through DATEADD, one call for each of months, days and time.
    private func add(
        _ interval: Interval, to operand: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        if operand.type == .time || operand.type == .timetz {
            throw SQLError.unsupported("time with interval", at: position.character)
        }
        let type: SQLType = operand.type == .timestamptz ? .timestamptz : .timestamp
        var result = try Coercion.cast(operand, to: type, .implicit, at: position)
        if case .literal(let value, _) = result {
            do {
                switch value {
                case .timestamp(let time): return .literal(.timestamp(try DateMath.add(interval, to: time)), type)
                case .timestamptz(let time): return .literal(.timestamptz(try DateMath.add(interval, to: time)), type)
                default: return .literal(.null, type)
                }
            } catch {
                throw error.at(position.character)
            }
        }
        let parts: [(String, Int64)] = [
            ("month", Int64(interval.months)), ("day", Int64(interval.days)), ("microsecond", interval.microseconds),
        ]
        for (part, count) in parts where count != 0 {
            result = try function(
                "dateadd", [.literal(SQLValue(part), .unknown), .literal(.integer(count), .bigint), result],
                at: position)
        }
        return result
    }

    /// `3 * interval '1 day'`.
    private func intervalProduct(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        guard operation == .multiply else { return nil }
        let (interval, factor) =
            left.intervalLiteral != nil ? (left.intervalLiteral, right) : (right.intervalLiteral, left)
        guard let interval else { return nil }
        guard case .literal(let value, let source) = factor, source.isNumeric,
            case .double(let number) = try value.cast(from: source, to: .double, context: .explicit)
        else { throw SQLError.unsupported("interval times an expression", at: position.character) }
        let product = try interval.multiplied(by: number)
        let type: SQLType = left.intervalLiteral != nil ? left.type : right.type
        return .literal(
            .interval(months: product.months, days: product.days, microseconds: product.microseconds), type)
    }
}

extension BoundExpression {
    var intervalLiteral: Interval? {
        guard case .literal(.interval(let months, let days, let microseconds), _) = self else { return nil }
        return Interval(months: months, days: days, microseconds: microseconds)
    }
}
