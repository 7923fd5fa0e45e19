import SQLTypes

/// The wall clock as reports write it.
enum UTCTime {
    /// `2026-11-22T18:04:05Z`
    static var now: String { text(secondsSince1970: Platform.secondsSince1970) }

    static func text(secondsSince1970: Int64) -> String {
        let daysTo2000 = 10_957
        let days = CivilDate.floorDivide(secondsSince1970, 86_400)
        let second = CivilDate.floorRemainder(secondsSince1970, 86_400)
        let date = CivilDate(daysSince2000: Int(days) - daysTo2000)
        let parts = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(parts.joined(separator: ":"))Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
