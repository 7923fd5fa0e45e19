/// The fields that the text of a date or time spells out, in whatever order.
struct DateTimeFields {
    /// `now`, `today`, …: a whole moment in one word.
    enum Special: Hashable { case now, today, tomorrow, yesterday, epoch }

    var year: Int?
    /// Whether the year had one or two digits, so that its century is to be guessed.
    var isShortYear = false
    var month: Int?
    var day: Int?
    var dayOfYear: Int?
    var julianDay: Int?
    var isBC = false
    /// Microseconds since midnight.
    var time: Int64?
    var meridian: Meridian?
    var zone: SessionTimeZone?
    var special: Special?

    enum Meridian { case am, pm }

    /// Why a text is no date: not of any form, or of a form with an impossible number in it.
    enum Failure: Error { case syntax, range, unknownZone(String) }

    var hasDate: Bool { year != nil || month != nil || day != nil || julianDay != nil }

    /// Days since 2000-01-01.
    func days() throws(Failure) -> Int {
        // Julian day 2451545 is 2000-01-01.
        if let julianDay { return julianDay - 2_451_545 }
        guard var year else { throw .syntax }
        if isBC {
            guard year > 0 else { throw .range }
            year = 1 - year
        } else if isShortYear {
            year += year < 70 ? 2_000 : 1_900
        } else if year == 0 {
            throw .range
        }
        if let dayOfYear {
            guard dayOfYear >= 1, dayOfYear <= (CivilDate.isLeap(year) ? 366 : 365) else { throw .range }
            return CivilDate(year: year, month: 1, day: 1).daysSince2000 + dayOfYear - 1
        }
        guard let month, let day else { throw .syntax }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid else { throw .range }
        return date.daysSince2000
    }

    /// The time since midnight with AM and PM taken in; nil if the text has none.
    func timeOfDay() throws(Failure) -> Int64? {
        guard let time else {
            if meridian != nil { throw .syntax }
            return nil
        }
        guard let meridian else { return time }
        let hour = time / TimeOfDay.microsecondsPerHour
        guard hour <= 12 else { throw .range }
        let halfDay = TimeOfDay.microsecondsPerDay / 2
        let withinHalf = hour == 12 ? time - halfDay : time
        return meridian == .pm ? withinHalf + halfDay : withinHalf
    }
}
