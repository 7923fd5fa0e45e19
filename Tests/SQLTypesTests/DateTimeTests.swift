import Testing

@testable import SQLTypes

struct CalendarTests {
    @Test func everyDayRoundTrips() {
        // All days of 1600…2400, then every 97th of the whole range; the calendar repeats after 400 years.
        var expected = CivilDate(year: 1600, month: 1, day: 1)
        for day in expected.daysSince2000...CivilDate(year: 2400, month: 12, day: 31).daysSince2000 {
            let date = CivilDate(daysSince2000: day)
            guard date == expected, date.daysSince2000 == day else {
                Issue.record("day \(day) is \(date), expected \(expected)")
                return
            }
            expected.day += 1
            if !expected.isValid { (expected.month, expected.day) = (expected.month + 1, 1) }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
        for day in stride(from: DateRange.days.lowerBound, through: DateRange.days.upperBound, by: 97) {
            let date = CivilDate(daysSince2000: day)
            guard date.isValid, date.daysSince2000 == day else {
                Issue.record("day \(day) is \(date)")
                return
            }
        }
    }

    @Test func knownDays() {
        #expect(CivilDate(year: 2000, month: 1, day: 1).daysSince2000 == 0)
        #expect(CivilDate(year: 1970, month: 1, day: 1).daysSince2000 == -10_957)
        #expect(
            CivilDate(year: 2017, month: 2, day: 29).daysSince2000
                == CivilDate(year: 2017, month: 3, day: 1).daysSince2000)
        #expect(CivilDate.dayOfWeek(0) == 6)
        #expect(CivilDate.dayOfWeek(-7) == 6)
        #expect(CivilDate.isoWeek(Int(days("2005-01-01"))) == (2004, 53))
        #expect(CivilDate.isoWeek(Int(days("2008-12-29"))) == (2009, 1))
        #expect(DateRange.microseconds.upperBound == 9_223_371_331_199_999_999)
    }

    /// Dates and timestamps of the whole range, through their text.
    @Test func textRoundTrips() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<1_500 {
            let timestamp = random.int64(in: DateRange.microseconds)
            #expect(micros(text(timestamp: timestamp)) == timestamp)
            let zone = SessionTimeZone(name: "test", secondsEast: Int32(random.below(101_000)) / 60 * 60 - 50_400)
            let instant = timestamp / 2
            let shown = SQLValue.timestamptz(instant).text(as: .timestamptz, zone: zone)
            #expect(try SQLType.timestamptz.parse(shown) == .timestamptz(instant))
            let date = Int32(TimeOfDay.split(timestamp).days)
            #expect(days(text(date: date)) == date)
        }
    }
}

struct DateTimeLiteralTests {
    @Test(arguments: [
        "January 8, 1999", "1999-01-08", "1/8/1999", "8 Jan 1999", "Jan-8-1999", "19990108", "990108", "1999.008",
        "Friday, January 8 1999", "1999-Jan-08", "08-Jan-1999", " 1999-01-08 ", "1999-01-08 04:05:06", "J2451187",
        "Jan 8,1999", "1999-1-8",
    ])
    func dates(text literal: String) {
        #expect(roundTrip(literal, as: .date) == "1999-01-08")
    }

