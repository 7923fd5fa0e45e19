/// Dates and times as DateStyle ISO shows them.
extension TextWriter {
    /// `YYYY-MM-DD`, with ` BC` behind years before 1.
    package static func append(date days: Int32, to text: inout [UInt8]) {
        let date = CivilDate(daysSince2000: Int(days))
        appendDate(date, to: &text)
        if date.year <= 0 { text.append(contentsOf: " BC".utf8) }
    }

    private static func appendDate(_ date: CivilDate, to text: inout [UInt8]) {
        appendDigits(UInt64((date.year > 0 ? date.year : 1 - date.year).magnitude), minimumDigits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(UInt64(date.month), minimumDigits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(UInt64(date.day), minimumDigits: 2, to: &text)
    }

    /// `HH:MI:SS`, and the fraction without its trailing zeros.
    package static func append(time microseconds: Int64, to text: inout [UInt8]) {
        let seconds = microseconds.magnitude / 1_000_000
        appendDigits(seconds / 3_600, minimumDigits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(seconds / 60 % 60, minimumDigits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(seconds % 60, minimumDigits: 2, to: &text)
        appendFraction(microseconds.magnitude % 1_000_000, to: &text)
    }

    private static func appendFraction(_ microseconds: UInt64, to text: inout [UInt8]) {
        guard microseconds != 0 else { return }
        text.append(UInt8(ascii: "."))
        appendDigits(microseconds, minimumDigits: 6, to: &text)
        while text.last == UInt8(ascii: "0") { text.removeLast() }
    }

    package static func append(timestamp: Int64, to text: inout [UInt8]) {
        append(timestamp: timestamp, secondsEast: nil, to: &text)
    }

    /// In the session's zone, with its offset: `2008-06-01 09:59:59+00`.
    package static func append(timestamptz: Int64, zone: SessionTimeZone, to text: inout [UInt8]) {
        append(
            timestamp: zone.local(fromUTC: timestamptz), secondsEast: zone.secondsEast(atUTC: timestamptz), to: &text)
    }

    private static func append(timestamp: Int64, secondsEast: Int32?, to text: inout [UInt8]) {
        let (days, time) = TimeOfDay.split(timestamp)
        let date = CivilDate(daysSince2000: days)
        appendDate(date, to: &text)
        text.append(UInt8(ascii: " "))
        append(time: time, to: &text)
        if let secondsEast { append(offset: secondsEast, to: &text) }
        if date.year <= 0 { text.append(contentsOf: " BC".utf8) }
    }

    package static func append(timetz microseconds: Int64, secondsWest: Int32, to text: inout [UInt8]) {
        append(time: microseconds, to: &text)
        append(offset: -secondsWest, to: &text)
    }

    /// `+HH`, `+HH:MI` or `+HH:MI:SS`.
    private static func append(offset secondsEast: Int32, to text: inout [UInt8]) {
        let seconds = UInt64(secondsEast.magnitude)
        text.append(UInt8(ascii: secondsEast < 0 ? "-" : "+"))
        appendDigits(seconds / 3_600, minimumDigits: 2, to: &text)
        guard seconds % 3_600 != 0 else { return }
        text.append(UInt8(ascii: ":"))
        appendDigits(seconds / 60 % 60, minimumDigits: 2, to: &text)
        guard seconds % 60 != 0 else { return }
        text.append(UInt8(ascii: ":"))
        appendDigits(seconds % 60, minimumDigits: 2, to: &text)
    }

    /// As PostgreSQL 8: `1 year 2 mons 3 days 04:05:06.7`; `00:00:00` for nothing; a positive time behind negative
    /// days has its sign: `-1 days +02:03:00`.
    package static func append(_ interval: Interval, to text: inout [UInt8]) {
        let start = text.count
        func unit(_ count: Int64, _ singular: String, _ plural: String) {
            guard count != 0 else { return }
            if text.count > start { text.append(UInt8(ascii: " ")) }
            append(count, to: &text)
            text.append(contentsOf: " \(count == 1 ? singular : plural)".utf8)
        }
        unit(Int64(interval.months / 12), "year", "years")
        unit(Int64(interval.months % 12), "mon", "mons")
        unit(Int64(interval.days), "day", "days")
        guard interval.microseconds != 0 || text.count == start else { return }
        if text.count > start { text.append(UInt8(ascii: " ")) }
        if interval.microseconds < 0 {
            text.append(UInt8(ascii: "-"))
        } else if interval.days < 0 || interval.months < 0 {
            text.append(UInt8(ascii: "+"))
        }
        append(time: interval.microseconds, to: &text)
    }
}
