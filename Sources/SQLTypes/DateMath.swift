/// DATEADD, DATEDIFF, DATE_TRUNC, EXTRACT and their kin on plain integers: days since 2000-01-01, microseconds since
/// 2000-01-01 00:00:00, microseconds since midnight. A TIMESTAMPTZ is shifted to the session's zone by the caller.
package enum DateMath {
    /// DATEADD. Months and quarters keep the day, or take the month's last day if it is shorter (and are no more the
    /// last day then: 2008-04-30 + 1 month is 2008-05-30). Years and what is made of years count a missing February
    /// 29th on to March 1st, as documented for Redshift.
    package static func add(_ count: Int64, _ part: DatePart, to timestamp: Int64) throws(SQLError) -> Int64 {
        if let unit = part.microseconds {
            let (span, overflow1) = count.multipliedReportingOverflow(by: unit)
            let (sum, overflow2) = timestamp.addingReportingOverflow(span)
            guard !overflow1, !overflow2 else { throw .timestampOutOfRange }
            return try DateRange.checked(microseconds: sum)
        }
        guard let unit = part.months else { throw .unsupportedDatePart(part, in: "dateadd") }
        let (months, overflow) = count.multipliedReportingOverflow(by: unit)
        // Bounds the intermediate year; the range of dates spans 3.6 million months.
        guard !overflow, months.magnitude < 10_000_000 else { throw .timestampOutOfRange }
        let (days, time) = TimeOfDay.split(timestamp)
        var date = CivilDate(daysSince2000: days)
        if unit % 12 == 0 {
            date.year += Int(months / 12)
        } else {
            date = date.addingMonths(Int(months))
        }
        return try combined(days: date.daysSince2000, time)
    }

    /// DATEADD on TIME: wraps round midnight. TIME has no parts above the hour.
    package static func add(_ count: Int64, _ part: DatePart, toTime time: Int64) throws(SQLError) -> Int64 {
        guard let unit = part.microseconds, unit <= TimeOfDay.microsecondsPerHour, part != .epoch else {
            throw .unsupportedDatePart(part, in: "dateadd")
        }
        let day = TimeOfDay.microsecondsPerDay
        // The product of two numbers below a day would overflow, a count below a day's number of units cannot.
        let span = CivilDate.floorRemainder(count, day / unit) * unit
        return CivilDate.floorRemainder(time + span, day)
    }

    /// ADD_MONTHS: like DATEADD(month), but a month's last day stays the last day.
    package static func addMonths(_ count: Int64, to timestamp: Int64) throws(SQLError) -> Int64 {
        guard count.magnitude < 10_000_000 else { throw .timestampOutOfRange }
        let (days, time) = TimeOfDay.split(timestamp)
        let date = CivilDate(daysSince2000: days)
        var result = date.addingMonths(Int(count))
        if date.isLastOfMonth { result.day = CivilDate.daysInMonth(result.month, year: result.year) }
        return try combined(days: result.daysSince2000, time)
    }

    package static func lastDay(_ days: Int32) throws(SQLError) -> Int32 {
        var date = CivilDate(daysSince2000: Int(days))
        date.day = CivilDate.daysInMonth(date.month, year: date.year)
        return try DateRange.checked(days: date.daysSince2000)
    }

    /// The first day after `days` that is `dayOfWeek` (0 = Sunday).
    package static func nextDay(_ days: Int32, dayOfWeek: Int) throws(SQLError) -> Int32 {
        let distance = CivilDate.floorRemainder(dayOfWeek - CivilDate.dayOfWeek(Int(days)) - 1, 7) + 1
        return try DateRange.checked(days: Int(days) + distance)
    }

    /// MONTHS_BETWEEN(a, b): whole if both are the same day of a month or both the last; else the rest counts in 31sts.
    package static func monthsBetween(_ later: Int64, _ earlier: Int64) -> Double {
        let (laterDays, laterTime) = TimeOfDay.split(later)
        let (earlierDays, earlierTime) = TimeOfDay.split(earlier)
        let a = CivilDate(daysSince2000: laterDays)
        let b = CivilDate(daysSince2000: earlierDays)
        let months = Double((a.year - b.year) * 12 + a.month - b.month)
        if a.day == b.day || (a.isLastOfMonth && b.isLastOfMonth) { return months }
        let days = Double(a.day - b.day) + Double(laterTime - earlierTime) / Double(TimeOfDay.microsecondsPerDay)
        return months + days / 31
    }

    /// DATEDIFF: how many boundaries of the part lie between, positive if `end` is later. Weeks begin on Sunday here
    /// (not documented; DATE_TRUNC's begin on Monday).
    package static func difference(_ part: DatePart, from start: Int64, to end: Int64) throws(SQLError) -> Int64 {
        let (difference, overflow) = try unitIndex(part, end).subtractingReportingOverflow(unitIndex(part, start))
        guard !overflow else { throw .timestampOutOfRange }
        return difference
    }

    /// The number of the unit that a moment lies in, from any fixed origin.
    private static func unitIndex(_ part: DatePart, _ timestamp: Int64) throws(SQLError) -> Int64 {
        if let months = part.months {
            let date = CivilDate(daysSince2000: TimeOfDay.split(timestamp).days)
            switch part {
            case .century, .millennium:
                return CivilDate.floorDivide(Int64(date.year) - 1, months / 12)
            default:
                return CivilDate.floorDivide(Int64(date.year) * 12 + Int64(date.month) - 1, months)
            }
        }
        switch part {
        case .week: return CivilDate.floorDivide(Int64(TimeOfDay.split(timestamp).days) - 1, 7)
        case .day, .hour, .minute, .second, .millisecond, .microsecond:
            return CivilDate.floorDivide(timestamp, part.microseconds ?? 1)
        default: throw .unsupportedDatePart(part, in: "datediff")
        }
    }

    /// DATEDIFF of two times of a day (TIMETZ: brought to UTC and below 24 h by the caller).
    package static func difference(
        _ part: DatePart, fromTime start: Int64, toTime end: Int64
    ) throws(SQLError) -> Int64 {
        guard let unit = part.microseconds, unit <= TimeOfDay.microsecondsPerHour, part != .epoch else {
            throw .unsupportedDatePart(part, in: "datediff")
        }
        return end / unit - start / unit
    }

    /// DATE_TRUNC. Weeks begin on Monday; centuries and millennia with the year …01, decades with …0.
    package static func truncate(_ timestamp: Int64, to part: DatePart) throws(SQLError) -> Int64 {
        switch part {
        case .hour, .minute, .second, .millisecond, .microsecond, .day:
            let unit = part.microseconds ?? 1
            return CivilDate.floorDivide(timestamp, unit) * unit
        case .week:
            return try combined(days: CivilDate.monday(onOrBefore: TimeOfDay.split(timestamp).days), 0)
        case .month, .quarter, .year, .decade, .century, .millennium:
            var date = CivilDate(daysSince2000: TimeOfDay.split(timestamp).days)
            date.day = 1
            switch part {
            case .month: break
            case .quarter: date.month = (date.month - 1) / 3 * 3 + 1
            case .decade: (date.month, date.year) = (1, CivilDate.floorDivide(date.year, 10) * 10)
            case .century: (date.month, date.year) = (1, CivilDate.floorDivide(date.year - 1, 100) * 100 + 1)
            case .millennium: (date.month, date.year) = (1, CivilDate.floorDivide(date.year - 1, 1_000) * 1_000 + 1)
            default: date.month = 1
            }
            return try combined(days: date.daysSince2000, 0)
        case .epoch, .dayOfWeek, .dayOfYear, .timezone, .timezoneHour, .timezoneMinute:
            throw .unsupportedDatePart(part, in: "date_trunc")
        }
    }

    private static func combined(days: Int, _ time: Int64) throws(SQLError) -> Int64 {
        guard DateRange.days.contains(days) else { throw .timestampOutOfRange }
        return Int64(days) * TimeOfDay.microsecondsPerDay + time
    }
}