    @Test(arguments: [
        ("01/02/00", "2000-01-02"), ("2000-Jan-31", "2000-01-31"), ("20080215", "2008-02-15"), ("080215", "2008-02-15"),
        ("2008.366", "2008-12-31"), ("Jun 1,2008", "2008-06-01"), ("J2345678 04:05:06.789", "1710-02-23"),
        ("4713-01-01 BC", "4713-01-01 BC"), ("294276-12-31", "294276-12-31"), ("17.12.1997", "1997-12-17"),
        ("1/2/69", "2069-01-02"), ("1/2/70", "1970-01-02"), ("today", "2008-01-25"), ("TOMORROW", "2008-01-26"),
        ("yesterday", "2008-01-24"), ("now", "2008-01-25"), ("epoch", "1970-01-01"), ("0001-01-01", "0001-01-01"),
        ("2016-02-29", "2016-02-29"),
        ("2015-02-29", "22008 date/time field value out of range: \"2015-02-29\""),
        ("2008-13-01", "22008 date/time field value out of range: \"2008-13-01\""),
        ("2001-6-31", "22008 date/time field value out of range: \"2001-6-31\""),
        ("0000-01-01", "22008 date/time field value out of range: \"0000-01-01\""),
        ("294277-01-01", "22008 date/time field value out of range: \"294277-01-01\""),
        ("4714-12-31 BC", "22008 date/time field value out of range: \"4714-12-31 BC\""),
        ("", "22007 invalid input syntax for type date: \"\""),
        ("hello", "22007 invalid input syntax for type date: \"hello\""),
        ("2008-01-01x", "22007 invalid input syntax for type date: \"2008-01-01x\""),
        ("2008-01", "22007 invalid input syntax for type date: \"2008-01\""),
        ("12", "22007 invalid input syntax for type date: \"12\""),
        ("1999-01-08 1999-01-08", "22007 invalid input syntax for type date: \"1999-01-08 1999-01-08\""),
    ])
    func moreDates(literal: String, expected: String) {
        #expect(roundTrip(literal, as: .date) == expected)
    }

    @Test(arguments: [
        ("04:05:06.789", "04:05:06.789"), ("04:05:06", "04:05:06"), ("04:05", "04:05:00"),
        ("04:05 AM", "04:05:00"), ("04:05 PM", "16:05:00"), ("12:05 am", "00:05:00"), ("12:05pm", "12:05:00"),
        ("16:05", "16:05:00"), ("24:00:00", "24:00:00"), ("1999-01-08 040506", "04:05:06"),
        ("24:00:01", "22008 date/time field value out of range: \"24:00:01\""),
        ("23:60", "22008 date/time field value out of range: \"23:60\""),
        ("13:05 PM", "22008 date/time field value out of range: \"13:05 PM\""),
        ("noon", "22007 invalid input syntax for type time without time zone: \"noon\""),
    ])
    func times(literal: String, expected: String) {
        #expect(roundTrip(literal, as: .time) == expected)
    }

    @Test(arguments: [
        ("2008-06-01 09:59:59", "2008-06-01 09:59:59"), ("Jun 1,2008 09:59:59", "2008-06-01 09:59:59"),
        ("20080215 040506", "2008-02-15 04:05:06"), ("20080215 040506.789", "2008-02-15 04:05:06.789"),
        ("20200430 04:05:06.789", "2020-04-30 04:05:06.789"), ("2008-06-01", "2008-06-01 00:00:00"),
        ("2008-06-01T09:59:59.1", "2008-06-01 09:59:59.1"), ("2008-06-01T09:59:59Z", "2008-06-01 09:59:59"),
        ("1997-12-17 07:37:16-08", "1997-12-17 07:37:16"), ("17 Dec 07:37:16 1997 PST", "1997-12-17 07:37:16"),
        ("12/17/1997 07:37:16.00 PST", "1997-12-17 07:37:16"), ("J2345678 04:05:06.789", "1710-02-23 04:05:06.789"),
        ("2008-06-01 24:00:00", "2008-06-02 00:00:00"), ("2008-06-01 09:59:59.1234567", "2008-06-01 09:59:59.123457"),
        ("2008-06-01 09:59:59.000001", "2008-06-01 09:59:59.000001"), ("now", "2008-01-25 10:11:12.345678"),
        ("tomorrow", "2008-01-26 00:00:00"), ("today 04:05", "2008-01-25 04:05:00"),
        ("2008-06-01 4:5:6", "2008-06-01 04:05:06"), ("June 1, 2008 4:05 PM", "2008-06-01 16:05:00"),
        ("0044-03-15 12:00:00 BC", "0044-03-15 12:00:00 BC"),
        ("2008-06-01 25:00:00", "22008 date/time field value out of range: \"2008-06-01 25:00:00\""),
        ("04:05:06", "22007 invalid input syntax for type timestamp without time zone: \"04:05:06\""),
    ])
    func timestamps(literal: String, expected: String) {
        #expect(roundTrip(literal, as: .timestamp) == expected)
    }

