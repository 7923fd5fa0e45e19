import SQLTypes

/// DATE, as days since 2000-01-01.
struct DateDecoder: FieldDecoder {
    let format: DateTimeFormat
    let acceptsAnyDate: Bool

    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Int32? {
        guard count == 10, case .standard = format else { return nil }
        return ISODate.parse(text)
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Int32> {
        switch format {
        case .standard:
            guard field.count >= 10 else {
                return invalid("Invalid date format - length must be 10 or more")
            }
            // A time part is ignored.
            if let start = field.baseAddress, let days = ISODate.parse(start),
                field.count == 10 || field[10] == UInt8(ascii: " ") || field[10] == UInt8(ascii: "T")
            {
                return .value(days)
            }
            return invalid("Invalid Date Format or Value [YYYY-MM-DD]")
        case .pattern(let pattern):
            guard let (days, _) = pattern.match(field) else { return invalid("Invalid date format or value") }
            return .value(days)
        case .automatic, .epochSeconds, .epochMilliseconds:
            do throws(SQLError) {
                return .value(try DateTimeText.date(Span(_unsafeElements: field)))
            } catch {
                return invalid("Invalid date format or value")
            }
        }
    }

    private func invalid(_ reason: String) -> FieldOutcome<Int32> {
        acceptsAnyDate ? .null : .failure(.invalidDate, reason)
    }
}

/// TIMESTAMP and TIMESTAMPTZ, as microseconds since 2000-01-01.
struct TimestampDecoder: FieldDecoder {
    let format: DateTimeFormat
    let hasZone: Bool
    let acceptsAnyDate: Bool
    private let standardPattern: DateTimePattern

    init(format: DateTimeFormat, hasZone: Bool, acceptsAnyDate: Bool) throws(SQLError) {
        self.format = format
        self.hasZone = hasZone
        self.acceptsAnyDate = acceptsAnyDate
        standardPattern = try DateTimePattern("YYYY-MM-DD HH:MI:SS", option: "TIMEFORMAT")
    }

    /// `YYYY-MM-DD HH:MI:SS`.
    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Int64? {
        guard count == 19, case .standard = format, text[10] == UInt8(ascii: " "), let days = ISODate.parse(text),
            let time = ISODate.parseTime(text + 11)
        else { return nil }
        return Int64(days) &* TimeOfDay.microsecondsPerDay &+ time
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Int64> {
        switch format {
        case .standard:
            if let (days, time) = standardPattern.match(field) { return timestamp(days, time) }
            return hasZone ? general(field) : invalid("Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]")
        case .automatic: return general(field)
        case .pattern(let pattern):
            guard let (days, time) = pattern.match(field) else { return invalid("Invalid timestamp format or value") }
            return timestamp(days, time)
        case .epochSeconds: return epoch(field, unitsPerSecond: 1)
        case .epochMilliseconds: return epoch(field, unitsPerSecond: 1_000)
        }
    }

    private func timestamp(_ days: Int32, _ time: Int64) -> FieldOutcome<Int64> {
        .value(Int64(days) * TimeOfDay.microsecondsPerDay + time)
    }

    private func general(_ field: UnsafeBufferPointer<UInt8>) -> FieldOutcome<Int64> {
        let text = Span(_unsafeElements: field)
        do throws(SQLError) {
            return .value(hasZone ? try DateTimeText.timestamptz(text) : try DateTimeText.timestamp(text))
        } catch {
            return invalid("Invalid timestamp format or value")
        }
    }

    /// Whole units since 1970, perhaps with a fraction, which is cut after the microseconds.
    private func epoch(_ field: UnsafeBufferPointer<UInt8>, unitsPerSecond: Int64) -> FieldOutcome<Int64> {
        let scale = unitsPerSecond == 1 ? 6 : 3
        guard
            case .value(let unscaled) = NumberText.decimal(
                Span(_unsafeElements: field), precision: 18, scale: scale, rounding: .towardZero)
        else { return invalid("Invalid epoch value") }
        let timestamp = Int64(unscaled) - TimeOfDay.secondsFromUnixEpoch * TimeOfDay.microsecondsPerSecond
        guard DateRange.microseconds.contains(timestamp) else { return invalid("Invalid epoch value") }
        return .value(timestamp)
    }

    private func invalid(_ reason: String) -> FieldOutcome<Int64> {
        acceptsAnyDate ? .null : .failure(.invalidTimestamp, reason)
    }
}

/// `YYYY-MM-DD` and `HH:MI:SS` in a few machine words.
enum ISODate {
    /// Days since 2000-01-01; 16 bytes must be readable. nil if the ten characters are no day of the calendar.
    @inline(__always)
    static func parse(_ text: UnsafePointer<UInt8>) -> Int32? {
        let head = UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
        guard head & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 else { return nil }
        let tail = UInt64(UInt16(littleEndian: UnsafeRawPointer(text + 8).loadUnaligned(as: UInt16.self)))
        // YYYYMMDD in one word, most significant digit lowest.
        let digits = (head & 0xFFFF_FFFF | (head &>> 8) & 0x0000_FFFF_0000_0000 | tail &<< 48) ^ 0x3030_3030_3030_3030
        guard Digits.areDigits(digits) else { return nil }
        let pairs = (digits &* 2_561) &>> 8
        let year = Int32(truncatingIfNeeded: pairs & 0xFF) &* 100 &+ Int32(truncatingIfNeeded: (pairs &>> 16) & 0xFF)
        let month = Int32(truncatingIfNeeded: (pairs &>> 32) & 0xFF)
        let day = Int32(truncatingIfNeeded: (pairs &>> 48) & 0xFF)
        guard year > 0, month &- 1 < 12, month > 0, day > 0, day <= 28 || day <= daysInMonth(month, year: year) else {
            return nil
        }
        return daysSince2000(year: year, month: month, day: day)
    }