extension DateMath {
    /// EXTRACT: this part alone, without the parts above and below it: 43.101 seconds have 43 seconds and 101 ms.
    /// - Parameter secondsEast: the zone of a TIMESTAMPTZ; nil for the types without one.
    package static func extract(
        _ part: DatePart, from timestamp: Int64, secondsEast: Int32? = nil
    ) throws(SQLError) -> Int64 {
        let (days, time) = TimeOfDay.split(timestamp)
        switch part {
        case .hour, .minute, .second, .millisecond, .microsecond: return try extract(part, fromTime: time)
        case .dayOfWeek: return Int64(CivilDate.dayOfWeek(days))
        case .week: return Int64(CivilDate.isoWeek(days).week)
        case .epoch:
            return CivilDate.floorDivide(timestamp, TimeOfDay.microsecondsPerSecond) + TimeOfDay.secondsFromUnixEpoch
                - Int64(secondsEast ?? 0)
        case .timezone, .timezoneHour, .timezoneMinute:
            guard let secondsEast else { throw .unsupportedDatePart(part, in: "timestamp") }
            return zone(part, secondsEast)
        default: return Int64(extract(part, from: CivilDate(daysSince2000: days)))
        }
    }

    /// EXTRACT(decade) is floor(year / 10) + 1 in Redshift (1999 → 200, 2000 → 201).
    private static func extract(_ part: DatePart, from date: CivilDate) -> Int {
        switch part {
        case .day: date.day
        case .month: date.month
        case .quarter: (date.month - 1) / 3 + 1
        case .dayOfYear: date.dayOfYear
        case .decade: CivilDate.floorDivide(date.year, 10) + 1
        case .century: era(date.year, years: 100)
        case .millennium: era(date.year, years: 1_000)
        default: date.year > 0 ? date.year : date.year - 1
        }
    }