    @Test(arguments: [
        ("17 Dec 07:37:16 1997 PST", "1997-12-17 15:37:16+00"),
        ("12/17/1997 07:37:16.00 PST", "1997-12-17 15:37:16+00"),
        ("1997-12-17 07:37:16-08", "1997-12-17 15:37:16+00"), ("17.12.1997 07:37:16.00 PST", "1997-12-17 15:37:16+00"),
        ("1997-12-17 07:37:16+05:30", "1997-12-17 02:07:16+00"), ("1997-12-17 07:37:16+0530", "1997-12-17 02:07:16+00"),
        ("1997-12-17 07:37:16 EST5", "1997-12-17 12:37:16+00"), ("1997-12-17 07:37:16", "1997-12-17 07:37:16+00"),
        ("epoch", "1970-01-01 00:00:00+00"), ("now", "2008-01-25 10:11:12.345678+00"),
        ("1997-12-17 07:37:16 US/Pacific", "22023 time zone \"us/pacific\" not recognized"),
        ("1997-12-17 07:37:16+15", "22008 date/time field value out of range: \"1997-12-17 07:37:16+15\""),
    ])
    func timestampsWithZone(literal: String, expected: String) {
        #expect(roundTrip(literal, as: .timestamptz) == expected)
    }

    @Test func namedZonesComeFromTheContext() throws {
        var context = testClock
        context.namedZone = { $0 == "us/pacific" ? SessionTimeZone(name: $0, secondsEast: -28_800) : nil }
        #expect(roundTrip("12/17/1997 07:37:16.00 US/Pacific", as: .timestamptz, context) == "1997-12-17 15:37:16+00")
        #expect(roundTrip("13:24:55 PST", as: .timetz) == "21:24:55+00")
        #expect(roundTrip("13:24:55", as: .timetz) == "13:24:55+00")
        #expect(roundTrip("13:24:55.5 +05:30", as: .timetz) == "07:54:55.5+00")
    }

    @Test func sessionZone() {
        let india = DateTimeContext(
            transactionStart: testClock.transactionStart, zone: SessionTimeZone(name: "IST", secondsEast: 19_800))
        #expect(roundTrip("2008-01-01 00:00:00", as: .timestamptz, india) == "2008-01-01 00:00:00+05:30")
        #expect(roundTrip("now", as: .timestamptz, india) == "2008-01-25 15:41:12.345678+05:30")
        #expect(roundTrip("now", as: .timestamp, india) == "2008-01-25 15:41:12.345678")
    }

    /// Where no clock is given, as for data files, words that need one are no dates.
    @Test func wordsNeedAClock() {
        #expect(roundTrip("today", as: .date, .utc) == "22007 invalid input syntax for type date: \"today\"")
        #expect(roundTrip("epoch", as: .date, .utc) == "1970-01-01")
    }

