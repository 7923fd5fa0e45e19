/// Numbers as tables and plots show them.

/// With `digits` decimals: 1.4949 → `1.49`.
package func rounded(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    let factor = power(10, Double(digits))
    guard abs(value) * factor < 1e15 else { return "\(value)" }
    let scaled = (value * factor).rounded()
    let whole = Int64(scaled)
    var text = String(whole.magnitude)
    if digits > 0 {
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
    }
    return (whole < 0 ? "-" : "") + text
}

/// Three figures that matter: `0.412`, `7.03`, `43.9`, `1250`.
package func significant(_ value: Double) -> String {
    let size = abs(value)
    return rounded(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/// `0.5 ms`, `43.9 ms`, `2.64 s`.
package func timeText(milliseconds: Double) -> String {
    milliseconds < 1_000 ? "\(significant(milliseconds)) ms" : "\(significant(milliseconds / 1_000)) s"
}

/// `0 B`, `4.2 KB`, `1.3 MB`: decimal units.
package func bytesText(_ count: Int64) -> String {
    var value = Double(count)
    var unit = 0
    let units = ["B", "KB", "MB", "GB", "TB"]
    while value >= 999.5, unit + 1 < units.count {
        value /= 1_000
        unit += 1
    }
    return "\(unit == 0 ? String(count) : significant(value)) \(units[unit])"
}

/// `1.49 [1.41, 1.58]`
package func ratioText(_ ratio: Ratio) -> String {
    "\(rounded(ratio.value, 2)) [\(rounded(ratio.interval.low, 2)), \(rounded(ratio.interval.high, 2))]"
}

package func percentText(_ share: Double) -> String { "\(rounded(share * 100, 1)) %" }

extension COST: CustomStringConvertible {
    package var description: String {
        switch self {
        case .slices(let count): "\(count) slice\(count == 1 ? "" : "s")"
        case .unbounded(let measured): "none up to \(measured)"
        }
    }
}
