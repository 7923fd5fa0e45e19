import SQLTypes

/// The value domains that SSB does not share with TPC-H.
enum SSBWords {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    static func season(_ date: CivilDate) -> String {
        switch date.month {
        case 11, 12: "Christmas"
        case 5...8: "Summer"
        case 1...3: "Winter"
        case 4: "Spring"
        default: "Fall"
        }
    }

    static func isHoliday(_ date: CivilDate) -> Bool {
        let holidays = [
            (12, 24), (1, 1), (2, 20), (4, 20), (5, 20), (7, 20), (8, 20), (9, 20), (10, 20), (11, 20),
        ]
        return holidays.contains { $0 == date.month && $1 == date.day }
    }

    /// The nation's first nine characters, filled up with blanks, and a digit: `UNITED KI1`.
    static func city(nation: Int, number: Int) -> [UInt8] {
        var text: [UInt8] = []
        TPCHWords.nations[nation].name.withUTF8Buffer { text.append(contentsOf: $0.prefix(9)) }
        while text.count < 9 { text.append(0x20) }
        text.append(UInt8(ascii: "0") + UInt8(number))
        return text
    }
}
