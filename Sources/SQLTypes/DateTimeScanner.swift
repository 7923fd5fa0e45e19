/// Splits the text into fields and says what each one is, in the manner of PostgreSQL's
/// `ParseDateTime`/`DecodeDateTime` with DateStyle ISO, MDY.
struct DateTimeScanner {
    private let bytes: [UInt8]
    private let namedZone: (@Sendable (String) -> SessionTimeZone?)?
    private let isTimeOfDay: Bool
    private var index = 0
    private(set) var fields = DateTimeFields()

    typealias Failure = DateTimeFields.Failure

    /// - Parameters:
    ///   - text: ASCII letters in any case; longer than 128 bytes is refused.
    ///   - isTimeOfDay: six digits alone are HHMMSS, not YYMMDD.
    init(
        _ text: Span<UInt8>, namedZone: (@Sendable (String) -> SessionTimeZone?)?, isTimeOfDay: Bool = false
    ) throws(Failure) {
        self.isTimeOfDay = isTimeOfDay
        guard text.count <= 128 else { throw .syntax }
        bytes = text.withUnsafeBufferPointer { buffer in
            buffer.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        }
        self.namedZone = namedZone
        var isEmpty = true
        while index < bytes.count {
            let byte = bytes[index]
            if UTF8Bytes.isSpace(byte) || byte == UInt8(ascii: ",") {
                index += 1
                continue
            }
            isEmpty = false
            if isDigit(byte) {
                try scanNumeric()
            } else if isLetter(byte) {
                try scanWord()
            } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
                try scanOffset()
            } else {
                throw .syntax
            }
        }
        if isEmpty { throw .syntax }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
    private func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private func peek(_ offset: Int = 0) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }

    /// Digits from here on: their value (saturated past nine digits) and count.
    private mutating func digits() -> (value: Int, count: Int) {
        var value = 0
        let start = index
        while index < bytes.count, isDigit(bytes[index]) {
            value = min(value * 10 + Int(bytes[index] - UInt8(ascii: "0")), 999_999_999_999)
            index += 1
        }
        return (value, index - start)
    }

    private mutating func letters() -> String {
        let start = index
        while index < bytes.count, isLetter(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    // MARK: Fields that begin with a digit

    private mutating func scanNumeric() throws(Failure) {
        let (value, count) = digits()
        switch peek() {
        case UInt8(ascii: ":"):
            try scanClock(hour: value)
        case UInt8(ascii: "-"), UInt8(ascii: "/"):
            try scanDelimitedDate(first: .number(value, count))
        case UInt8(ascii: "."):
            if count == 6, isTimeOfDay || fields.hasDate || fields.special != nil {
                try compactClock(value, fraction: try fraction())
            } else {
                try scanDelimitedDate(first: .number(value, count))
            }
        default:
            try take(number: value, count: count)
        }
    }

    /// A run of digits that stands alone: YYYYMMDD, YYMMDD, HHMMSS, or day and year beside a month's name.
    private mutating func take(number value: Int, count: Int) throws(Failure) {
        switch count {
        case 8 where !fields.hasDate:
            (fields.year, fields.month, fields.day) = (value / 10_000, value / 100 % 100, value % 100)
        case 6 where !fields.hasDate && !isTimeOfDay:
            (fields.year, fields.month, fields.day) = (value / 10_000, value / 100 % 100, value % 100)
            fields.isShortYear = true
        case 6 where fields.time == nil:
            try compactClock(value, fraction: 0)
        case 1...2 where fields.day == nil && fields.julianDay == nil && fields.dayOfYear == nil:
            fields.day = value
        case 1...6 where fields.year == nil && fields.julianDay == nil && fields.month != nil:
            fields.year = value
            fields.isShortYear = count <= 2
        case 1...2 where isBeforeMeridian && fields.time == nil:
            guard value <= 12 else { throw .range }
            fields.time = Int64(value) * TimeOfDay.microsecondsPerHour
        default:
            throw .syntax
        }
    }

    private var isBeforeMeridian: Bool {
        let rest = bytes[index...].drop { UTF8Bytes.isSpace($0) }
        return rest.starts(with: "am".utf8) || rest.starts(with: "pm".utf8)
    }

    /// HHMMSS
    private mutating func compactClock(_ value: Int, fraction: Int) throws(Failure) {
        try setClock(hour: value / 10_000, minute: value / 100 % 100, second: value % 100, fraction: fraction)
    }

    /// After `hour`: `:MI[:SS[.ffffff]]`.
    private mutating func scanClock(hour: Int) throws(Failure) {
        index += 1
        let (minute, minuteDigits) = digits()
        guard (1...2).contains(minuteDigits) else { throw .syntax }
        var second = 0
        var microseconds = 0
        if peek() == UInt8(ascii: ":") {
            index += 1
            let (value, count) = digits()
            guard (1...2).contains(count) else { throw .syntax }
            second = value
            microseconds = try fraction()
        }
        try setClock(hour: hour, minute: minute, second: second, fraction: microseconds)
    }

    private mutating func setClock(hour: Int, minute: Int, second: Int, fraction: Int) throws(Failure) {
        guard fields.time == nil else { throw .syntax }
        guard hour <= 24, minute <= 59, second <= 60 else { throw .range }
        let time = TimeOfDay.microseconds(hour: hour, minute: minute, second: second, fraction: fraction)
        guard time <= TimeOfDay.microsecondsPerDay else { throw .range }
        fields.time = time
    }

    /// `.ffffff` in microseconds; more digits round. 0 if there is no point.
    private mutating func fraction() throws(Failure) -> Int {
        guard peek() == UInt8(ascii: ".") else { return 0 }
        index += 1
        var value = 0
        var count = 0
        var roundsUp = false
        while index < bytes.count, isDigit(bytes[index]) {
            let digit = Int(bytes[index] - UInt8(ascii: "0"))
            if count < 6 { value = value * 10 + digit } else if count == 6 { roundsUp = digit >= 5 }
            count += 1
            index += 1
        }
        for _ in 0..<max(0, 6 - count) { value *= 10 }
        return roundsUp ? value + 1 : value
    }

    // MARK: Dates with delimiters

    private enum Piece {
        case number(Int, Int)
        case month(Int)
    }

    /// `first` has been read; the delimiter stands at the index and must repeat.
    private mutating func scanDelimitedDate(first: Piece) throws(Failure) {
        guard !fields.hasDate else { throw .syntax }
        let delimiter = peek()
        var pieces = [first]
        while pieces.count < 3, peek() == delimiter {
            index += 1
            if isDigit(peek()) {
                let (value, count) = digits()
                pieces.append(.number(value, count))
            } else {
                guard let month = Self.months[letters()] else { throw .syntax }
                pieces.append(.month(month))
            }
        }
        try take(pieces, delimiter: delimiter)
    }

    private mutating func take(_ pieces: [Piece], delimiter: UInt8) throws(Failure) {
        switch (pieces.first, pieces.dropFirst().first, pieces.dropFirst(2).first) {
        case (.number(let year, let digits), .number(let dayOfYear, 3), nil)
        where delimiter == UInt8(ascii: ".") && digits >= 4:
            (fields.year, fields.dayOfYear) = (year, dayOfYear)
        case (.number(let a, let aDigits), .number(let b, _), .number(let c, let cDigits)):
            if aDigits >= 3 {
                setDate(year: a, aDigits, month: b, day: c)
            } else if delimiter == UInt8(ascii: "."), a > 12 {
                setDate(year: c, cDigits, month: b, day: a)
            } else {
                setDate(year: c, cDigits, month: a, day: b)
            }
        case (.number(let a, let aDigits), .month(let month), .number(let c, let cDigits)):
            if aDigits >= 3 {
                setDate(year: a, aDigits, month: month, day: c)
            } else {
                setDate(year: c, cDigits, month: month, day: a)
            }
        case (.month(let month), .number(let day, _), .number(let year, let digits)):
            setDate(year: year, digits, month: month, day: day)
        default:
            throw .syntax
        }
    }

    private mutating func setDate(year: Int, _ yearDigits: Int, month: Int, day: Int) {
        (fields.year, fields.month, fields.day) = (year, month, day)
        fields.isShortYear = yearDigits <= 2
    }

    // MARK: Words and zones

    private mutating func scanWord() throws(Failure) {
        let start = index
        let word = letters()
        if word == "j" || word == "jd", isDigit(peek()) {
            guard !fields.hasDate else { throw .syntax }
            fields.julianDay = digits().value
            return
        }
        if word == "t", isDigit(peek()), fields.hasDate { return }
        if let month = Self.months[word] {
            if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "/") || peek() == UInt8(ascii: ".") {
                return try scanDelimitedDate(first: .month(month))
            }
            guard fields.month == nil else { throw .syntax }
            fields.month = month
            return
        }
        if take(keyword: word) { return }
        while index < bytes.count, isLetter(peek()) || isDigit(peek()) || "/_-+".utf8.contains(peek()) { index += 1 }
        try takeZone(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func take(keyword word: String) -> Bool {
        switch word {
        case "am": fields.meridian = .am
        case "pm": fields.meridian = .pm
        case "ad": fields.isBC = false
        case "bc": fields.isBC = true
        case "now": fields.special = .now
        case "today": fields.special = .today
        case "tomorrow": fields.special = .tomorrow
        case "yesterday": fields.special = .yesterday
        case "epoch": fields.special = .epoch
        default: return Self.weekdays[word] != nil
        }
        return true
    }

    private mutating func takeZone(_ name: String) throws(Failure) {
        guard fields.zone == nil else { throw .syntax }
        if let zone = SessionTimeZone(dataFreeName: name) ?? namedZone?(name) {
            fields.zone = zone
            return
        }
        // A lone word is more likely a typing error than a zone.
        if name.contains("/"), fields.time != nil { throw .unknownZone(name) }
        throw .syntax
    }

    /// `±HH[:MI[:SS]]` or `±HHMI`, east of UTC.
    private mutating func scanOffset() throws(Failure) {
        guard fields.time != nil || fields.hasDate, fields.zone == nil else { throw .syntax }
        let isWest = peek() == UInt8(ascii: "-")
        index += 1
        let start = index
        let (value, count) = digits()
        var (hours, minutes, seconds) = (value, 0, 0)
        switch count {
        case 1...2:
            if peek() == UInt8(ascii: ":") {
                index += 1
                minutes = digits().value
            }
            if peek() == UInt8(ascii: ":") {
                index += 1
                seconds = digits().value
            }
        case 3...4: (hours, minutes) = (value / 100, value % 100)
        default: throw .syntax
        }
        guard hours <= 14, minutes <= 59, seconds <= 59 else { throw .range }
        let east = Int32(hours * 3_600 + minutes * 60 + seconds) * (isWest ? -1 : 1)
        let name = String(decoding: bytes[(start - 1)..<index], as: UTF8.self)
        fields.zone = SessionTimeZone(name: name, secondsEast: east)
    }

    static let months: [String: Int] = {
        let names = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        var months = ["sept": 9]
        for (index, name) in names.enumerated() {
            months[name] = index + 1
            months[String(name.prefix(3))] = index + 1
        }
        return months
    }()

    /// 0 = Sunday.
    static let weekdays: [String: Int] = {
        let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        var weekdays = ["tues": 2, "weds": 3, "thur": 4, "thurs": 4]
        for (index, name) in names.enumerated() {
            weekdays[name] = index
            weekdays[String(name.prefix(3))] = index
        }
        return weekdays
    }()
}
