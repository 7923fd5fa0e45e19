/// Median times of each query in all configurations on a logarithmic axis, with the range between the quartiles.
struct TimesChart {
    private let queries: [Analysis.Query]
    private let configurations: [BenchmarkConfiguration]
    private let x: AxisScale
    private var canvas: SVGCanvas
    private let left = 64.0
    private let right = 690.0
    private let top = 40.0
    private let rowHeight: Double

    init?(_ analysis: Analysis) {
        queries = analysis.queries.filter { $0.kind == .query }
        configurations = analysis.report.configurations
        let cells = queries.flatMap(\.cells)
        guard !cells.isEmpty else { return nil }
        x = AxisScale(.logarithmic, cells.flatMap { [$0.sample.quantile(0.25), $0.sample.quantile(0.75)] })
        rowHeight = max(20, 5 * Double(configurations.count) + 6)
        canvas = SVGCanvas(
            width: 720, height: 40 + Double(queries.count) * rowHeight + 48,
            label: "Median times of the queries with their quartiles")
    }

    private func column(_ value: Double) -> Double { left + x.place(value) * (right - left) }

    mutating func markup() -> String {
        let bottom = top + Double(queries.count) * rowHeight
        for place in queries.indices where place % 2 == 1 {
            canvas.rectangle(0, top + Double(place) * rowHeight, 720, rowHeight, "shade")
        }
        for tick in x.ticks {
            canvas.line(column(tick), top, column(tick), bottom, "grid")
            canvas.text(AxisScale.text(tick), column(tick), bottom + 18, .middle)
        }
        canvas.line(left, bottom, right, bottom, "axis")
        canvas.text("milliseconds, logarithmic", (left + right) / 2, bottom + 38, .middle, "axis-title")
        var legend = left
        for (place, configuration) in configurations.enumerated() {
            mark(configuration, place, legend + 5, 18, nil)
            canvas.text(configuration.name, legend + 15, 22)
            legend += 34 + Double(configuration.name.count) * 7.2
        }
        for (place, query) in queries.enumerated() { draw(query, top + Double(place) * rowHeight) }
        return canvas.markup
    }

    private mutating func draw(_ query: Analysis.Query, _ rowTop: Double) {
        canvas.text(query.name, left - 10, rowTop + rowHeight / 2 + 4, .end)
        let step = rowHeight / Double(configurations.count + 1)
        for (place, configuration) in configurations.enumerated() {
            guard let cell = query.cell(configuration.name) else { continue }
            let row = rowTop + Double(place + 1) * step
            canvas.line(
                column(cell.sample.quantile(0.25)), row, column(cell.sample.quantile(0.75)), row,
                "spread \(TimesChart.style(configuration, place))")
            let text = "\(query.name) on \(configuration.title): \(timeText(milliseconds: cell.sample.median))"
            mark(configuration, place, column(cell.sample.median), row, text)
        }
    }

    private mutating func mark(
        _ configuration: BenchmarkConfiguration, _ place: Int, _ x: Double, _ y: Double, _ title: String?
    ) {
        let style = "mark \(TimesChart.style(configuration, place))"
        if configuration.isCluster {
            canvas.circle(x, y, 4, style, title: title)
        } else {
            canvas.diamond(x, y, 5, style, title: title)
        }
    }

    private static func style(_ configuration: BenchmarkConfiguration, _ place: Int) -> String {
        configuration.isCluster ? "series\(place)" : "peer"
    }
}