    @inline(__always)
    private static func daysInMonth(_ month: Int32, year: Int32) -> Int32 {
        if month == 2 { return CivilDate.isLeap(Int(year)) ? 29 : 28 }
        return 30 &+ (month &+ month &>> 3) & 1
    }

    /// As `CivilDate.daysSince2000`, for years 1 ... 9999, inlined into the loop that parses a column.
    @inline(__always)
    private static func daysSince2000(year: Int32, month: Int32, day: Int32) -> Int32 {
        // Years begin in March, so that the leap day is the last of its year.
        let isEarly: Int32 = month <= 2 ? 1 : 0
        let marchYear = UInt32(bitPattern: year &- isEarly)
        let marchMonth = UInt32(bitPattern: month &+ 12 &* isEarly &- 3)
        let dayOfYear = (153 &* marchMonth &+ 2) / 5 &+ UInt32(bitPattern: day &- 1)
        let days = 365 &* marchYear &+ marchYear / 4 &- marchYear / 100 &+ marchYear / 400 &+ dayOfYear
        return Int32(bitPattern: days) &- 730_425
    }

    /// Microseconds since midnight; eight bytes.
    @inline(__always)
    static func parseTime(_ text: UnsafePointer<UInt8>) -> Int64? {
        let word = UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
        guard word & 0x0000_FF00_00FF_0000 == 0x0000_3A00_003A_0000 else { return nil }
        let digits =
            (word & 0xFFFF | (word &>> 8) & 0xFFFF_0000 | (word &>> 16) & 0xFFFF_0000_0000)
            ^ 0x0000_3030_3030_3030
        guard Digits.areDigits(digits) else { return nil }
        let pairs = (digits &* 2_561) &>> 8
        let hour = Int64(truncatingIfNeeded: pairs & 0xFF)
        let minute = Int64(truncatingIfNeeded: (pairs &>> 16) & 0xFF)
        let second = Int64(truncatingIfNeeded: (pairs &>> 32) & 0xFF)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return ((hour &* 60 &+ minute) &* 60 &+ second) &* 1_000_000
    }
}

/// TIME, as microseconds since midnight.
struct TimeDecoder: FieldDecoder {
    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Int64? {
        count == 8 ? ISODate.parseTime(text) : nil
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Int64> {
        do throws(SQLError) {
            return .value(try DateTimeText.time(Span(_unsafeElements: field)))
        } catch {
            return .failure(.invalidTimestamp, "Invalid time format or value")
        }
    }
}

/// TIMETZ, packed as vectors hold it.
struct TimeWithZoneDecoder: FieldDecoder {
    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Int128? { nil }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Int128> {
        do throws(SQLError) {
            let utc = try DateTimeText.timetz(Span(_unsafeElements: field))
            return .value(TimeOfDay.packed(microseconds: utc, secondsWest: 0))
        } catch {
            return .failure(.invalidTimestamp, "Invalid time format or value")
        }
    }
}
