import SQLTypes

/// A format of TO_CHAR, TO_DATE and TO_TIMESTAMP, split into its elements.
/// - Source: Redshift developer guide, "Datetime format strings".
struct DateTimeFormat: Sendable {
    enum Element: Hashable, Sendable {
        case year(digits: Int)
        case yearWithComma
        case isoYear(digits: Int)
        case century, quarter
        case month
        case monthName(Style)
        case monthAbbreviation(Style)
        case romanMonth(Style)
        case weekOfMonth, weekOfYear, isoWeek
        case dayName(Style)
        case dayAbbreviation(Style)
        case dayOfYear, isoDayOfYear, day, dayOfWeekSunday, dayOfWeekMonday, julian
        case hour24, hour12, minute, second, millisecond, microsecond, secondOfDay
        case meridian(Style, hasDots: Bool)
        case era(Style, hasDots: Bool)
        case zone(Style)
        case zoneOffset
        /// FM: the next elements are not padded.
        case fill
        case literal([UInt8])
    }

    enum Style: Hashable, Sendable { case upper, capital, lower }

    let elements: [Element]

    /// Letters that are no element, and all other characters, stand for themselves.
    init(_ format: [UInt8]) {
        var elements: [Element] = []
        var index = 0
        while index < format.count {
            if format[index] == UInt8(ascii: "\"") {
                let end = format[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) ?? format.count
                elements.append(.literal(Array(format[(index + 1)..<end])))
                index = end + 1
                continue
            }
            if let (element, count) = DateTimeFormat.element(format[index...]) {
                elements.append(element)
                index += count
                continue
            }
            if case .literal(let bytes)? = elements.last {
                elements[elements.count - 1] = .literal(bytes + [format[index]])
            } else {
                elements.append(.literal([format[index]]))
            }
            index += 1
        }
        self.elements = elements
    }

    /// The element that the text begins with; longer names go before their beginnings.
    private static func element(_ text: ArraySlice<UInt8>) -> (Element, Int)? {
        for (name, make) in names where text.count >= name.utf8.count {
            let isSame = zip(text, name.utf8).allSatisfy { byte, wanted in
                byte == wanted || (wanted &- UInt8(ascii: "A") < 26 && byte == wanted | 0x20)
            }
            if isSame { return (make(style(text)), name.utf8.count) }
        }
        return nil
    }

    /// Of a name of letters, by its first two.
    private static func style(_ name: ArraySlice<UInt8>) -> Style {
        guard let first = name.first, first & 0x20 == 0 else { return .lower }
        let second = name.dropFirst().first ?? 0
        return second &- UInt8(ascii: "a") < 26 ? .capital : .upper
    }

    private static let names: [(String, @Sendable (Style) -> Element)] = [
        ("MONTH", { .monthName($0) }), ("Y,YYY", { _ in .yearWithComma }),
        ("YYYY", { _ in .year(digits: 4) }), ("IYYY", { _ in .isoYear(digits: 4) }), ("HH24", { _ in .hour24 }),
        ("HH12", { _ in .hour12 }), ("SSSS", { _ in .secondOfDay }), ("IDDD", { _ in .isoDayOfYear }),
        ("B.C.", { .era($0, hasDots: true) }), ("A.D.", { .era($0, hasDots: true) }),
        ("A.M.", { .meridian($0, hasDots: true) }), ("P.M.", { .meridian($0, hasDots: true) }),
        ("YYY", { _ in .year(digits: 3) }), ("IYY", { _ in .isoYear(digits: 3) }), ("MON", { .monthAbbreviation($0) }),
        ("DAY", { .dayName($0) }), ("DDD", { _ in .dayOfYear }),
        ("YY", { _ in .year(digits: 2) }), ("IY", { _ in .isoYear(digits: 2) }), ("CC", { _ in .century }),
        ("MM", { _ in .month }), ("RM", { .romanMonth($0) }), ("WW", { _ in .weekOfYear }), ("IW", { _ in .isoWeek }),
        ("DY", { .dayAbbreviation($0) }), ("DD", { _ in .day }), ("ID", { _ in .dayOfWeekMonday }),
        // HH is HH12 here; in COPY's formats it is HH24.
        ("HH", { _ in .hour12 }), ("MI", { _ in .minute }), ("SS", { _ in .second }), ("MS", { _ in .millisecond }),
        ("US", { _ in .microsecond }), ("AM", { .meridian($0, hasDots: false) }),
        ("PM", { .meridian($0, hasDots: false) }),
        ("BC", { .era($0, hasDots: false) }), ("AD", { .era($0, hasDots: false) }), ("TZ", { .zone($0) }),
        ("OF", { _ in .zoneOffset }), ("FM", { _ in .fill }),
        ("Y", { _ in .year(digits: 1) }), ("I", { _ in .isoYear(digits: 1) }), ("Q", { _ in .quarter }),
        ("W", { _ in .weekOfMonth }), ("D", { _ in .dayOfWeekSunday }), ("J", { _ in .julian }),
    ]

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    static let romanMonths = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    /// The Julian day of 2000-01-01.
    static let julianDayOf2000 = 2_451_545
}

