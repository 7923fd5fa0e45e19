/// What the time of each query is made of on one configuration: work that lies evenly on the slices, waiting for the
/// slowest of them, the leader alone, and the rest: handing over, waiting for rows and cores.
struct LossChart {
    private struct Bar {
        var name: String
        var even: Double
        var imbalance: Double
        var leader: Double
        var other: Double
        var worst: StepBalance?
        var total: Double { even + imbalance + leader + other }
    }

    private let bars: [Bar]
    private var canvas: SVGCanvas
    private let left = 64.0
    private let right = 480.0
    private let top = 40.0
    private let rowHeight = 20.0
    private let parts: [(style: String, title: String)] = [
        ("part-even", "even work"), ("part-imbalance", "slowest slice"), ("part-leader", "leader only"),
        ("part-other", "hand-over and waiting"),
    ]

    init?(_ analysis: Analysis, _ configuration: BenchmarkConfiguration) {
        bars = analysis.queries.filter { $0.kind == .query }.compactMap { query in
            guard let cell = query.cell(configuration.name), let trace = cell.trace else { return nil }
            // Slices that share cores take turns: evenly spread work takes what the cores need for it.
            let even = trace.slicesBusy / Double(configuration.concurrentSlices)
            let time = cell.sample.median
            let leader = min(trace.leaderOnly, time)
            let imbalance = max(0, min(trace.slowestSlices - even, time - leader - even))
            return Bar(
                name: query.name, even: min(even, time - leader), imbalance: imbalance, leader: leader,
                other: max(0, time - leader - even - imbalance), worst: cell.worstStep)
        }
        guard !bars.isEmpty else { return nil }
        canvas = SVGCanvas(
            width: 720, height: 40 + Double(bars.count) * 20 + 48,
            label: "What the time of each query is made of on \(configuration.title)")
    }

    mutating func markup() -> String {
        let bottom = top + Double(bars.count) * rowHeight
        var legend = left
        for part in parts {
            canvas.rectangle(legend, 11, 12, 12, part.style)
            canvas.text(part.title, legend + 18, 22)
            legend += 34 + Double(part.title.count) * 6.2
        }
        for tick in stride(from: 0.0, through: 1.0, by: 0.25) {
            let column = left + tick * (right - left)
            canvas.line(column, top, column, bottom, tick == 0 ? "axis" : "grid")
            canvas.text("\(rounded(tick * 100, 0)) %", column, bottom + 18, .middle)
        }
        canvas.text("share of the median time", (left + right) / 2, bottom + 38, .middle, "axis-title")
        canvas.text("most uneven step: max / mean", 712, 22, .end, "note")
        for (place, bar) in bars.enumerated() { draw(bar, top + Double(place) * rowHeight) }
        return canvas.markup
    }

    private mutating func draw(_ bar: Bar, _ row: Double) {
        canvas.text(bar.name, left - 10, row + rowHeight / 2 + 4, .end)
        var column = left
        for (part, value) in zip(parts, [bar.even, bar.imbalance, bar.leader, bar.other]) where bar.total > 0 {
            let width = value / bar.total * (right - left)
            let text = "\(bar.name), \(part.title): \(timeText(milliseconds: value))"
            canvas.rectangle(column, row + 3, width, rowHeight - 6, part.style, title: text)
            column += width
        }
        guard let worst = bar.worst else { return }
        let balance = rounded(worst.timeBalance.maxOverMean, 2)
        canvas.text(balance, right + 46, row + rowHeight / 2 + 4, .end, "value")
        canvas.text(ReportFacts.stepText(worst), right + 54, row + rowHeight / 2 + 4, .start, "note")
    }
}
