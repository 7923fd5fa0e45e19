/// Each query's speed-up on one configuration with its interval, and the ceiling that the balance of its slices sets;
/// queries that are not told apart share a band.
struct QuerySpeedUpChart {
    private let ordering: Ordering
    private let query: (String) -> Analysis.Query?
    private let configuration: BenchmarkConfiguration
    private let x: AxisScale
    private var canvas: SVGCanvas
    private let left = 64.0
    private let right = 690.0
    private let top = 40.0
    private let rowHeight = 20.0

    init?(_ analysis: Analysis, _ configuration: BenchmarkConfiguration) {
        let ordering = analysis.ordering(on: configuration.name)
        guard !ordering.entries.isEmpty else { return nil }
        self.ordering = ordering
        self.configuration = configuration
        let queries = analysis.queries
        query = { name in queries.first { $0.name == name } }
        let ceilings = queries.compactMap { $0.cell(configuration.name)?.trace?.ceiling }
        x = AxisScale(
            .linear, ordering.entries.map { max($0.value, $0.interval.high) } + ceilings + [1], from: 0)
        let height = 40 + Double(ordering.entries.count) * 20 + 48
        canvas = SVGCanvas(
            width: 720, height: height, label: "Speed-up of each query on \(configuration.title)")
    }

    private func column(_ value: Double) -> Double { left + x.place(value) * (right - left) }

    mutating func markup() -> String {
        let bottom = top + Double(ordering.entries.count) * rowHeight
        var row = top
        for (number, tier) in ordering.tiers.enumerated() {
            let height = Double(tier.count) * rowHeight
            if number % 2 == 1 { canvas.rectangle(0, row, 720, height, "shade") }
            row += height
        }
        for tick in x.ticks {
            canvas.line(column(tick), top, column(tick), bottom, tick == 0 ? "axis" : "grid")
            canvas.text(AxisScale.text(tick), column(tick), bottom + 18, .middle)
        }
        canvas.line(column(1), top, column(1), bottom, "reference")
        canvas.text("speed-up over one slice", (left + right) / 2, bottom + 38, .middle, "axis-title")
        drawLegend()
        for (place, entry) in ordering.entries.enumerated() {
            drawEntry(entry, top + (Double(place) + 0.5) * rowHeight)
        }
        return canvas.markup
    }

    private mutating func drawLegend() {
        canvas.circle(left + 5, 18, 4.5, "mean-point")
        canvas.text("measured, with 95 % interval", left + 16, 22)
        canvas.line(left + 214, 11, left + 214, 25, "ceiling")
        canvas.text("ceiling: the speed-up that the balance of its slices allows", left + 222, 22)
    }

    private mutating func drawEntry(_ entry: Ordering.Entry, _ row: Double) {
        let cell = query(entry.name)?.cell(configuration.name)
        canvas.text(entry.name, left - 10, row + 4, .end, cell?.flags.contains(.tooShort) == true ? "note" : "label")
        if let ceiling = cell?.trace?.ceiling {
            canvas.line(column(ceiling), row - 6, column(ceiling), row + 6, "ceiling")
        }
        let interval = cell?.speedUp?.interval ?? entry.interval
        canvas.line(column(interval.low), row, column(interval.high), row, "whisker")
        let text =
            "\(entry.name): \(rounded(entry.value, 2)), "
            + "\(rounded(interval.low, 2)) to \(rounded(interval.high, 2))"
        canvas.circle(column(entry.value), row, 4.5, "mean-point", title: text)
    }
}
