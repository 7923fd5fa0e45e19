import Blueshift

/// `0.412 ms`, `1.250 s`: three decimals.
func durationText(ns: Int64) -> String { FigureText.duration(ns: ns) }

func durationText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return durationText(ns: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
}

/// Milliseconds with three decimals, whatever the size: what scripts read.
func millisecondsText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return FigureText.thousandths(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
}

/// 17 B, 4.2 KB, 1.3 MB: decimal units, as storage is sold and Redshift counts.
func bytesText(_ count: Int64) -> String { FigureText.bytes(count) }

/// 172456 → 172,456.
func countText(_ count: Int64) -> String { FigureText.count(count) }
