/// The integers that vectors hold (`SQLType.storage`), as far as the distribution hash of a single value needs them.
extension SQLValue {
    /// What a vector of `type` holds for the value; nil for NULL, floats, strings and VARBYTE, and for a decimal past
    /// 128 bits at the scale of `type`. The value has been cast to `type`.
    ///
    /// - BOOLEAN is 0 or 1, DECIMAL the unscaled integer at the scale of `type`, TIMETZ as `TimeOfDay.packed` says.
    /// - A YEAR TO MONTH interval is its months; a DAY TO SECOND interval all its microseconds, with days of 24 hours
    ///   and months of 30 days.
    func storedInteger(as type: SQLType) -> Int128? {
        switch self {
        case .null, .real, .double, .string, .varbyte: nil
        case .boolean(let flag): flag ? 1 : 0
        case .integer(let value): Int128(value)
        case .decimal(let value): value.rescaled(to: type.scale, rounding: .halfAwayFromZero)?.unscaled
        case .date(let days): Int128(days)
        case .time(let value), .timestamp(let value), .timestamptz(let value): Int128(value)
        case .timetz(let microseconds, let secondsWest):
            TimeOfDay.packed(microseconds: microseconds, secondsWest: secondsWest)
        case .interval(let months, let days, let microseconds):
            type == .intervalYearToMonth
                ? Int128(months)
                : Interval(months: months, days: days, microseconds: microseconds).approximateMicroseconds
        }
    }

    public init(_ interval: Interval) {
        self = .interval(months: interval.months, days: interval.days, microseconds: interval.microseconds)
    }
}