    /// No text, however odd, may trap; and what is read is in range.
    @Test func randomTextNeverTraps() {
        var random = SplitMix64(seed: 8)
        let pieces = [
            "1", "2008", "-", "/", ".", ":", " ", "jan", "12", "pm", "bc", "j", "99999999999999999999", "+", "t", "utc",
            "today", "040506", "20080215", ",", "é", "pst", "366", "24:00:00", "month", "ago", "w", "e5", "est5", "now",
        ]
        for _ in 0..<4_000 {
            let text = (0...random.below(7)).map { _ in pieces[random.below(pieces.count)] }.joined()
            for type in [SQLType.date, .timestamp, .timestamptz, .time, .timetz, .intervalDayToSecond, .double] {
                guard let value = try? parse(text, as: type) else { continue }
                if case .timestamp(let timestamp) = value { #expect(DateRange.microseconds.contains(timestamp)) }
                #expect(!value.text(as: type).isEmpty)
            }
        }
    }

    /// The digit-by-digit path against the general one, which a trailing blank forces.
    @Test func fastPathAgrees() {
        var random = SplitMix64(seed: 9)
        let characters = Array("0123456789-: .T".utf8)
        for _ in 0..<3_000 {
            var bytes = Array(text(timestamp: random.int64(in: -3e17.rounded64...3e17.rounded64)).utf8)
            if random.below(3) == 0 { bytes[random.below(bytes.count)] = characters[random.below(characters.count)] }
            if random.below(3) == 0 { bytes.removeLast(random.below(bytes.count - 9)) }
            let padded = bytes + [UInt8(ascii: " ")]
            #expect((try? DateTimeText.timestamp(bytes.span)) == (try? DateTimeText.timestamp(padded.span)))
            #expect((try? DateTimeText.date(bytes.span)) == (try? DateTimeText.date(padded.span)))
        }
    }
}

extension Double {
    fileprivate var rounded64: Int64 { Int64(rounded()) }
}

struct DateMathTests {
    @Test(arguments: [
        (18, "month", "2008-02-28", "2009-08-28 00:00:00"), (30, "m", "2008-02-28", "2008-02-28 00:30:00"),
        (1, "month", "2008-04-30", "2008-05-30 00:00:00"), (12, "month", "2016-02-29", "2017-02-28 00:00:00"),
        (1, "year", "2016-02-29", "2017-03-01 00:00:00"), (-1, "qtr", "2008-05-31", "2008-02-29 00:00:00"),
        (2, "w", "2008-02-28", "2008-03-13 00:00:00"), (-1, "microsecond", "2000-01-01", "1999-12-31 23:59:59.999999"),
        (1, "century", "2000-02-29", "2100-03-01 00:00:00"),
    ])
    func dateAdd(count: Int64, part: String, start: String, expected: String) throws {
        let part = try #require(DatePart(part))
        #expect(text(timestamp: try DateMath.add(count, part, to: micros(start))) == expected)
    }

    @Test func dateAddOverflows() {
        for part in DatePart.allCases {
            for count in [Int64.max, .min, 300_000_000_000] where part != .microsecond && part != .millisecond {
                guard part != .second || count != 300_000_000_000, part != .epoch else { continue }
                #expect(throws: SQLError.self) { try DateMath.add(count, part, to: 0) }
            }
        }
        #expect(throws: SQLError.timestampOutOfRange) { try DateMath.addMonths(.min, to: 0) }
    }

    @Test func differencesOfTheWholeRange() throws {
        let (first, last) = (DateRange.microseconds.lowerBound, DateRange.microseconds.upperBound)
        #expect(try DateMath.difference(.day, from: first, to: last) == Int64(DateRange.days.count - 1))
        #expect(throws: SQLError.timestampOutOfRange) { try DateMath.difference(.microsecond, from: first, to: last) }
    }

    @Test func timesWrap() throws {
        let time = TimeOfDay.microseconds(hour: 13, minute: 24, second: 55, fraction: 0)
        #expect(show(.time(try DateMath.add(12, .hour, toTime: time)), as: .time) == "01:24:55")
        #expect(show(.time(try DateMath.add(-14, .hour, toTime: time)), as: .time) == "23:24:55")
        #expect(try DateMath.add(.max, .microsecond, toTime: 0) == Int64.max % TimeOfDay.microsecondsPerDay)
        #expect(throws: SQLError.self) { try DateMath.add(1, .day, toTime: time) }
    }

    @Test(arguments: [
        ("week", "2009-01-01", "2009-12-31", 52), ("hour", "2023-01-01", "2023-01-03 05:04:03", 53),
        ("year", "2008-12-31", "2009-01-01", 1), ("hour", "2000-01-01 08:30:00", "2000-01-01 10:00:00", 2),
        ("day", "2009-01-01", "2009-03-23", 81), ("day", "2023-01-04", "2024-05-04", 486),
        ("qtr", "1998-07-01", "2008-06-05", 39), ("month", "2009-03-01", "2009-02-28", -1),
        ("decade", "1999-12-31", "2000-01-01", 1), ("century", "2000-12-31", "2001-01-01", 1),
        ("minute", "1999-12-31 23:59:59", "2000-01-01", 1), ("second", "2000-01-01", "1999-12-31 23:59:59.5", -1),
    ])
    func dateDiff(part: String, start: String, end: String, expected: Int64) throws {
        let part = try #require(DatePart(part))
        #expect(try DateMath.difference(part, from: micros(start), to: micros(end)) == expected)
    }

