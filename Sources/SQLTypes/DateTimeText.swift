/// Reads dates and times. The forms that data files use, `YYYY-MM-DD` and `YYYY-MM-DD HH:MI:SS[.ffffff]`, are read
/// digit by digit; all others go through `DateTimeScanner`.
package enum DateTimeText {
    package static func date(_ text: Span<UInt8>, context: DateTimeContext = .utc) throws(SQLError) -> Int32 {
        if let days = isoDate(text) { return days }
        let moment = try moment(text, .date, context)
        return try inRange(text) { () throws(SQLError) in try DateRange.checked(days: moment.days) }
    }

    /// A zone in the text is ignored; without a time it is midnight.
    package static func timestamp(_ text: Span<UInt8>, context: DateTimeContext = .utc) throws(SQLError) -> Int64 {
        if let timestamp = isoTimestamp(text) { return timestamp }
        let moment = try moment(text, .timestamp, context)
        return try timestamp(moment, text)
    }

    /// Without a zone in the text, the session's.
    package static func timestamptz(_ text: Span<UInt8>, context: DateTimeContext = .utc) throws(SQLError) -> Int64 {
        let moment: Moment
        if let timestamp = isoTimestamp(text) {
            let (days, time) = TimeOfDay.split(timestamp)
            moment = Moment(days: Int(days), time: time, zone: nil, isUTC: false)
        } else {
            moment = try self.moment(text, .timestamptz, context)
        }
        let local = try timestamp(moment, text)
        if moment.isUTC { return local }
        let zone = moment.zone ?? context.zone
        return try inRange(text) { () throws(SQLError) in
            try DateRange.checked(microseconds: zone.utc(fromLocal: local))
        }
    }

    package static func time(_ text: Span<UInt8>, context: DateTimeContext = .utc) throws(SQLError) -> Int64 {
        try timeWithZone(text, .time, context).local
    }

    /// In UTC.
    package static func timetz(_ text: Span<UInt8>, context: DateTimeContext = .utc) throws(SQLError) -> Int64 {
        let (local, secondsEast) = try timeWithZone(text, .timetz, context)
        return TimeOfDay.utc(microseconds: local, secondsEast: secondsEast)
    }

    // MARK: Fast paths

    /// `YYYY-MM-DD` and nothing else; nil leaves it to the general reader.
    package static func isoDate(_ text: Span<UInt8>) -> Int32? {
        text.count == 10 ? leadingISODate(text) : nil
    }

    /// In the first ten bytes, which there must be.
    @inline(__always)
    private static func leadingISODate(_ text: Span<UInt8>) -> Int32? {
        guard text[4] == dash, text[7] == dash,
            let century = twoDigits(text, 0), let yearOfCentury = twoDigits(text, 2),
            let month = twoDigits(text, 5), let day = twoDigits(text, 8)
        else { return nil }
        let date = CivilDate(year: century * 100 + yearOfCentury, month: month, day: day)
        guard date.year > 0, date.isValid else { return nil }
        return Int32(date.daysSince2000)
    }

    /// `YYYY-MM-DD`, `YYYY-MM-DD HH:MI:SS`, or that with one to six digits of fraction; nil leaves it to the general
    /// reader.
    package static func isoTimestamp(_ text: Span<UInt8>) -> Int64? {
        if text.count == 10 { return leadingISODate(text).map { Int64($0) * TimeOfDay.microsecondsPerDay } }
        guard text.count >= 19, text.count <= 26, text.count != 20,
            text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "T"),
            text[13] == colon, text[16] == colon,
            let days = leadingISODate(text),
            let hour = twoDigits(text, 11), let minute = twoDigits(text, 14), let second = twoDigits(text, 17),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0
        if text.count > 20 {
            guard text[19] == UInt8(ascii: ".") else { return nil }
            for index in 20..<26 {
                let digit = index < text.count ? text[index] &- UInt8(ascii: "0") : 0
                guard digit <= 9 else { return nil }
                fraction = fraction * 10 + Int(digit)
            }
        }
        return Int64(days) * TimeOfDay.microsecondsPerDay
            + TimeOfDay.microseconds(hour: hour, minute: minute, second: second, fraction: fraction)
    }

    @inline(__always)
    private static func twoDigits(_ text: Span<UInt8>, _ index: Int) -> Int? {
        let tens = text[index] &- UInt8(ascii: "0")
        let ones = text[index + 1] &- UInt8(ascii: "0")
        return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
    }

    // MARK: General forms

    private struct Moment {
        var days: Int
        /// Microseconds since midnight; may be 24:00:00.
        var time: Int64
        var zone: SessionTimeZone?
        /// The words `now` and `epoch` mean instants.
        var isUTC: Bool
    }

    private static func moment(
        _ text: Span<UInt8>, _ type: SQLType, _ context: DateTimeContext
    ) throws(SQLError) -> Moment {
        do throws(DateTimeFields.Failure) {
            let fields = try DateTimeScanner(text, namedZone: context.namedZone).fields
            let time = try fields.timeOfDay()
            if let special = fields.special {
                guard !fields.hasDate, time == nil || (special != .now && special != .epoch) else { throw .syntax }
                return try moment(special, time: time, zone: fields.zone, type, context)
            }
            return Moment(days: try fields.days(), time: time ?? 0, zone: fields.zone, isUTC: false)
        } catch {
            throw self.error(error, text, type)
        }
    }

    private static func moment(
        _ special: DateTimeFields.Special, time: Int64?, zone: SessionTimeZone?, _ type: SQLType,
        _ context: DateTimeContext
    ) throws(DateTimeFields.Failure) -> Moment {
        if special == .epoch {
            return Moment(days: -10_957, time: 0, zone: zone, isUTC: type == .timestamptz)
        }
        guard let now = context.transactionStart else { throw .syntax }
        let isInstant = special == .now && type == .timestamptz
        let (days, timeOfDay) = TimeOfDay.split(isInstant ? now : context.zone.local(fromUTC: now))
        switch special {
        case .now: return Moment(days: days, time: timeOfDay, zone: nil, isUTC: isInstant)
        case .tomorrow: return Moment(days: days + 1, time: time ?? 0, zone: zone, isUTC: false)
        case .yesterday: return Moment(days: days - 1, time: time ?? 0, zone: zone, isUTC: false)
        case .today, .epoch: return Moment(days: days, time: time ?? 0, zone: zone, isUTC: false)
        }
    }

    private static func timestamp(_ moment: Moment, _ text: Span<UInt8>) throws(SQLError) -> Int64 {
        guard DateRange.days.contains(moment.days) else { throw .fieldOutOfRange(text) }
        let timestamp = Int64(moment.days) * TimeOfDay.microsecondsPerDay + moment.time
        guard DateRange.microseconds.contains(timestamp) else { throw .fieldOutOfRange(text) }
        return timestamp
    }

    private static func timeWithZone(
        _ text: Span<UInt8>, _ type: SQLType, _ context: DateTimeContext
    ) throws(SQLError) -> (local: Int64, secondsEast: Int32) {
        do throws(DateTimeFields.Failure) {
            let fields = try DateTimeScanner(text, namedZone: context.namedZone, isTimeOfDay: true).fields
            if fields.special == .now {
                guard let now = context.transactionStart else { throw .syntax }
                let secondsEast = context.zone.secondsEast(atUTC: now)
                return (TimeOfDay.split(context.zone.local(fromUTC: now)).microseconds, secondsEast)
            }
            guard fields.special == nil, let time = try fields.timeOfDay() else { throw .syntax }
            let day =
                fields.hasDate ? try fields.days() : context.transactionStart.map { TimeOfDay.split($0).days } ?? 0
            guard DateRange.days.contains(day) else { throw .range }
            let local = Int64(day) * TimeOfDay.microsecondsPerDay + time
            return (time, (fields.zone ?? context.zone).secondsEast(atLocal: local))
        } catch {
            throw self.error(error, text, type)
        }
    }

    private static func inRange<Value>(
        _ text: Span<UInt8>, _ body: () throws(SQLError) -> Value
    ) throws(SQLError) -> Value {
        do { return try body() } catch { throw .fieldOutOfRange(text) }
    }

    private static func error(_ failure: DateTimeFields.Failure, _ text: Span<UInt8>, _ type: SQLType) -> SQLError {
        switch failure {
        case .syntax: .invalidSyntax(type, text)
        case .range: .fieldOutOfRange(text)
        case .unknownZone(let name): .unknownTimeZone(name)
        }
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")
}

extension SQLError {
    static func fieldOutOfRange(_ text: Span<UInt8>) -> SQLError {
        SQLError(.datetimeFieldOverflow, "date/time field value out of range: \"\(text.text)\"")
    }

    package static func unknownTimeZone(_ name: String) -> SQLError {
        SQLError(.invalidParameterValue, "time zone \"\(name)\" not recognized")
    }

    /// PostgreSQL 8's words for a literal that is not of its type.
    static func invalidSyntax(_ type: SQLType, _ text: Span<UInt8>) -> SQLError {
        let message =
            switch type {
            case .smallint, .integer, .bigint: "invalid input syntax for integer: \"\(text.text)\""
            case .decimal: "invalid input syntax for type numeric: \"\(text.text)\""
            case .intervalYearToMonth, .intervalDayToSecond: "invalid input syntax for type interval: \"\(text.text)\""
            default: "invalid input syntax for type \(type): \"\(text.text)\""
            }
        return SQLError(
            type.isDateOrTime || type.isInterval ? .invalidDatetimeFormat : .invalidTextRepresentation, message)
    }
}

extension SQLType {
    public var isInterval: Bool { self == .intervalYearToMonth || self == .intervalDayToSecond }
}
