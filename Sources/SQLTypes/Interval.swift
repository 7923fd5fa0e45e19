/// A span of time. Months and days have no fixed length and are therefore kept apart from the microseconds.
public struct Interval: Hashable, Sendable {
    public var months: Int32
    public var days: Int32
    public var microseconds: Int64

    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// With months of 30 days and days of 24 hours: what intervals are compared by, as in PostgreSQL and INTERVAL_CMP.
    package var approximateMicroseconds: Int128 {
        (Int128(months) * 30 + Int128(days)) * Int128(TimeOfDay.microsecondsPerDay) + Int128(microseconds)
    }

    package func negated() throws(SQLError) -> Interval {
        guard months != .min, days != .min, microseconds != .min else { throw .intervalOutOfRange }
        return Interval(months: -months, days: -days, microseconds: -microseconds)
    }

    package func adding(_ other: Interval) throws(SQLError) -> Interval {
        let (months, overflow1) = months.addingReportingOverflow(other.months)
        let (days, overflow2) = days.addingReportingOverflow(other.days)
        let (microseconds, overflow3) = microseconds.addingReportingOverflow(other.microseconds)
        guard !overflow1, !overflow2, !overflow3 else { throw .intervalOutOfRange }
        return Interval(months: months, days: days, microseconds: microseconds)
    }

    /// A fraction of a month counts in days of a 30-day month, a fraction of a day in time.
    package func multiplied(by factor: Double) throws(SQLError) -> Interval {
        var builder = IntervalBuilder()
        guard builder.add(Double(months) * factor, .month), builder.add(Double(days) * factor, .day),
            builder.add(Double(microseconds) * factor, .microsecond)
        else { throw .intervalOutOfRange }
        return try builder.interval()
    }
}

extension SQLError {
    package static var intervalOutOfRange: SQLError { SQLError(.datetimeFieldOverflow, "interval out of range") }
}

extension DateMath {
    /// Months first, clipped to the month's last day, then days, then time. DATE ± interval is a TIMESTAMP.
    package static func add(_ interval: Interval, to timestamp: Int64) throws(SQLError) -> Int64 {
        let monthsLater = try add(Int64(interval.months), .month, to: timestamp)
        let daysLater = try add(Int64(interval.days), .day, to: monthsLater)
        return try add(interval.microseconds, .microsecond, to: daysLater)
    }

    /// TIME ± interval wraps round midnight; whole months and days do not count.
    package static func add(_ interval: Interval, toTime time: Int64) -> Int64 {
        let day = TimeOfDay.microsecondsPerDay
        return CivilDate.floorRemainder(time + interval.microseconds % day, day)
    }
}
