/// A day of the proleptic Gregorian calendar. Years are astronomical: 0 is 1 BC, −4712 is 4713 BC.
package struct CivilDate: Hashable, Sendable {
    package var year: Int
    /// 1…12
    package var month: Int
    /// 1…31
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years begin in
    ///   March, so that the leap day is a year's last, and 400 years (an era) always have 146,097 days.
    package init(daysSince2000 days: Int) {
        let shifted = days + CivilDate.daysFromMarchOfYear0To2000
        let era = CivilDate.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// A day past the month's end counts on into the next month: February 29th of 2017 is March 1st.
    /// - Source: Hinnant, `days_from_civil`.
    package var daysSince2000: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = CivilDate.floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - CivilDate.daysFromMarchOfYear0To2000
    }

    /// From 0000-03-01 to 2000-01-01.
    private static let daysFromMarchOfYear0To2000 = 719_468 + 10_957

    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    package static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package var isValid: Bool {
        (1...12).contains(month) && day >= 1 && day <= CivilDate.daysInMonth(month, year: year)
    }

    /// 1…366
    package var dayOfYear: Int { daysSince2000 - CivilDate(year: year, month: 1, day: 1).daysSince2000 + 1 }

    /// The same day `months` later, or the month's last day if it is shorter.
    package func addingMonths(_ months: Int) -> CivilDate {
        let index = year * 12 + (month - 1) + months
        let newYear = CivilDate.floorDivide(index, 12)
        let newMonth = index - newYear * 12 + 1
        return CivilDate(
            year: newYear, month: newMonth, day: min(day, CivilDate.daysInMonth(newMonth, year: newYear)))
    }

    package var isLastOfMonth: Bool { day == CivilDate.daysInMonth(month, year: year) }

    /// 0 = Sunday … 6 = Saturday. 2000-01-01 was a Saturday.
    package static func dayOfWeek(_ daysSince2000: Int) -> Int { floorRemainder(daysSince2000 + 6, 7) }

    /// The Monday on or before a day.
    package static func monday(onOrBefore daysSince2000: Int) -> Int {
        daysSince2000 - floorRemainder(daysSince2000 - 2, 7)
    }

    /// ISO 8601: the week that has the year's first Thursday is week 1.
    package static func isoWeek(_ daysSince2000: Int) -> (year: Int, week: Int) {
        let thursday = monday(onOrBefore: daysSince2000) + 3
        let date = CivilDate(daysSince2000: thursday)
        return (date.year, (date.dayOfYear - 1) / 7 + 1)
    }

    @inlinable
    package static func floorDivide<Integer: FixedWidthInteger & SignedInteger>(
        _ dividend: Integer, _ divisor: Integer
    ) -> Integer {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    @inlinable
    package static func floorRemainder<Integer: FixedWidthInteger & SignedInteger>(
        _ dividend: Integer, _ divisor: Integer
    ) -> Integer {
        let remainder = dividend % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

/// The values that DATE and TIMESTAMP may take: 4713-01-01 BC to 294276-12-31.
package enum DateRange {
    package static let days =
        CivilDate(year: -4712, month: 1, day: 1)
        .daysSince2000...CivilDate(year: 294_276, month: 12, day: 31).daysSince2000
    package static let microseconds =
        Int64(days.lowerBound) * TimeOfDay.microsecondsPerDay...Int64(days.upperBound) * TimeOfDay.microsecondsPerDay
        + (TimeOfDay.microsecondsPerDay - 1)

    package static func checked(days: Int) throws(SQLError) -> Int32 {
        guard self.days.contains(days) else { throw SQLError(.datetimeFieldOverflow, "date out of range") }
        return Int32(days)
    }

    package static func checked(microseconds: Int64) throws(SQLError) -> Int64 {
        guard self.microseconds.contains(microseconds) else { throw .timestampOutOfRange }
        return microseconds
    }
}

extension SQLError {
    package static var timestampOutOfRange: SQLError { SQLError(.datetimeFieldOverflow, "timestamp out of range") }
}
