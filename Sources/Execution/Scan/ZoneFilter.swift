import QueryPlan
import SQLTypes
import VectorEngine

/// Asks zone maps whether a predicate can be true for any row behind them. "No" is certain, "yes" is not.
enum ZoneFilter {
    /// `zone` gives the zone map of a column of the predicate; nil: nothing is known.
    static func mayMatch(_ predicate: BoundExpression, _ zone: (Int) -> ZoneMap?) -> Bool {
        switch predicate {
        case .and(let terms): terms.allSatisfy { mayMatch($0, zone) }
        case .or(let terms): terms.contains { mayMatch($0, zone) }
        case .comparison(let op, let left, let right):
            if let column = column(left), let value = constant(right) {
                mayMatch(op, zone(column), value)
            } else if let column = column(right), let value = constant(left) {
                mayMatch(op.mirrored, zone(column), value)
            } else {
                true
            }
        case .inList(let operand, let values, isNegated: false):
            if let column = column(operand), let zone = zone(column) {
                values.contains { mayMatch(.equal, zone, $0) }
            } else {
                true
            }
        case .isNull(let operand, let isNegated):
            if case .column(let number, _) = operand, let zone = zone(number) {
                isNegated ? !zone.isAllNull : zone.nullCount > 0
            } else {
                true
            }
        case .literal(let value, _): value == .boolean(true)
        default: true
        }
    }

    private static func mayMatch(_ op: ComparisonOperator, _ zone: ZoneMap?, _ value: SQLValue) -> Bool {
        guard let zone else { return true }
        // Nothing is true of NULL.
        if zone.isAllNull || value.isNull { return false }
        guard let minimum = zone.minimum, let maximum = zone.maximum,
            let fromMinimum = SQLValue.compare(value, minimum), let fromMaximum = SQLValue.compare(value, maximum)
        else { return true }
        return switch op {
        case .equal: fromMinimum != .less && fromMaximum != .greater
        case .less: fromMinimum == .greater
        case .lessOrEqual: fromMinimum != .less
        case .greater: fromMaximum == .less
        case .greaterOrEqual: fromMaximum != .greater
        // Bounds of strings may be rounded outwards, so that equal bounds do not say that all values are equal.
        case .notEqual: true
        }
    }

    /// Whether the predicate is true for every row behind the zone maps: "yes" is certain, "no" is not. Of integers, dates
    /// and decimals only: bounds say nothing of a NaN.
    static func mustMatch(_ predicate: BoundExpression, _ zone: (Int) -> ZoneMap?) -> Bool {
        switch predicate {
        case .and(let terms): return terms.allSatisfy { mustMatch($0, zone) }
        case .or(let terms): return terms.contains { mustMatch($0, zone) }
        case .comparison(let op, let left, let right):
            if let column = column(left), let value = constant(right), left.type.storage.isInteger {
                return mustMatch(op, zone(column), value)
            }
            if let column = column(right), let value = constant(left), right.type.storage.isInteger {
                return mustMatch(op.mirrored, zone(column), value)
            }
            return false
        case .isNull(.column(let number, _), let isNegated):
            guard let zone = zone(number) else { return false }
            return isNegated ? zone.nullCount == 0 : zone.isAllNull
        case .literal(let value, _): return value == .boolean(true)
        default: return false
        }
    }

    private static func mustMatch(_ op: ComparisonOperator, _ zone: ZoneMap?, _ value: SQLValue) -> Bool {
        guard let zone, zone.nullCount == 0, let minimum = zone.minimum, let maximum = zone.maximum,
            let fromMinimum = SQLValue.compare(value, minimum), let fromMaximum = SQLValue.compare(value, maximum)
        else { return false }
        return switch op {
        case .equal: fromMinimum == .equal && fromMaximum == .equal
        case .notEqual: fromMinimum == .less || fromMaximum == .greater
        case .less: fromMaximum == .greater
        case .lessOrEqual: fromMaximum != .less
        case .greater: fromMinimum == .less
        case .greaterOrEqual: fromMinimum != .greater
        }
    }

    private static func constant(_ expression: BoundExpression) -> SQLValue? {
        if case .literal(let value, _) = expression { value } else { nil }
    }

    /// The column of an expression that has the column's own value: casts that change no value and no order are looked
    /// through.
    private static func column(_ expression: BoundExpression) -> Int? {
        switch expression {
        case .column(let number, _): number
        case .cast(let operand, let type, isTry: false): keepsValue(operand.type, as: type) ? column(operand) : nil
        default: nil
        }
    }

    private static func keepsValue(_ from: SQLType, as to: SQLType) -> Bool {
        switch (from, to) {
        case (.smallint, .integer), (.smallint, .bigint), (.integer, .bigint): true
        case (.varchar(let length), .varchar(let other)), (.char(let length), .varchar(let other)),
            (.char(let length), .char(let other)):
            other >= length
        case (.date, .timestamp): true
        default:
            if let own = from.asDecimal, let other = to.asDecimal, to.isDecimal {
                other.scale >= own.scale && other.precision - other.scale >= own.precision - own.scale
            } else {
                false
            }
        }
    }

    /// The terms of the top-level conjunction.
    static func conjuncts(_ predicate: BoundExpression) -> [BoundExpression] {
        if case .and(let terms) = predicate { terms } else { [predicate] }
    }
}
