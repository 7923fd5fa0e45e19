/// The unit or range of units behind a typed interval literal: `INTERVAL '…' DAY TO MINUTE`.
public enum IntervalQualifier: UInt8, Hashable, Sendable, CaseIterable {
    case year, month, yearToMonth
    case day, hour, minute, second
    case dayToHour, dayToMinute, dayToSecond, hourToMinute, hourToSecond, minuteToSecond

    public var type: SQLType {
        switch self {
        case .year, .month, .yearToMonth: .intervalYearToMonth
        default: .intervalDayToSecond
        }
    }

    /// What a number without a unit counts, and below what the value is cut.
    var smallestUnit: DatePart {
        switch self {
        case .year: .year
        case .month, .yearToMonth: .month
        case .day: .day
        case .hour, .dayToHour: .hour
        case .minute, .dayToMinute, .hourToMinute: .minute
        case .second, .dayToSecond, .hourToSecond, .minuteToSecond: .second
        }
    }
}

/// Reads interval literals: `1 year, 2 mons 3.5 days`, `1w`, `4:05:06.7`, `1-2`, `2 03:04`, `3 days ago`, with or
/// without a qualifier behind the string.
package enum IntervalText {
    package static func parse(_ text: Span<UInt8>, qualifier: IntervalQualifier? = nil) throws(SQLError) -> Interval {
        guard text.count <= 256, var reader = Reader(text, qualifier) else { throw .invalidInterval(text) }
        guard reader.read() else { throw reader.overflows ? .intervalOutOfRange : .invalidInterval(text) }
        let interval = try reader.builder.interval()
        let signed = reader.isAgo ? try interval.negated() : interval
        guard let qualifier else { return signed }
        return cut(signed, qualifier)
    }

    /// What lies below the smallest unit named is dropped; parts above are kept.
    private static func cut(_ interval: Interval, _ qualifier: IntervalQualifier) -> Interval {
        var result = interval
        switch qualifier.smallestUnit {
        case .year: (result.months, result.days, result.microseconds) = (result.months / 12 * 12, 0, 0)
        case .month: (result.days, result.microseconds) = (0, 0)
        case .day:
            let days = Int32(truncatingIfNeeded: result.microseconds / TimeOfDay.microsecondsPerDay)
            (result.days, result.microseconds) = (result.days &+ days, 0)
        case .hour: result.microseconds -= result.microseconds % TimeOfDay.microsecondsPerHour
        case .minute: result.microseconds -= result.microseconds % TimeOfDay.microsecondsPerMinute
        default: break
        }
        return result
    }

    private struct Reader {
        private let words: [[UInt8]]
        private let qualifier: IntervalQualifier?
        var builder = IntervalBuilder()
        private(set) var isAgo = false
        private(set) var overflows = false

        /// Splits at blanks and commas, and between a number and its unit.
        init?(_ text: Span<UInt8>, _ qualifier: IntervalQualifier?) {
            self.qualifier = qualifier
            var words: [[UInt8]] = []
            var current: [UInt8] = []
            for index in text.indices {
                let byte = text[index] &- UInt8(ascii: "A") < 26 ? text[index] | 0x20 : text[index]
                let isSeparator = UTF8Bytes.isSpace(byte) || byte == UInt8(ascii: ",")
                if isSeparator || (Self.isLetter(byte) != Self.isLetter(current.last ?? byte)) {
                    if !current.isEmpty { words.append(current) }
                    current = []
                }
                if !isSeparator { current.append(byte) }
            }
            if !current.isEmpty { words.append(current) }
            if words.first == [UInt8(ascii: "@")] { words.removeFirst() }
            if words.last == Array("ago".utf8) {
                words.removeLast()
                isAgo = true
            }
            guard !words.isEmpty else { return nil }
            self.words = words
        }

        private static func isLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

        mutating func read() -> Bool {
            var index = 0
            while index < words.count {
                let word = words[index]
                index += 1
                if word.contains(UInt8(ascii: ":")) {
                    guard readClock(word) else { return false }
                } else if let dash = word.dropFirst().firstIndex(of: UInt8(ascii: "-")) {
                    guard readYearMonth(word, dash: dash) else { return false }
                } else {
                    guard case .value(let number) = NumberText.double(word.span), number.isFinite else { return false }
                    var unit = qualifier?.smallestUnit ?? .second
                    if index < words.count, Self.isLetter(words[index][0]) {
                        guard let named = Self.unit(words[index]) else { return false }
                        unit = named
                        index += 1
                    } else if index < words.count, words[index].contains(UInt8(ascii: ":")) {
                        unit = .day
                    }
                    guard add(number, unit) else { return false }
                }
            }
            return true
        }

        private static func unit(_ word: [UInt8]) -> DatePart? {
            guard let part = DatePart(String(decoding: word, as: UTF8.self)) else { return nil }
            switch part {
            case .epoch, .dayOfWeek, .dayOfYear, .timezone, .timezoneHour, .timezoneMinute: return nil
            default: return part
            }
        }

        private mutating func add(_ number: Double, _ unit: DatePart) -> Bool {
            let fits = builder.add(number, unit)
            overflows = overflows || !fits
            return fits
        }

        /// `[-]H:M[:S[.f]]`; `M:S` under MINUTE TO SECOND.
        private mutating func readClock(_ word: [UInt8]) -> Bool {
            let isNegative = word[0] == UInt8(ascii: "-")
            let digits = isNegative || word[0] == UInt8(ascii: "+") ? word.dropFirst() : word[...]
            let pieces = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            var units: [DatePart] = [.hour, .minute, .second]
            if pieces.count == 2, qualifier == .minuteToSecond { units.removeFirst() }
            guard (2...3).contains(pieces.count) else { return false }
            for (piece, unit) in zip(pieces, units) {
                guard piece.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") }),
                    case .value(let number) = NumberText.double(Array(piece).span),
                    unit == .second || number == number.rounded(), unit == .hour || number < 60 || units.count == 2,
                    add(isNegative ? -number : number, unit)
                else { return false }
            }
            return true
        }

        /// `[-]Y-M`
        private mutating func readYearMonth(_ word: [UInt8], dash: Int) -> Bool {
            guard case .value(let years) = NumberText.integer(Array(word[..<dash]).span),
                case .value(let months) = NumberText.integer(Array(word[(dash + 1)...]).span), (0...11).contains(months)
            else { return false }
            let isNegative = word[0] == UInt8(ascii: "-")
            return add(Double(years), .year) && add(Double(isNegative ? -months : months), .month)
        }
    }
}

