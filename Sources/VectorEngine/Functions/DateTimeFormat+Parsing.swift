import SQLTypes

extension DateTimeFormat {
    /// Reads a text of this format as a local timestamp. Parts that the format does not name are those of
    /// 0001-01-01 00:00:00. Overflowing days and times roll over, unless it `isStrict`.
    /// - Source: Redshift developer guide, "TO_DATE", "TO_TIMESTAMP".
    func parse(_ text: UnsafeBufferPointer<UInt8>, isStrict: Bool) throws(SQLError) -> Int64 {
        var fields = Fields(text: Array(text))
        for (place, element) in elements.enumerated() {
            if fields.isAtEnd { break }
            // Digits of one number end where those of the next begin.
            let isNumberNext = place + 1 < elements.count && elements[place + 1].isNumber
            try fields.read(element, isBounded: isNumberNext)
        }
        return try fields.timestamp(isStrict: isStrict)
    }

    private struct Fields {
        let text: [UInt8]
        var position = 0
        var year: Int?
        var isBC = false
        var month = 1
        var day = 1
        var dayOfYear: Int?
        var julian: Int?
        var hour: Int64 = 0
        var isAfternoon: Bool?
        var minute: Int64 = 0
        var second: Int64 = 0
        var microsecond: Int64 = 0
        var secondOfDay: Int64?

        init(text: [UInt8]) { self.text = text }

        var isAtEnd: Bool { position >= text.count }

        mutating func read(_ element: Element, isBounded: Bool) throws(SQLError) {
            switch element {
            case .literal(let bytes):
                // Separators match any separators; letters and digits only themselves.
                for byte in bytes where position < text.count {
                    if Self.isWord(byte) {
                        guard byte == text[position] else { throw mismatch }
                        position += 1
                    } else if !Self.isWord(text[position]) {
                        position += 1
                    }
                }
            case .fill: break
            case .year(let digits):
                let (value, count) = try number(digits == 4 ? (isBounded ? 4 : 9) : digits)
                // As PostgreSQL: two digits from 70 on are of the 1900s.
                year =
                    digits == 4 || count == 4
                    ? value : digits == 2 ? value + (value < 70 ? 2_000 : 1_900) : value + 2_000
            case .yearWithComma:
                let thousands = try number(1).value
                if !isAtEnd, text[position] == UInt8(ascii: ",") { position += 1 }
                year = thousands * 1_000 + (try number(3).value)
            case .month: month = try number(2).value
            case .monthName, .monthAbbreviation: month = try name(of: monthNames) + 1
            case .romanMonth: month = try roman()
            case .dayName, .dayAbbreviation: _ = try name(of: dayNames)
            case .dayOfYear: dayOfYear = try number(3).value
            case .day: day = try number(2).value
            case .julian: julian = try number(9).value
            case .hour24, .hour12: hour = Int64(try number(2).value)
            case .minute: minute = Int64(try number(2).value)
            case .second: second = Int64(try number(2).value)
            case .millisecond: microsecond = try fraction(3) * 1_000
            case .microsecond: microsecond = try fraction(6)
            case .secondOfDay: secondOfDay = Int64(try number(5).value)
            case .meridian: isAfternoon = try mark("A", "P") == 1
            case .era: isBC = try mark("A", "B") == 1
            case .quarter, .weekOfMonth, .dayOfWeekSunday, .dayOfWeekMonday: _ = try number(1)
            case .century, .weekOfYear, .isoWeek: _ = try number(2)
            case .isoYear(let digits): year = try number(digits).value
            case .isoDayOfYear: _ = try number(3)
            case .zone, .zoneOffset: throw .unsupported("format element TZ or OF in TO_TIMESTAMP and TO_DATE")
            }
        }

        func timestamp(isStrict: Bool) throws(SQLError) -> Int64 {
            var hour = hour
            if let isAfternoon {
                guard (1...12).contains(hour) else {
                    throw SQLError(.invalidDatetimeFormat, "hour \"\(hour)\" is invalid for the 12-hour clock")
                }
                hour = hour % 12 + (isAfternoon ? 12 : 0)
            }
            let time =
                secondOfDay.map { $0 * TimeOfDay.microsecondsPerSecond }
                ?? hour * TimeOfDay.microsecondsPerHour + minute * TimeOfDay.microsecondsPerMinute
                + second * TimeOfDay.microsecondsPerSecond + microsecond
            if isStrict { try checkRanges(hour) }
            let days = try self.days(isStrict: isStrict)
            let (base, overflow) = Int64(days).multipliedReportingOverflow(by: TimeOfDay.microsecondsPerDay)
            guard !overflow, DateRange.days.contains(days) else { throw .timestampOutOfRange }
            return try DateRange.checked(microseconds: base + time)
        }

