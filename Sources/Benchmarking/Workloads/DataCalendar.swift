import SQLTypes

/// The text of every day that a generator writes, made once: `1992-01-01` and, as SSB's keys are, 19920101.
struct DataCalendar: Sendable {
    /// Days since 2000-01-01 of the first and the last day.
    let first: Int
    let last: Int
    private let texts: [[UInt8]]
    private let numbers: [Int]

    init(from first: CivilDate, to last: CivilDate) {
        self.first = first.daysSince2000
        self.last = last.daysSince2000
        let dates = (self.first...self.last).map { CivilDate(daysSince2000: $0) }
        texts = dates.map { date in
            var text: [UInt8] = []
            TextWriter.append(date: Int32(date.daysSince2000), to: &text)
            return text
        }
        numbers = dates.map { $0.year * 10_000 + $0.month * 100 + $0.day }
    }

    /// `YYYY-MM-DD`
    func text(_ day: Int) -> [UInt8] { texts[day - first] }

    /// 19940131
    func number(_ day: Int) -> Int { numbers[day - first] }
}