    /// The 1st century is 1…100, the one before it −1: there is no 0.
    private static func era(_ year: Int, years: Int) -> Int {
        let index = CivilDate.floorDivide(year - 1, years)
        return index >= 0 ? index + 1 : index
    }

    private static func zone(_ part: DatePart, _ secondsEast: Int32) -> Int64 {
        switch part {
        case .timezoneHour: Int64(secondsEast / 3_600)
        case .timezoneMinute: Int64(secondsEast % 3_600 / 60)
        default: Int64(secondsEast)
        }
    }

    /// EXTRACT from a TIME.
    package static func extract(_ part: DatePart, fromTime time: Int64) throws(SQLError) -> Int64 {
        switch part {
        case .hour: return time / TimeOfDay.microsecondsPerHour
        case .minute: return time / TimeOfDay.microsecondsPerMinute % 60
        case .second: return time / TimeOfDay.microsecondsPerSecond % 60
        case .millisecond: return time / 1_000 % 1_000
        case .microsecond: return time % 1_000
        case .epoch: return time / TimeOfDay.microsecondsPerSecond
        default: throw .unsupportedDatePart(part, in: "time")
        }
    }

    /// DATE_PART: seconds, milliseconds and microseconds hold all of the seconds with their fraction.
    package static func datePart(
        _ part: DatePart, from timestamp: Int64, secondsEast: Int32? = nil
    ) throws(SQLError) -> Double {
        let withinMinute = CivilDate.floorRemainder(timestamp, TimeOfDay.microsecondsPerMinute)
        switch part {
        case .second: return Double(withinMinute) / 1_000_000
        case .millisecond: return Double(withinMinute) / 1_000
        case .microsecond: return Double(withinMinute)
        case .epoch:
            return Double(timestamp) / 1_000_000 + Double(TimeOfDay.secondsFromUnixEpoch - Int64(secondsEast ?? 0))
        default: return Double(try extract(part, from: timestamp, secondsEast: secondsEast))
        }
    }
}

extension DateMath {
    /// The day's number (0 = Sunday) from its name or abbreviation in any case, as NEXT_DAY takes it.
    package static func dayOfWeek(named name: String) -> Int? {
        let lower = name.lowercased()
        // NEXT_DAY also takes two letters: `Su`, `Mo`, `Tu`, …
        guard lower.count == 2 else { return DateTimeScanner.weekdays[lower] }
        return DateTimeScanner.weekdays.first { $0.key.count > 3 && $0.key.hasPrefix(lower) }?.value
    }
}