        private func days(isStrict: Bool) throws(SQLError) -> Int {
            if let julian { return julian - julianDayOf2000 }
            var year = year ?? 1
            if isBC { year = 1 - year }
            // Months past December go on into the next years.
            let months = year * 12 + month - 1
            let first = CivilDate(
                year: CivilDate.floorDivide(months, 12), month: CivilDate.floorRemainder(months, 12) + 1, day: 1)
            if let dayOfYear {
                return CivilDate(year: year, month: 1, day: 1).daysSince2000 + dayOfYear - 1
            }
            if isStrict, !CivilDate(year: year, month: month, day: day).isValid {
                throw SQLError(
                    .datetimeFieldOverflow, "date/time field date value out of range: \(year)-\(month)-\(day)")
            }
            return first.daysSince2000 + day - 1
        }

        private func checkRanges(_ hour: Int64) throws(SQLError) {
            guard hour < 24, minute < 60, second < 60 else {
                throw SQLError(
                    .datetimeFieldOverflow,
                    "date/time field time value out of range: \(hour):\(minute):\(second).\(microsecond)")
            }
        }

        private var mismatch: SQLError {
            SQLError(
                .invalidDatetimeFormat,
                "value \"\(String(decoding: text, as: UTF8.self))\" does not match the format string")
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
        }

        /// At most `width` digits, blanks before them passed over.
        private mutating func number(_ width: Int) throws(SQLError) -> (value: Int, count: Int) {
            while !isAtEnd, text[position] == 0x20 { position += 1 }
            var value = 0
            var count = 0
            while !isAtEnd, count < width, case let digit = text[position] &- UInt8(ascii: "0"), digit < 10 {
                value = value * 10 + Int(digit)
                position += 1
                count += 1
            }
            guard count > 0 else { throw mismatch }
            return (value, count)
        }

        /// Digits of a fraction of a second: `.5` is 500 milliseconds.
        private mutating func fraction(_ width: Int) throws(SQLError) -> Int64 {
            let (value, count) = try number(width)
            var scaled = Int64(value)
            for _ in count..<width { scaled *= 10 }
            return scaled
        }

        /// The index of the name or of its first three letters.
        private mutating func name(of names: [String]) throws(SQLError) -> Int {
            while !isAtEnd, text[position] == 0x20 { position += 1 }
            let rest = String(decoding: text[position...].prefix(9), as: UTF8.self).lowercased()
            for (index, name) in names.enumerated() where rest.hasPrefix(name.lowercased()) {
                position += name.utf8.count
                return index
            }
            for (index, name) in names.enumerated() where rest.hasPrefix(name.prefix(3).lowercased()) {
                position += 3
                return index
            }
            throw mismatch
        }

        private mutating func roman() throws(SQLError) -> Int {
            let rest = String(decoding: text[position...].prefix(4), as: UTF8.self).uppercased()
            let found = romanMonths.indices.filter { rest.hasPrefix(romanMonths[$0]) }
                .max { romanMonths[$0].count < romanMonths[$1].count }
            guard let found else { throw mismatch }
            position += romanMonths[found].utf8.count
            return found + 1
        }

        /// `AM`, `a.m.`, …: 0 for the first letter, 1 for the second.
        private mutating func mark(_ first: Character, _ second: Character) throws(SQLError) -> Int {
            while !isAtEnd, text[position] == 0x20 { position += 1 }
            guard !isAtEnd else { throw mismatch }
            let letter = Character(Unicode.Scalar(text[position])).uppercased()
            guard letter == String(first) || letter == String(second) else { throw mismatch }
            while !isAtEnd, Self.isWord(text[position]) || text[position] == UInt8(ascii: ".") { position += 1 }
            return letter == String(first) ? 0 : 1
        }
    }
}

extension DateTimeFormat.Element {
    /// Read as digits.
    fileprivate var isNumber: Bool {
        switch self {
        case .literal, .fill, .monthName, .monthAbbreviation, .romanMonth, .dayName, .dayAbbreviation, .meridian, .era,
            .zone, .zoneOffset:
            false
        default: true
        }
    }
}
