/// Time of COPY over the number of files, a line for each configuration.
struct LoadsChart {
    private let loads: [Analysis.Query]
    private let configurations: [BenchmarkConfiguration]
    private let y: AxisScale
    private var canvas = SVGCanvas(width: 720, height: 320, label: "Time of COPY over the number of files")
    private let left = 56.0
    private let right = 590.0
    private let top = 16.0
    private let bottom = 262.0

    init?(_ analysis: Analysis) {
        loads = analysis.queries.filter { $0.kind == .load }
        configurations = analysis.report.configurations.filter(\.isCluster)
        let values = loads.flatMap(\.cells).map { $0.sample.maximum / 1e3 }
        guard loads.count > 1, !values.isEmpty else { return nil }
        y = AxisScale(.linear, values, from: 0)
    }

    private func place(_ column: Int, _ value: Double) -> (x: Double, y: Double) {
        let step = (right - left) / Double(loads.count)
        return (left + (Double(column) + 0.5) * step, bottom - y.place(value) * (bottom - top))
    }

    mutating func markup() -> String {
        for tick in y.ticks {
            let row = place(0, tick).y
            canvas.line(left, row, right, row, tick == 0 ? "axis" : "grid")
            canvas.text(AxisScale.text(tick), left - 8, row + 4, .end)
        }
        for (column, load) in loads.enumerated() {
            canvas.text(load.name.replacing("COPY ", with: ""), place(column, 0).x, bottom + 18, .middle)
        }
        canvas.text("gzip files that the table is loaded from", (left + right) / 2, bottom + 40, .middle, "axis-title")
        canvas.turnedText("seconds", 16, (top + bottom) / 2)
        for (series, configuration) in configurations.enumerated() { draw(configuration, series) }
        return canvas.markup
    }

    private mutating func draw(_ configuration: BenchmarkConfiguration, _ series: Int) {
        var points: [(x: Double, y: Double)] = []
        for (column, load) in loads.enumerated() {
            guard let cell = load.cell(configuration.name) else { continue }
            let low = place(column, cell.sample.minimum / 1e3)
            let high = place(column, cell.sample.maximum / 1e3)
            canvas.line(low.x, low.y, high.x, high.y, "spread series\(series)")
            points.append(place(column, cell.sample.median / 1e3))
        }
        canvas.path(points, "load-line series\(series)")
        for point in points { canvas.circle(point.x, point.y, 4, "mark series\(series)", title: configuration.title) }
        let row = top + 18 + Double(series) * 20
        canvas.circle(right + 20, row - 4, 4, "mark series\(series)")
        canvas.text(configuration.title, right + 30, row)
    }
}