extension DateTimeFormat {
    /// Appends a local timestamp.
    /// - Parameter zone: the name and offset of a TIMESTAMPTZ's zone; nil for a TIMESTAMP.
    func append(_ timestamp: Int64, zone: (name: String, secondsEast: Int32)?, to text: inout [UInt8]) {
        let (days, time) = TimeOfDay.split(timestamp)
        let moment = Moment(days: days, time: time, date: CivilDate(daysSince2000: days), zone: zone)
        var pads = true
        for element in elements {
            if case .fill = element { pads = false } else { moment.append(element, pads: pads, to: &text) }
        }
    }

    private struct Moment {
        let days: Int
        let time: Int64
        let date: CivilDate
        let zone: (name: String, secondsEast: Int32)?

        private var second: Int { Int(time / TimeOfDay.microsecondsPerSecond) }
        /// 1 BC is year 0 here, and shown as 1.
        private var shownYear: Int { date.year > 0 ? date.year : 1 - date.year }

        func append(_ element: Element, pads: Bool, to text: inout [UInt8]) {
            func number(_ value: Int, _ width: Int) {
                if value < 0 { text.append(UInt8(ascii: "-")) }
                TextWriter.appendDigits(UInt64(value.magnitude), minimumDigits: pads ? width : 1, to: &text)
            }
            func name(_ value: String, _ style: Style, _ width: Int) {
                let styled = style == .upper ? value.uppercased() : style == .lower ? value.lowercased() : value
                text.append(contentsOf: styled.utf8)
                guard pads else { return }
                text.append(contentsOf: repeatElement(0x20, count: max(0, width - styled.utf8.count)))
            }
            let hour = second / 3_600
            switch element {
            case .year(let digits): number(digits == 4 ? shownYear : shownYear % [10, 100, 1_000][digits - 1], digits)
            case .yearWithComma:
                number(shownYear / 1_000, 1)
                text.append(UInt8(ascii: ","))
                number(shownYear % 1_000, 3)
            case .isoYear(let digits):
                let year = CivilDate.isoWeek(days).year
                number(digits == 4 ? year : year % [10, 100, 1_000][digits - 1], digits)
            case .century: number((shownYear + 99) / 100, 2)
            case .quarter: number((date.month - 1) / 3 + 1, 1)
            case .month: number(date.month, 2)
            case .monthName(let style): name(monthNames[date.month - 1], style, 9)
            case .monthAbbreviation(let style): name(String(monthNames[date.month - 1].prefix(3)), style, 3)
            case .romanMonth(let style): name(romanMonths[date.month - 1], style, 4)
            case .weekOfMonth: number((date.day - 1) / 7 + 1, 1)
            case .weekOfYear: number((date.dayOfYear - 1) / 7 + 1, 2)
            case .isoWeek: number(CivilDate.isoWeek(days).week, 2)
            case .dayName(let style): name(dayNames[CivilDate.dayOfWeek(days)], style, 9)
            case .dayAbbreviation(let style): name(String(dayNames[CivilDate.dayOfWeek(days)].prefix(3)), style, 3)
            case .dayOfYear: number(date.dayOfYear, 3)
            case .isoDayOfYear:
                number((CivilDate.isoWeek(days).week - 1) * 7 + days - CivilDate.monday(onOrBefore: days) + 1, 3)
            case .day: number(date.day, 2)
            case .dayOfWeekSunday: number(CivilDate.dayOfWeek(days) + 1, 1)
            case .dayOfWeekMonday: number((CivilDate.dayOfWeek(days) + 6) % 7 + 1, 1)
            case .julian: number(days + julianDayOf2000, 1)
            case .hour24: number(hour, 2)
            case .hour12: number((hour + 11) % 12 + 1, 2)
            case .minute: number(second / 60 % 60, 2)
            case .second: number(second % 60, 2)
            case .millisecond: number(Int(time / 1_000 % 1_000), 3)
            case .microsecond: number(Int(time % 1_000_000), 6)
            case .secondOfDay: number(second, 1)
            case .meridian(let style, let hasDots):
                let mark = hasDots ? (hour < 12 ? "A.M." : "P.M.") : (hour < 12 ? "AM" : "PM")
                name(mark, style == .lower ? .lower : .upper, 0)
            case .era(let style, let hasDots):
                let mark = hasDots ? (date.year > 0 ? "A.D." : "B.C.") : (date.year > 0 ? "AD" : "BC")
                name(mark, style == .lower ? .lower : .upper, 0)
            case .zone(let style): name(zone?.name ?? "", style == .lower ? .lower : .upper, 0)
            case .zoneOffset: appendOffset(zone?.secondsEast ?? 0, to: &text)
            case .fill: break
            case .literal(let bytes): text.append(contentsOf: bytes)
            }
        }

        private func appendOffset(_ secondsEast: Int32, to text: inout [UInt8]) {
            text.append(UInt8(ascii: secondsEast < 0 ? "-" : "+"))
            let minutes = UInt64(secondsEast.magnitude) / 60
            TextWriter.appendDigits(minutes / 60, minimumDigits: 2, to: &text)
            guard minutes % 60 != 0 else { return }
            text.append(UInt8(ascii: ":"))
            TextWriter.appendDigits(minutes % 60, minimumDigits: 2, to: &text)
        }
    }
}
