/// Speed-up over the number of slices: every query as a thin line, their geometric mean with its interval, the ideal,
/// the fitted law, and where the cores end.
struct SpeedUpChart {
    private let analysis: Analysis
    private let points: [ReportFacts.SpeedUpPoint]
    private let x: AxisScale
    private let y: AxisScale
    private var canvas = SVGCanvas(width: 720, height: 420, label: "Speed-up over the number of slices")
    private let left = 56.0
    private let right = 590.0
    private let top = 16.0
    private let bottom = 370.0

    /// nil where there is nothing to compare with one slice.
    init?(_ analysis: Analysis) {
        self.analysis = analysis
        points = ReportFacts.speedUpPoints(analysis)
        guard points.count > 1, let most = points.last?.slices else { return nil }
        let cores = analysis.report.host.cores
        let values = analysis.queries.filter { $0.kind == .query }.flatMap(\.cells).compactMap { $0.speedUp?.value }
        x = AxisScale(.linear, [Double(most)], from: 0)
        // The ideal line may leave the picture where there are no cores for it.
        y = AxisScale(
            .linear, values + points.map { $0.interval?.high ?? $0.value } + [min(Double(most), 1.15 * Double(cores))],
            from: 0)
    }

    mutating func markup() -> String {
        drawFrame()
        drawIdeal()
        drawQueries()
        drawLaw()
        drawMean()
        return canvas.markup
    }

    private func place(_ n: Double, _ value: Double) -> (x: Double, y: Double) {
        (left + x.place(n) * (right - left), bottom - y.place(value) * (bottom - top))
    }

    private mutating func drawFrame() {
        let cores = analysis.report.host.cores
        if Double(cores) < x.high {
            let column = place(Double(cores), 0).x
            canvas.rectangle(column, top, right - column, bottom - top, "shade")
            canvas.text("more slices than cores", right - 8, bottom - 10, .end, "note")
        }
        for tick in y.ticks {
            let row = place(0, tick).y
            canvas.line(left, row, right, row, tick == 0 ? "axis" : "grid")
            canvas.text(AxisScale.text(tick), left - 8, row + 4, .end)
        }
        for tick in x.ticks where tick == tick.rounded() {
            let column = place(tick, 0).x
            canvas.line(column, bottom, column, bottom + 4, "axis")
            canvas.text(AxisScale.text(tick), column, bottom + 18, .middle)
        }
        canvas.text("slices", (left + right) / 2, bottom + 38, .middle, "axis-title")
        canvas.turnedText("speed-up over one slice", 16, (top + bottom) / 2)
    }

    private mutating func drawIdeal() {
        let end = min(x.high, y.high)
        let to = place(end, end)
        let from = place(0, 0)
        canvas.line(from.x, from.y, to.x, to.y, "ideal")
        canvas.text("ideal", to.x - 14, to.y + 14, .end, "note")
    }

    private mutating func drawQueries() {
        for query in analysis.queries where query.kind == .query {
            var places = [place(1, 1)]
            for cell in query.cells.sorted(by: { $0.configuration.slices < $1.configuration.slices }) {
                guard let speedUp = cell.speedUp else { continue }
                places.append(place(Double(cell.configuration.slices), speedUp.value))
            }
            canvas.path(places, "query")
        }
    }

    private mutating func drawLaw() {
        guard let law = analysis.law?.law else { return }
        let steps = 120
        let curve = (0...steps).map { step in
            let n = 1 + (x.high - 1) * Double(step) / Double(steps)
            return place(n, law.throughput(n) / law.throughput(1))
        }
        canvas.path(curve, "law")
        if let last = curve.last { canvas.text("fitted law", last.x + 8, last.y + 4, .start, "law-text") }
    }

    private mutating func drawMean() {
        if analysis.law == nil { canvas.path(points.map { place(Double($0.slices), $0.value) }, "mean") }
        for point in points {
            let (column, row) = place(Double(point.slices), point.value)
            if let interval = point.interval {
                let low = place(1, interval.low).y
                let high = place(1, interval.high).y
                canvas.line(column, low, column, high, "whisker")
                for end in [low, high] { canvas.line(column - 4, end, column + 4, end, "whisker") }
            }
            let text = "\(point.configuration.title): \(rounded(point.value, 2))"
            canvas.circle(column, row, 5, "mean-point", title: text)
            if point.slices > 1 { drawValue(of: point, column, row) }
        }
        let legend = right + 14
        canvas.circle(legend + 6, top + 14, 5, "mean-point")
        canvas.text("geometric mean", legend + 18, top + 18)
        canvas.text("with 95 % interval", legend + 18, top + 33, .start, "note")
        canvas.line(legend - 2, top + 54, legend + 14, top + 54, "query")
        canvas.text("each query", legend + 18, top + 58)
    }

    /// Beside the point; with the shape's name where several have as many slices.
    private mutating func drawValue(of point: ReportFacts.SpeedUpPoint, _ column: Double, _ row: Double) {
        let isLast = point.slices == points.last?.slices
        let isShared = points.count { $0.slices == point.slices } > 1
        let text = isShared ? "\(point.configuration.name) \(rounded(point.value, 2))" : rounded(point.value, 2)
        canvas.text(text, column + (isLast ? -10 : 10), row - 9, isLast ? .end : .start, "value")
    }
}
