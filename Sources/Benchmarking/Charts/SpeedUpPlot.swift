/// Speed-up over slices in a terminal: measured points, their intervals, the ideal line, the fitted law.
struct SpeedUpPlot {
    var points: [ReportFacts.SpeedUpPoint]
    var law: ScalabilityLaw?
    var cores: Int

    var lines: [String] {
        let most = Double(points.map(\.slices).max() ?? 1)
        let x = AxisScale(.linear, [most], from: 0)
        let y = AxisScale(
            .linear, points.map { max($0.value, $0.interval?.high ?? 0) } + [min(most, Double(cores))], from: 0)
        var canvas = BrailleCanvas(columns: 56, rows: 14)
        func place(_ n: Double, _ value: Double) -> (Int, Int) {
            (Int(x.place(n) * Double(canvas.width - 1)), Int(y.place(value) * Double(canvas.height - 1)))
        }
        for dot in 0..<canvas.width {
            let n = x.low + (x.high - x.low) * Double(dot) / Double(canvas.width - 1)
            // The ideal as a dotted line, the law as a full one.
            if dot % 4 == 0 { canvas.dot(dot, place(n, n).1) }
            if let law, n >= 1 { canvas.dot(dot, place(n, law.throughput(n) / law.throughput(1)).1) }
        }
        for point in points {
            if let interval = point.interval {
                let (column, low) = place(Double(point.slices), interval.low)
                let high = place(Double(point.slices), interval.high).1
                for row in low...max(low, high) { canvas.dot(column, row) }
            }
            let (column, row) = place(Double(point.slices), point.value)
            canvas.mark(column, row, "●")
        }
        return framed(canvas, x, y)
    }

    private func framed(_ canvas: BrailleCanvas, _ x: AxisScale, _ y: AxisScale) -> [String] {
        var labels = [String](repeating: "", count: canvas.rows)
        for tick in y.ticks {
            let row = canvas.rows - 1 - Int(y.place(tick) * Double(canvas.height - 1)) / 4
            if labels.indices.contains(row) { labels[row] = AxisScale.text(tick) }
        }
        let width = labels.map(\.count).max() ?? 0
        var lines = zip(labels, canvas.lines).map { label, line in
            String(repeating: " ", count: width - label.count) + label + (label.isEmpty ? " │" : " ┤") + line
        }
        lines.append(String(repeating: " ", count: width + 1) + "└" + String(repeating: "─", count: canvas.columns))
        var axis = [Character](repeating: " ", count: canvas.columns + width + 8)
        for tick in x.ticks {
            let text = AxisScale.text(tick)
            let column = width + 2 + Int(x.place(tick) * Double(canvas.columns - 1)) - text.count / 2
            for (offset, character) in text.enumerated() where axis.indices.contains(column + offset) {
                axis[column + offset] = character
            }
        }
        lines.append(String(axis) + "slices")
        return lines
    }
}
