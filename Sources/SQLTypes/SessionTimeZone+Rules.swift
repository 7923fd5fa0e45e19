/// A POSIX time zone rule: `PST8PDT,M3.2.0,M11.1.0`. Offsets count west; a rule without dates takes those of the United
/// States, as PostgreSQL does.
/// - Source: POSIX.1-2017, section 8.3, variable TZ.
struct POSIXZoneRule {
    /// When the clock changes: a time of day on the n-th weekday of a month, or on a day of the year.
    struct Change {
        enum Day {
            /// week 1…5 (5 = last), weekday 0 = Sunday
            case weekday(month: Int, week: Int, weekday: Int)
            /// 1…365, February 29th never counted
            case julian(Int)
            /// 0…365, February 29th counted
            case zeroBased(Int)
        }

        var day: Day
        /// Seconds after midnight of the zone's clock; may be negative or past 24 h.
        var second = 7_200

        /// Seconds since 1970 on the clock of the zone, as if it were UTC.
        func localUnixSecond(year: Int) -> Int64 {
            let date: Int
            switch day {
            case .weekday(let month, let week, let weekday):
                let first = CivilDate(year: year, month: month, day: 1).daysSince2000
                let offset = CivilDate.floorRemainder(weekday - CivilDate.dayOfWeek(first), 7)
                let count = CivilDate.daysInMonth(month, year: year)
                let dayOfMonth = offset + 7 * (week - 1)
                date = first + (dayOfMonth >= count ? dayOfMonth - 7 : dayOfMonth)
            case .julian(let number):
                let leapDay = CivilDate.isLeap(year) && number >= 60 ? 1 : 0
                date = CivilDate(year: year, month: 1, day: 1).daysSince2000 + number - 1 + leapDay
            case .zeroBased(let number):
                date = CivilDate(year: year, month: 1, day: 1).daysSince2000 + number
            }
            return Int64(date) * 86_400 + TimeOfDay.secondsFromUnixEpoch + Int64(second)
        }
    }

    var standardSecondsEast: Int32
    var daylight: (secondsEast: Int32, start: Change, end: Change)?

    init?(_ text: String) {
        var reader = Reader(Array(text.utf8))
        guard reader.name(), let west = reader.time() else { return nil }
        standardSecondsEast = Int32(-west)
        if reader.isAtEnd { return }
        guard reader.name() else { return nil }
        var secondsEast = standardSecondsEast + 3_600
        if !reader.isAtEnd, reader.next != UInt8(ascii: ",") {
            guard let west = reader.time() else { return nil }
            secondsEast = Int32(-west)
        }
        if reader.isAtEnd {
            daylight = (
                secondsEast, Change(day: .weekday(month: 3, week: 2, weekday: 0)),
                Change(day: .weekday(month: 11, week: 1, weekday: 0))
            )
            return
        }
        guard let start = reader.change(), let end = reader.change(), reader.isAtEnd else { return nil }
        daylight = (secondsEast, start, end)
    }

    /// The changes of some years, ascending.
    func transitions(years: ClosedRange<Int>) -> [SessionTimeZone.Transition] {
        guard let daylight else { return [] }
        let changes = years.flatMap { year in
            [
                SessionTimeZone.Transition(
                    utcSecond: daylight.start.localUnixSecond(year: year) - Int64(standardSecondsEast),
                    secondsEast: daylight.secondsEast),
                SessionTimeZone.Transition(
                    utcSecond: daylight.end.localUnixSecond(year: year) - Int64(daylight.secondsEast),
                    secondsEast: standardSecondsEast),
            ]
        }
        return changes.sorted { $0.utcSecond < $1.utcSecond }
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index >= bytes.count }
        var next: UInt8 { index < bytes.count ? bytes[index] : 0 }

        private mutating func skip(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            index += 1
            return true
        }

        /// Three letters or more, or anything in angle brackets.
        mutating func name() -> Bool {
            if skip(UInt8(ascii: "<")) {
                while !isAtEnd, next != UInt8(ascii: ">") { index += 1 }
                return skip(UInt8(ascii: ">"))
            }
            let start = index
            while (next | 0x20) &- UInt8(ascii: "a") < 26 { index += 1 }
            return index - start >= 3
        }

        mutating func number(upTo limit: Int) -> Int? {
            let start = index
            var value = 0
            while next &- UInt8(ascii: "0") <= 9, index - start < 4 {
                value = value * 10 + Int(next - UInt8(ascii: "0"))
                index += 1
            }
            return index > start && value <= limit ? value : nil
        }

