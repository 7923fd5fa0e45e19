import SQLTypes

/// The argument of DATEFORMAT or TIMEFORMAT.
/// - Source: Redshift developer guide, "DATEFORMAT and TIMEFORMAT strings".
package enum DateTimeFormat: Hashable, Sendable {
    /// `YYYY-MM-DD`, `YYYY-MM-DD HH:MI:SS`.
    case standard
    /// Whatever a CAST of the same text understands.
    case automatic
    case epochSeconds, epochMilliseconds
    case pattern(DateTimePattern)
}

extension CopyOptions {
    var effectiveDateFormat: DateTimeFormat {
        get throws(SQLError) {
            guard let dateFormat else { return .standard }
            if dateFormat.lowercased() == "auto" { return .automatic }
            let pattern = try DateTimePattern(dateFormat, option: "DATEFORMAT")
            guard pattern.hasDate else { throw SQLError.invalidFormatString(dateFormat, option: "DATEFORMAT") }
            return pattern.isStandardDate ? .standard : .pattern(pattern)
        }
    }

    var effectiveTimeFormat: DateTimeFormat {
        get throws(SQLError) {
            guard let timeFormat else { return .standard }
            switch timeFormat {
            case "auto": return .automatic
            case "epochsecs": return .epochSeconds
            case "epochmillisecs": return .epochMilliseconds
            default:
                let pattern = try DateTimePattern(timeFormat, option: "TIMEFORMAT")
                guard pattern.hasDate else { throw SQLError.invalidFormatString(timeFormat, option: "TIMEFORMAT") }
                return pattern.isStandardTimestamp ? .standard : .pattern(pattern)
            }
        }
    }
}

/// A format string, taken apart.
package struct DateTimePattern: Hashable, Sendable {
    enum Element: Hashable, Sendable {
        case year4, year2, month, monthName, day, hour24, hour12, minute, second, meridian
        case literal(UInt8)
    }

    let elements: [Element]

    /// Longest first, so that YYYY is not read as YY YY.
    private static let keywords: [(text: String, element: Element)] = [
        ("YYYY", .year4), ("YY", .year2), ("MON", .monthName), ("MM", .month), ("MI", .minute), ("DD", .day),
        ("HH24", .hour24), ("HH12", .hour12), ("HH", .hour24), ("SS", .second), ("AM", .meridian), ("PM", .meridian),
    ]

    init(_ text: String, option: String) throws(SQLError) {
        var elements: [Element] = []
        var rest = Substring(text.uppercased())
        while let first = rest.utf8.first {
            if let keyword = DateTimePattern.keywords.first(where: { rest.hasPrefix($0.text) }) {
                guard !elements.contains(keyword.element) else {
                    throw SQLError.invalidFormatString(text, option: option)
                }
                elements.append(keyword.element)
                rest = rest.dropFirst(keyword.text.utf8.count)
            } else if "-/:., T".utf8.contains(first) {
                elements.append(.literal(first))
                rest = rest.dropFirst()
            } else {
                throw SQLError.invalidFormatString(text, option: option)
            }
        }
        self.elements = elements
    }

    var hasDate: Bool {
        (elements.contains(.year4) || elements.contains(.year2)) && elements.contains(.day)
            && (elements.contains(.month) || elements.contains(.monthName))
    }

    private static let standardDate: [Element] = [
        .year4, .literal(UInt8(ascii: "-")), .month, .literal(UInt8(ascii: "-")), .day,
    ]
    private static let standardTime: [Element] = [
        .hour24, .literal(UInt8(ascii: ":")), .minute, .literal(UInt8(ascii: ":")), .second,
    ]
    var isStandardDate: Bool { elements == DateTimePattern.standardDate }
    var isStandardTimestamp: Bool {
        elements == DateTimePattern.standardDate + [.literal(UInt8(ascii: " "))] + DateTimePattern.standardTime
    }

    /// Days since 2000-01-01 and microseconds of the day; nil if the text does not match, or names no day of the
    /// calendar. A number may have fewer digits than its part of the pattern; digits of a second's fraction may follow
    /// SS.
    func match(_ bytes: UnsafeBufferPointer<UInt8>) -> (days: Int32, microseconds: Int64)? {
        var matcher = DateTimeMatcher(bytes: bytes)
        for element in elements {
            guard matcher.take(element) else { return nil }
        }
        return matcher.result
    }
}

