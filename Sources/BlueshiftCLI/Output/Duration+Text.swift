/// `0.412 ms`, `1.250 s`: three decimals.
func durationText(ns: Int64) -> String {
    ns < 1_000_000_000 ? "\(thousandths(ns / 1_000)) ms" : "\(thousandths(ns / 1_000_000)) s"
}

func durationText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return durationText(ns: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
}

/// Milliseconds with three decimals, whatever the size: what scripts read.
func millisecondsText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return thousandths(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
}

/// A count of thousandths as a number with three decimals.
private func thousandths(_ count: Int64) -> String {
    let fraction = String(count % 1_000)
    return "\(count / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
}

/// 17 B, 4.2 KB, 1.3 MB: decimal units, as storage is sold and Redshift counts.
func bytesText(_ count: Int64) -> String {
    guard count >= 1_000 else { return "\(count) B" }
    var value = Double(count) / 1_000
    for unit in ["KB", "MB", "GB"] {
        if value < 999.95 { return "\((value * 10).rounded() / 10) \(unit)" }
        value /= 1_000
    }
    return "\((value * 10).rounded() / 10) TB"
}

/// 172456 → 172,456.
func countText(_ count: Int64) -> String {
    var digits = Array(String(count.magnitude))
    var position = digits.count - 3
    while position > 0 {
        digits.insert(",", at: position)
        position -= 3
    }
    return (count < 0 ? "-" : "") + String(digits)
}