    @Test(arguments: [("20:00:00", -5), ("00:00:00.5550", 15), ("00:58:00", 15)])
    func timeDiff(start: String, expected: Int64) throws {
        let end = try DateTimeText.time(Array("15:24:45".utf8).span)
        let start = try DateTimeText.time(Array(start.utf8).span)
        #expect(try DateMath.difference(.hour, fromTime: start, toTime: end) == expected)
    }

    @Test(arguments: [
        ("week", "2022-04-30 04:05:06.789", "2022-04-25 00:00:00"), ("week", "2022-04-25", "2022-04-25 00:00:00"),
        ("millennium", "2020-04-30 04:05:06.789", "2001-01-01 00:00:00"),
        ("century", "2000-05-05", "1901-01-01 00:00:00"),
        ("decade", "2019-05-05", "2010-01-01 00:00:00"), ("quarter", "2019-06-05", "2019-04-01 00:00:00"),
        ("month", "2019-06-05 12:00:00", "2019-06-01 00:00:00"),
        ("hour", "1999-12-31 23:59:59.5", "1999-12-31 23:00:00"),
        ("ms", "1999-12-31 23:59:59.123456", "1999-12-31 23:59:59.123"),
    ])
    func dateTrunc(part: String, start: String, expected: String) throws {
        let part = try #require(DatePart(part))
        #expect(text(timestamp: try DateMath.truncate(micros(start), to: part)) == expected)
    }

    @Test(arguments: [
        ("century", "2000-12-16 12:21:13", 20), ("century", "2001-12-16 12:21:13", 21), ("decade", "1999-01-01", 200),
        ("decade", "2000-01-01", 201), ("decade", "2010-01-01", 202), ("mil", "2000-12-16", 2),
        ("mil", "2001-12-16", 3),
        ("sec", "2009-09-21 11:10:03.189717", 3), ("ms", "2009-09-09 12:08:43.101", 101), ("dow", "2009-12-31", 4),
        ("doy", "2008-12-31", 366), ("week", "2005-01-01", 53), ("quarter", "2008-07-01", 3),
        ("hour", "2008-07-01 23:00:00", 23),
        ("epoch", "1970-01-02", 86_400), ("year", "0044-03-15 BC", -44), ("century", "0044-03-15 BC", -1),
        ("minute", "1969-12-31 23:59:00", 59),
    ])
    func extracts(part: String, literal: String, expected: Int64) throws {
        let part = try #require(DatePart(part))
        #expect(try DateMath.extract(part, from: micros(literal)) == expected)
    }

