/// A part of a date or time as EXTRACT, DATE_PART, DATE_TRUNC, DATEADD and DATEDIFF name it.
/// - Source: Redshift developer guide, "Date parts for date or timestamp functions".
public enum DatePart: UInt8, Hashable, Sendable, CaseIterable {
    case millennium, century, decade, year, quarter, month, week, day
    case hour, minute, second, millisecond, microsecond
    /// Seconds since 1970-01-01.
    case epoch
    /// 0 = Sunday.
    case dayOfWeek
    case dayOfYear
    /// Seconds, hours, minutes east of UTC; TIMESTAMPTZ only.
    case timezone, timezoneHour, timezoneMinute

    /// From a name or abbreviation in any case; nil if it is none.
    public init?(_ name: String) {
        guard let part = DatePart.names[name.lowercased()] else { return nil }
        self = part
    }

    private static let spellings: [(DatePart, String)] = [
        (.millennium, "millennium millennia mil mils"),
        (.century, "century centuries c cent cents"),
        (.decade, "decade decades dec decs"),
        (.year, "year years y yr yrs"),
        (.quarter, "quarter quarters qtr qtrs"),
        (.month, "month months mon mons"),
        (.week, "week weeks w"),
        (.day, "day days d"),
        (.hour, "hour hours h hr hrs"),
        (.minute, "minute minutes m min mins"),
        (.second, "second seconds s sec secs"),
        (
            .millisecond,
            "millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon"
        ),
        (.microsecond, "microsecond microseconds us usec usecs usecond useconds microsec microsecs"),
        (.epoch, "epoch"),
        (.dayOfWeek, "dayofweek dow dw weekday"),
        (.dayOfYear, "dayofyear doy dy yearday"),
        (.timezone, "timezone"),
        (.timezoneHour, "timezone_hour"),
        (.timezoneMinute, "timezone_minute"),
    ]

    private static let names: [String: DatePart] = {
        var names: [String: DatePart] = [:]
        for (part, spelling) in spellings {
            for name in spelling.split(separator: " ") { names[String(name)] = part }
        }
        return names
    }()

    /// The full name, in singular.
    public var name: String {
        DatePart.spellings.first { $0.0 == self }?.1.split(separator: " ").first.map(String.init) ?? ""
    }

    /// Fixed length in microseconds, for the parts that have one.
    var microseconds: Int64? {
        switch self {
        case .week: 7 * TimeOfDay.microsecondsPerDay
        case .day, .dayOfWeek, .dayOfYear: TimeOfDay.microsecondsPerDay
        case .hour: TimeOfDay.microsecondsPerHour
        case .minute: TimeOfDay.microsecondsPerMinute
        case .second, .epoch: TimeOfDay.microsecondsPerSecond
        case .millisecond: 1_000
        case .microsecond: 1
        default: nil
        }
    }

    /// For the parts that are made of months.
    var months: Int64? {
        switch self {
        case .millennium: 12_000
        case .century: 1_200
        case .decade: 120
        case .year: 12
        case .quarter: 3
        case .month: 1
        default: nil
        }
    }
}

extension SQLError {
    package static func unsupportedDatePart(_ part: DatePart, in function: String) -> SQLError {
        SQLError(.featureNotSupported, "\(function) units \"\(part.name)\" not supported")
    }
}
