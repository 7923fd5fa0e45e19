/// Figures as people read them, the same wherever one is shown.
package enum FigureText {
    /// 172456 → 172,456.
    package static func count(_ count: Int64) -> String {
        var digits = Array(String(count.magnitude))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return (count < 0 ? "-" : "") + String(digits)
    }

    /// 17 B, 4.2 KB, 1.3 MB: decimal units, as storage is sold and Redshift counts.
    package static func bytes(_ count: Int64) -> String {
        guard count >= 1_000 else { return "\(count) B" }
        var value = Double(count) / 1_000
        for unit in ["KB", "MB", "GB"] {
            if value < 999.95 { return "\((value * 10).rounded() / 10) \(unit)" }
            value /= 1_000
        }
        return "\((value * 10).rounded() / 10) TB"
    }

    /// `0.412 ms`, `1.250 s`: three decimals.
    package static func duration(ns: Int64) -> String {
        ns < 1_000_000_000 ? "\(thousandths(ns / 1_000)) ms" : "\(thousandths(ns / 1_000_000)) s"
    }

    /// Milliseconds with two decimals below ten, one below a hundred, else none: `0.04`, `12.3`, `1,204`.
    package static func milliseconds(ns: Double) -> String {
        guard ns.isFinite, ns.magnitude < 9e18 else { return ns.description }
        switch ns {
        case ..<9_995_000: return decimal(ns / 1_000_000, places: 2)
        case ..<99_950_000: return decimal(ns / 1_000_000, places: 1)
        default: return count(Int64((ns / 1_000_000).rounded()))
        }
    }

    /// - Parameter places: 1 to 3.
    package static func decimal(_ value: Double, places: Int) -> String {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        guard value.isFinite, value.magnitude * factor < 9e18 else { return value.description }
        let scaled = Int64((value.magnitude * factor).rounded())
        let fraction = String(scaled % Int64(factor))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / Int64(factor)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    /// A count of thousandths as a number with three decimals.
    package static func thousandths(_ count: Int64) -> String {
        let fraction = String(count % 1_000)
        return "\(count / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// A bar of `value` out of `maximum`, `width` cells long at most, in eighths of a cell.
    package static func bar(_ value: Double, of maximum: Double, width: Int) -> String {
        guard value > 0, maximum > 0 else { return "" }
        let eighths = min(8 * width, max(1, Int((8 * Double(width) * value / maximum).rounded())))
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + rest[eighths % 8]
    }

    /// One character for each value, its height the value's share of the greatest.
    package static func heights(_ values: [Double]) -> String {
        let steps: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let maximum = values.max() ?? 0
        guard maximum > 0 else { return String(repeating: "▁", count: values.count) }
        return String(values.map { steps[min(7, max(0, Int(($0 / maximum * 8).rounded(.up)) - 1))] })
    }
}