    @Test func dateParts() throws {
        #expect(try DateMath.datePart(.second, from: micros("2009-09-21 11:10:03.189717")) == 3.189717)
        #expect(try DateMath.datePart(.epoch, from: micros("1970-01-01 00:00:01.5")) == 1.5)
        #expect(try DateMath.extract(.timezoneHour, from: 0, secondsEast: -28_800) == -8)
        #expect(throws: SQLError.self) { try DateMath.extract(.timezone, from: 0) }
        for part in DatePart.allCases { #expect(DatePart(part.name.uppercased()) == part) }
        #expect(DatePart("fortnight") == nil)
    }

    @Test func monthFunctions() throws {
        #expect(text(timestamp: try DateMath.addMonths(1, to: micros("2008-04-30"))) == "2008-05-31 00:00:00")
        #expect(text(timestamp: try DateMath.addMonths(-1, to: micros("2008-03-30"))) == "2008-02-29 00:00:00")
        #expect(text(date: try DateMath.lastDay(days("2008-02-01"))) == "2008-02-29")
        #expect(text(date: try DateMath.nextDay(days("2014-08-20"), dayOfWeek: 2)) == "2014-08-26")
        #expect(text(date: try DateMath.nextDay(days("2014-08-26"), dayOfWeek: 2)) == "2014-09-02")
        #expect(DateMath.dayOfWeek(named: "Tuesday") == 2)
        #expect(DateMath.dayOfWeek(named: "Tu") == 2)
        #expect(DateMath.dayOfWeek(named: "x") == nil)
        #expect(DateMath.monthsBetween(micros("1969-01-18"), micros("1969-03-18")) == -2)
        #expect(DateMath.monthsBetween(micros("2008-02-29"), micros("2008-01-31")) == 1)
        #expect(DateMath.monthsBetween(micros("2008-02-16"), micros("2008-01-01")) == 1 + 15.0 / 31)
    }

    @Test func zoneTransitions() throws {
        // Central European summer time of 2026.
        let zone = SessionTimeZone(
            name: "test", initialSecondsEast: 3_600,
            transitions: [
                .init(utcSecond: 1_774_746_000, secondsEast: 7_200),
                .init(utcSecond: 1_792_890_000, secondsEast: 3_600),
            ])
        let context = DateTimeContext(zone: zone)
        for (local, shown) in [
            ("2026-03-29 01:59:59", "2026-03-29 01:59:59+01"), ("2026-03-29 02:30:00", "2026-03-29 03:30:00+02"),
            ("2026-03-29 03:00:00", "2026-03-29 03:00:00+02"), ("2026-10-25 02:30:00", "2026-10-25 02:30:00+01"),
            ("2026-10-25 01:59:59", "2026-10-25 01:59:59+02"), ("2026-12-01 00:00:00", "2026-12-01 00:00:00+01"),
        ] {
            #expect(roundTrip(local, as: .timestamptz, context) == shown)
        }
    }
}

struct TimeZoneTests {
    @Test(arguments: [
        ("EST5", "2026-07-01 12:00:00", -18_000), ("PST8PDT", "2026-07-01 12:00:00", -25_200),
        ("pst8pdt", "2026-01-01 12:00:00", -28_800), ("PST8PDT", "2026-03-08 09:59:59", -28_800),
        ("PST8PDT", "2026-03-08 10:00:00", -25_200), ("PST8PDT", "2026-11-01 08:59:59", -25_200),
        ("PST8PDT", "2026-11-01 09:00:00", -28_800), ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29 01:00:00", 7_200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25 01:00:00", 3_600), ("<+0530>-5:30", "2026-10-25 01:00:00", 19_800),
        ("XXX0YYY,J60,J300", "2024-03-01 02:00:00", 3_600), ("XXX0YYY,59,299", "2024-02-29 02:00:00", 3_600),
    ])
    func posixRules(name: String, utc: String, expected: Int32) throws {
        let zone = try #require(SessionTimeZone(posix: name))
        #expect(zone.secondsEast(atUTC: micros(utc)) == expected)
    }

    @Test(arguments: [
        "", "PS8", "PST", "PST8PDT,", "PST8PDT,M13.1.0,M11.1.0", "PST8PDT,M3.2.0", "PST999", "US/Pacific", "<A",
    ])
    func notPosix(name: String) {
        #expect(SessionTimeZone(posix: name) == nil)
    }

    /// A file as the tz compiler writes it: an empty first block, one old change, and the rule for what follows.
    private static let file: [UInt8] = {
        func block(times: [Int64]) -> [UInt8] {
            var bytes = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
            for count in [0, 0, 0, times.count, times.isEmpty ? 1 : 2, 4] { bytes += [0, 0, 0, UInt8(count)] }
            for time in times { bytes += (0..<8).map { UInt8(truncatingIfNeeded: time >> Int64(56 - $0 * 8)) } }
            bytes += times.indices.map { _ in 1 }
            for offset in times.isEmpty ? [Int32(0)] : [-28_378, -28_800] {
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: offset >> Int32(24 - $0 * 8)) } + [0, 0]
            }
            return bytes + Array("PST\0".utf8)
        }
        return block(times: []) + block(times: [-2_717_640_000]) + Array("\nPST8PDT,M3.2.0,M11.1.0\n".utf8)
    }()

    @Test func readsCompiledFiles() throws {
        let read = SessionTimeZone(name: "US/Pacific", tzif: Self.file.span)
        let zone = try #require(read)
        #expect(zone.secondsEast(atUTC: micros("1880-01-01")) == -28_378)
        #expect(zone.secondsEast(atUTC: micros("1950-07-01")) == -28_800)
        #expect(zone.secondsEast(atUTC: micros("2026-07-01")) == -25_200)
    }

    @Test func damagedFilesAreRefused() {
        for length in 0..<(Self.file.count - 24) {
            let zone = SessionTimeZone(name: "x", tzif: Self.file.span.extracting(0..<length))
            #expect(zone == nil)
        }
        var random = SplitMix64(seed: 12)
        for _ in 0..<2_000 {
            var damaged = Self.file
            damaged[random.below(damaged.count)] = UInt8(truncatingIfNeeded: random.next())
            guard let zone = SessionTimeZone(name: "x", tzif: damaged.span) else { continue }
            #expect(zone.secondsEast(atUTC: 0).magnitude < 700_000)
        }
    }
}

