/// SQL's order of two values, neither of them NULL.
package enum SQLOrdering: Int, Hashable, Sendable {
    case less = -1, equal, greater

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .less : left == right ? .equal : .greater
    }

    package var reversed: SQLOrdering {
        switch self {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }
}

extension SQLValue {
    /// Strings byte by byte with trailing blanks ignored; numbers of all types by value (beside a float, as doubles);
    /// −0 equals 0, NaN equals itself and is above all numbers; DATE beside TIMESTAMP as its midnight; intervals with
    /// months of 30 days. nil if one is NULL. Values of kinds that SQL does not compare, which the binder has
    /// refused, are ordered by kind, so that the order is total.
    package static func compare(_ left: SQLValue, _ right: SQLValue) -> SQLOrdering? {
        switch (left, right) {
        case (.null, _), (_, .null): return nil
        case (.boolean(let a), .boolean(let b)): return SQLOrdering(a ? 1 : 0, b ? 1 : 0)
        case (.string(let a), .string(let b)): return compareStrings(a.span, b.span)
        case (.varbyte(let a), .varbyte(let b)):
            return compareBytes(a.span, a.count, b.span, b.count)
        case (.time(let a), .time(let b)): return SQLOrdering(a, b)
        case (.timetz(let a, let aWest), .timetz(let b, let bWest)):
            return SQLOrdering(
                TimeOfDay.packed(microseconds: a, secondsWest: aWest),
                TimeOfDay.packed(microseconds: b, secondsWest: bWest))
        case (.interval(let aMonths, let aDays, let aTime), .interval(let bMonths, let bDays, let bTime)):
            return SQLOrdering(
                Interval(months: aMonths, days: aDays, microseconds: aTime).approximateMicroseconds,
                Interval(months: bMonths, days: bDays, microseconds: bTime).approximateMicroseconds)
        default:
            if let a = left.instant, let b = right.instant { return SQLOrdering(a, b) }
            return compareNumbers(left, right) ?? SQLOrdering(left.kindIndex, right.kindIndex)
        }
    }

    /// As GROUP BY, DISTINCT and set operations see it: NULL equals NULL.
    package static func isNotDistinct(_ left: SQLValue, _ right: SQLValue) -> Bool {
        if left.isNull || right.isNull { return left.isNull && right.isNull }
        return compare(left, right) == .equal
    }

    /// As ORDER BY sees it, ascending: NULL equals NULL and is above all values.
    package static func compareNullsLast(_ left: SQLValue, _ right: SQLValue) -> SQLOrdering {
        compare(left, right) ?? SQLOrdering(left.isNull ? 1 : 0, right.isNull ? 1 : 0)
    }

    /// Bytes, with trailing blanks ignored on both sides.
    package static func compareStrings(_ left: Span<UInt8>, _ right: Span<UInt8>) -> SQLOrdering {
        compareBytes(
            left, UTF8Bytes.lengthWithoutTrailingBlanks(left), right, UTF8Bytes.lengthWithoutTrailingBlanks(right))
    }

    private static func compareBytes(
        _ left: Span<UInt8>, _ leftCount: Int, _ right: Span<UInt8>, _ rightCount: Int
    ) -> SQLOrdering {
        for index in 0..<min(leftCount, rightCount) where left[index] != right[index] {
            return left[index] < right[index] ? .less : .greater
        }
        return SQLOrdering(leftCount, rightCount)
    }

    package static func compareDoubles(_ left: Double, _ right: Double) -> SQLOrdering {
        if left.isNaN || right.isNaN { return SQLOrdering(left.isNaN ? 1 : 0, right.isNaN ? 1 : 0) }
        return SQLOrdering(left, right)
    }

    private static func compareNumbers(_ left: SQLValue, _ right: SQLValue) -> SQLOrdering? {
        if case .integer(let a) = left, case .integer(let b) = right { return SQLOrdering(a, b) }
        if let a = left.exact, let b = right.exact { return Decimal.compare(a, b) }
        guard let a = left.double, let b = right.double else { return nil }
        return compareDoubles(a, b)
    }

    private var exact: Decimal? {
        switch self {
        case .integer(let value): Decimal(unscaled: Int128(value), scale: 0)
        case .decimal(let value): value
        default: nil
        }
    }

    private var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value.doubleValue
        case .real(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// Microseconds since 2000; a date is its midnight.
    private var instant: Int128? {
        switch self {
        case .date(let days): Int128(days) * Int128(TimeOfDay.microsecondsPerDay)
        case .timestamp(let value), .timestamptz(let value): Int128(value)
        default: nil
        }
    }

    private var kindIndex: Int {
        switch self {
        case .null: 13
        case .boolean: 0
        case .integer, .decimal, .real, .double: 1
        case .string: 2
        case .date, .timestamp, .timestamptz: 3
        case .time: 4
        case .timetz: 5
        case .interval: 6
        case .varbyte: 7
        }
    }
}

extension Decimal {
    /// By value, whatever the scales.
    package static func compare(_ left: Decimal, _ right: Decimal) -> SQLOrdering {
        if left.scale == right.scale { return SQLOrdering(left.unscaled, right.unscaled) }
        let (leftWhole, leftRest) = left.parts
        let (rightWhole, rightRest) = right.parts
        guard leftWhole == rightWhole else { return SQLOrdering(leftWhole, rightWhole) }
        // A rest is below 10^scale, and stays below 10³⁸ at the larger scale.
        let scale = max(left.scale, right.scale)
        return SQLOrdering(
            rescale(leftRest, from: left.scale, to: scale, rounding: .towardZero) ?? leftRest,
            rescale(rightRest, from: right.scale, to: scale, rounding: .towardZero) ?? rightRest)
    }

    private var parts: (whole: Int128, rest: Int128) {
        guard scale <= 38 else { return (0, unscaled) }
        let (whole, rest) = unscaled.quotientAndRemainder(dividingBy: PowersOfTen.int128[scale])
        return (whole, rest)
    }
}