/// One text being held against a pattern.
private struct DateTimeMatcher {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    var year = 0
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var fraction = 0
    var isHour12 = false
    /// nil: neither AM nor PM was written.
    var isAfternoon: Bool?

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func take(_ element: DateTimePattern.Element) -> Bool {
        switch element {
        case .year4: return number(maximumDigits: 4, into: \.year)
        case .year2:
            guard number(maximumDigits: 2, into: \.year) else { return false }
            year += year < 69 ? 2000 : 1900
            return true
        case .month: return number(maximumDigits: 2, into: \.month)
        case .monthName: return monthName()
        case .day: return number(maximumDigits: 2, into: \.day)
        case .hour24: return number(maximumDigits: 2, into: \.hour)
        case .hour12:
            isHour12 = true
            return number(maximumDigits: 2, into: \.hour)
        case .minute: return number(maximumDigits: 2, into: \.minute)
        case .second: return number(maximumDigits: 2, into: \.second) && secondFraction()
        case .meridian: return meridian()
        case .literal(let byte):
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }
    }

    var result: (days: Int32, microseconds: Int64)? {
        guard index == bytes.count, year >= 1 else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, minute < 60, second < 60 else { return nil }
        var hour = hour
        if isHour12 || isAfternoon != nil {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon == true ? 12 : 0)
        }
        guard hour < 24 else { return nil }
        let microseconds = TimeOfDay.microseconds(hour: hour, minute: minute, second: second, fraction: fraction)
        return (Int32(date.daysSince2000), microseconds)
    }

    private mutating func number(maximumDigits: Int, into part: WritableKeyPath<DateTimeMatcher, Int>) -> Bool {
        var value = 0
        var count = 0
        while count < maximumDigits, index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit <= 9
        {
            value = value * 10 + Int(digit)
            index += 1
            count += 1
        }
        self[keyPath: part] = value
        return count > 0
    }

    /// `.ffffff`; more than six digits are cut off.
    private mutating func secondFraction() -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return true }
        index += 1
        var count = 0
        while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit <= 9 {
            if count < 6 { fraction = fraction * 10 + Int(digit) }
            count += 1
            index += 1
        }
        for _ in 0..<max(0, 6 - count) { fraction *= 10 }
        return true
    }

    private static let monthNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private mutating func monthName() -> Bool {
        var word: [UInt8] = []
        while index < bytes.count, word.count < 10, case let letter = bytes[index] | 0x20,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
        {
            word.append(letter)
            index += 1
        }
        guard word.count >= 3,
            let position = DateTimeMatcher.monthNames.firstIndex(where: {
                $0.utf8.elementsEqual(word) || $0.utf8.prefix(3).elementsEqual(word)
            })
        else { return false }
        month = position + 1
        return true
    }

    private mutating func meridian() -> Bool {
        guard index + 2 <= bytes.count, bytes[index + 1] | 0x20 == UInt8(ascii: "m") else { return false }
        switch bytes[index] | 0x20 {
        case UInt8(ascii: "a"): isAfternoon = false
        case UInt8(ascii: "p"): isAfternoon = true
        default: return false
        }
        index += 2
        return true
    }
}

extension SQLError {
    static func invalidFormatString(_ text: String, option: String) -> SQLError {
        SQLError(
            .invalidParameterValue, "invalid \(option) string '\(text)'",
            hint: "Parts are YYYY, YY, MM, MON, DD, HH, HH24, HH12, MI, SS, AM and PM, separators - / : . , and blank.")
    }
}