struct IntervalTests {
    @Test(
        arguments: [
            ("1 year 2 mons 3 days 04:05:06.7", nil, "1 year 2 mons 3 days 04:05:06.7"), ("52 weeks", nil, "364 days"),
            ("1w, 1h, 1m, 1s", nil, "7 days 01:01:01"), ("0.5 days", nil, "12:00:00"), ("90", nil, "00:01:30"),
            ("3 days ago", nil, "-3 days"), ("@ 1 month", nil, "1 mon"), ("1.5 years", nil, "1 year 6 mons"),
            ("-1 day +02:03", nil, "-1 days +02:03:00"), ("", nil, "error"), ("3 parsecs", nil, "error"),
            ("1e", nil, "error"),
            ("23", .month, "1 year 11 mons"), ("1-2", .month, "1 year 2 mons"), ("1-2", .year, "1 year"),
            ("-2", .day, "-2 days"), ("13 day 1 hour 1 minute 1.123 seconds", .second, "13 days 01:01:01.123"),
            ("13 day 1 hour 1 minute 1.123 seconds", .dayToMinute, "13 days 01:01:00"),
            ("2 03:04", .dayToMinute, "2 days 03:04:00"),
            ("3:04", .minuteToSecond, "00:03:04"), ("36:00:00", .day, "1 day"), ("9999999999 years", nil, "error"),
        ] as [(String, IntervalQualifier?, String)])
    func reads(literal: String, qualifier: IntervalQualifier?, expected: String) {
        guard let value = try? IntervalText.parse(Array(literal.utf8).span, qualifier: qualifier) else {
            #expect(expected == "error", "\(literal)")
            return
        }
        var bytes: [UInt8] = []
        TextWriter.append(value, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func arithmetic() throws {
        let fourMonths = try IntervalText.parse(Array("4 months".utf8).span).negated()
        #expect(text(timestamp: try DateMath.add(fourMonths, to: micros("2023-02-15"))) == "2022-10-15 00:00:00")
        #expect(text(timestamp: try DateMath.add(fourMonths, to: micros("2023-03-31"))) == "2022-11-30 00:00:00")
        #expect(try Interval(months: 1).multiplied(by: 1.5) == Interval(months: 1, days: 15))
        #expect(
            try Interval(days: 2, microseconds: 10).adding(Interval(months: 1))
                == Interval(months: 1, days: 2, microseconds: 10))
        #expect(throws: SQLError.intervalOutOfRange) { try Interval(months: .max).multiplied(by: 2) }
        #expect(throws: SQLError.intervalOutOfRange) { try Interval(days: 1).multiplied(by: .nan) }
        #expect(DateMath.add(Interval(microseconds: -1), toTime: 0) == TimeOfDay.microsecondsPerDay - 1)
    }

    @Test func comparison() throws {
        func value(_ text: String) throws -> SQLValue { try parse(text, as: .intervalDayToSecond) }
        #expect(SQLValue.compare(try value("3 days"), try value("1 year")) == .less)
        #expect(SQLValue.compare(try value("7 days"), try value("1 week")) == .equal)
        #expect(SQLValue.compare(try value("1 month"), try value("30 days")) == .equal)
    }
}