extension SQLError {
    static func invalidInterval(_ text: Span<UInt8>) -> SQLError {
        SQLError(.invalidDatetimeFormat, "invalid input syntax for type interval: \"\(text.text)\"")
    }
}

/// Sums up parts of an interval; a fraction goes to the next smaller unit.
struct IntervalBuilder {
    private var months = 0.0
    private var days = 0.0
    private var microseconds: Int64 = 0

    /// false if the number is too large for any interval.
    mutating func add(_ count: Double, _ unit: DatePart) -> Bool {
        if let length = unit.months {
            let total = count * Double(length)
            guard total.magnitude < 3e9 else { return false }
            let whole = total.rounded(.towardZero)
            months += whole
            return total == whole || add((total - whole) * 30, .day)
        }
        if unit == .week || unit == .day {
            let total = count * (unit == .week ? 7 : 1)
            guard total.magnitude < 3e9 else { return false }
            let whole = total.rounded(.towardZero)
            days += whole
            return total == whole || add(microseconds: (total - whole) * Double(TimeOfDay.microsecondsPerDay))
        }
        guard let length = unit.microseconds else { return false }
        return add(microseconds: count * Double(length))
    }

    private mutating func add(microseconds count: Double) -> Bool {
        let rounded = count.rounded()
        guard rounded.magnitude < 9.2e18 else { return false }
        let (sum, overflow) = microseconds.addingReportingOverflow(Int64(rounded))
        microseconds = sum
        return !overflow
    }

    func interval() throws(SQLError) -> Interval {
        guard let months = Int32(exactly: months), let days = Int32(exactly: days) else { throw .intervalOutOfRange }
        return Interval(months: months, days: days, microseconds: microseconds)
    }
}