        /// `[+|-]h[:m[:s]]` in seconds.
        mutating func time() -> Int? {
            let isNegative = skip(UInt8(ascii: "-"))
            if !isNegative { _ = skip(UInt8(ascii: "+")) }
            guard var seconds = number(upTo: 167).map({ $0 * 3_600 }) else { return nil }
            for unit in [60, 1] where skip(UInt8(ascii: ":")) {
                guard let value = number(upTo: 59) else { return nil }
                seconds += value * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// `,date[/time]`
        mutating func change() -> Change? {
            guard skip(UInt8(ascii: ",")), let day = day() else { return nil }
            guard skip(UInt8(ascii: "/")) else { return Change(day: day) }
            return time().map { Change(day: day, second: $0) }
        }

        private mutating func day() -> Change.Day? {
            if skip(UInt8(ascii: "J")) || skip(UInt8(ascii: "j")) {
                guard let number = number(upTo: 365), number > 0 else { return nil }
                return .julian(number)
            }
            guard skip(UInt8(ascii: "M")) || skip(UInt8(ascii: "m")) else {
                return number(upTo: 365).map { .zeroBased($0) }
            }
            guard let month = number(upTo: 12), month > 0, skip(UInt8(ascii: ".")), let week = number(upTo: 5),
                week > 0,
                skip(UInt8(ascii: ".")), let weekday = number(upTo: 6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}

extension SessionTimeZone {
    /// Years that rules are written out for; later ones keep the last offset.
    private static let ruleYears = 1970...2200

    /// `PST8PDT`, `CET-1CEST,M3.5.0,M10.5.0/3`: with daylight saving.
    package init?(posix text: String) {
        guard let rule = POSIXZoneRule(text) else { return nil }
        self.init(
            name: text, initialSecondsEast: rule.standardSecondsEast,
            transitions: rule.transitions(years: SessionTimeZone.ruleYears))
    }

    /// From a compiled file of the tz database, version 2 or later; nil if the file is none.
    /// - Source: RFC 8536, "The Time Zone Information Format (TZif)".
    package init?(name: String, tzif file: Span<UInt8>) {
        let header = 44
        guard let first = TZifCounts(file, at: 0), first.version >= UInt8(ascii: "2") else { return nil }
        let second = header + first.blockLength(timeSize: 4)
        guard let counts = TZifCounts(file, at: second) else { return nil }
        let start = second + header
        let end = start + counts.blockLength(timeSize: 8)
        guard end <= file.count, counts.types > 0 else { return nil }
        let indexStart = start + counts.times * 8
        let typeStart = indexStart + counts.times
        func secondsEast(type: Int) -> Int32? {
            guard type < counts.types else { return nil }
            let value = Int32(truncatingIfNeeded: file.bigEndian(at: typeStart + type * 6, bytes: 4))
            // Keeps all sums with it far from overflow; the real ones are below 26 hours.
            return value.magnitude < 100_000 ? value : nil
        }
        var transitions: [Transition] = []
        for index in 0..<counts.times {
            guard let offset = secondsEast(type: Int(file[indexStart + index])) else { return nil }
            let second = Int64(bitPattern: file.bigEndian(at: start + index * 8, bytes: 8))
            guard second > transitions.last?.utcSecond ?? .min else { return nil }
            transitions.append(Transition(utcSecond: second, secondsEast: offset))
        }
        guard let initial = secondsEast(type: 0) else { return nil }
        let last = transitions.last?.utcSecond ?? .min
        if let rule = POSIXZoneRule(file.footer(from: end)) {
            transitions += rule.transitions(years: SessionTimeZone.ruleYears).filter { $0.utcSecond > last }
        }
        self.init(name: name, initialSecondsEast: initial, transitions: transitions)
    }
}

/// The counts of a TZif header.
private struct TZifCounts {
    var version: UInt8
    var utcFlags, standardFlags, leaps, times, types, characters: Int

    init?(_ file: Span<UInt8>, at offset: Int) {
        guard offset + 44 <= file.count, file.bigEndian(at: offset, bytes: 4) == 0x545A_6966 else { return nil }
        version = file[offset + 4]
        let counts = (0..<6).map { Int(file.bigEndian(at: offset + 20 + $0 * 4, bytes: 4)) }
        guard counts.allSatisfy({ $0 <= file.count }) else { return nil }
        (utcFlags, standardFlags, leaps) = (counts[0], counts[1], counts[2])
        (times, types, characters) = (counts[3], counts[4], counts[5])
    }

    func blockLength(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags
    }
}

extension Span where Element == UInt8 {
    fileprivate func bigEndian(at offset: Int, bytes: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in offset..<(offset + bytes) { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// The rule between the two line feeds at the end.
    fileprivate func footer(from start: Int) -> String {
        guard count - start >= 2, self[start] == 10, self[count - 1] == 10 else { return "" }
        return extracting((start + 1)..<(count - 1)).text
    }
}
