import SQLTypes

// Numbers as the messages of assertions show them.

extension FigureText {
    static func count(_ count: Int) -> String { FigureText.count(Int64(count)) }

    /// Rounded to `digits` places, without zeros at the end.
    static func number(_ value: Double, digits: Int = 2) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        guard value.isFinite, value.magnitude < 9e18 / factor else { return value.description }
        let scaled = (value * factor).rounded()
        let (whole, rest) = Int64(scaled.magnitude).quotientAndRemainder(dividingBy: Int64(factor))
        var fraction = rest == 0 ? "" : String(String(rest + Int64(factor)).dropFirst())
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + count(whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// What was asserted, as it was written.
    static func limit(_ value: Double) -> String { number(value, digits: 6) }

    /// With as many digits as it takes to be told from the limit that it has missed.
    static func number(_ value: Double, against limit: Double) -> String {
        for digits in 2...8 where value != limit {
            let text = number(value, digits: digits)
            if text != number(limit, digits: digits) { return text }
        }
        return number(value)
    }

    /// 17 bytes, 4.2 KB, 1.3 MB: units are decimal.
    static func bytes(_ value: Double) -> String {
        guard value >= 1_000 else { return "\(number(value, digits: 0)) bytes" }
        var (scaled, unit) = (value / 1_000, "KB")
        for larger in ["MB", "GB", "TB"] where scaled >= 999.95 { (scaled, unit) = (scaled / 1_000, larger) }
        return "\(number(scaled, digits: 1)) \(unit)"
    }

    /// `slice 3`, `slices 1, 2 and 5`, `slices 1, 2, 3, 4, 5 and 12 more`.
    static func slices(_ slices: [Int]) -> String {
        guard slices.count > 1 else { return "slice \(slices.first.map(String.init) ?? "-")" }
        let shown = slices.count <= 6 ? slices.count - 1 : 5
        let rest = slices.count <= 6 ? "\(slices[slices.count - 1])" : "\(slices.count - 5) more"
        return "slices \(slices.prefix(shown).map(String.init).joined(separator: ", ")) and \(rest)"
    }
}
