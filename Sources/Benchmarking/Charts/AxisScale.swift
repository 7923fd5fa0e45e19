/// Maps values to places along an axis, and knows where ticks belong.
struct AxisScale {
    enum Kind { case linear, logarithmic }
    let kind: Kind
    let low: Double
    let high: Double

    /// - Parameter values: what must be visible; of a logarithmic scale all positive.
    init(_ kind: Kind, _ values: [Double], from start: Double? = nil) {
        let least = min(start ?? .infinity, values.min() ?? 0)
        let most = max(values.max() ?? 1, start ?? -.infinity)
        self.kind = kind
        switch kind {
        case .linear:
            let step = AxisScale.niceStep(max(most - least, 1e-9) / 5)
            low = start ?? (least / step).rounded(.down) * step
            high = (most / step - 1e-9).rounded(.up) * step
        case .logarithmic:
            let padding = 1.12
            low = least / padding
            high = most * padding
        }
    }

    /// 0 at the low end, 1 at the high end.
    func place(_ value: Double) -> Double {
        switch kind {
        case .linear: high > low ? (value - low) / (high - low) : 0.5
        case .logarithmic:
            high > low
                ? (logarithm(max(value, 1e-300)) - logarithm(low)) / (logarithm(high) - logarithm(low)) : 0.5
        }
    }

    /// Linear: multiples of 1, 2 or 5; logarithmic: 1, 2 and 5 of each power of ten, or less where that is many.
    var ticks: [Double] {
        switch kind {
        case .linear:
            let step = AxisScale.niceStep((high - low) / 5)
            let count = Int(((high - low) / step + 1e-9).rounded(.down))
            return (0...max(0, min(count, 50))).map { low + Double($0) * step }
        case .logarithmic:
            let decades = logarithm10(high) - logarithm10(low)
            let factors: [Double] = decades > 3.5 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5]
            let first = Int(logarithm10(low).rounded(.down))
            let last = Int(logarithm10(high).rounded(.up))
            return (first...max(first, last)).flatMap { exponent in
                factors.map { $0 * power(10, Double(exponent)) }
            }.filter { $0 >= low && $0 <= high }
        }
    }

    static func niceStep(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        let magnitude = power(10, logarithm10(rough).rounded(.down))
        let factor = rough / magnitude
        return magnitude * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
    }

    /// A tick's value with no more digits than it takes.
    static func text(_ value: Double) -> String {
        for digits in 0...4
        where abs(value - (value * power(10, Double(digits))).rounded() / power(10, Double(digits))) < 1e-9 {
            return rounded(value, digits)
        }
        return significant(value)
    }
}
