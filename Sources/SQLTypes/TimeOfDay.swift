/// Microseconds since midnight, 0 … 24:00:00, and how timestamps are taken apart.
package enum TimeOfDay {
    package static let microsecondsPerSecond: Int64 = 1_000_000
    package static let microsecondsPerMinute: Int64 = 60_000_000
    package static let microsecondsPerHour: Int64 = 3_600_000_000
    package static let microsecondsPerDay: Int64 = 86_400_000_000
    /// From 1970-01-01 to 2000-01-01.
    package static let secondsFromUnixEpoch: Int64 = 946_684_800

    /// The day (since 2000-01-01) and the microseconds since its midnight, 0 ..< 24 h.
    @inlinable
    package static func split(_ timestamp: Int64) -> (days: Int, microseconds: Int64) {
        let days = CivilDate.floorDivide(timestamp, microsecondsPerDay)
        return (Int(days), timestamp - days * microsecondsPerDay)
    }

    package static func microseconds(hour: Int, minute: Int, second: Int, fraction: Int) -> Int64 {
        Int64(hour) * microsecondsPerHour + Int64(minute) * microsecondsPerMinute
            + Int64(second) * microsecondsPerSecond + Int64(fraction)
    }

    /// A TIMETZ is kept in UTC, whatever zone it came with.
    /// - Source: Redshift developer guide, "TIMETZ".
    package static func utc(microseconds: Int64, secondsEast: Int32) -> Int64 {
        // 24:00 stays what it is.
        if secondsEast == 0 { return microseconds }
        return CivilDate.floorRemainder(microseconds - Int64(secondsEast) * microsecondsPerSecond, microsecondsPerDay)
    }

    /// How TIMETZ lies in a vector: the time since midnight UTC in the upper bits, so that the order of the integers is
    /// SQL's order (instant first, then zone), and the zone in the lower 32 bits, biased to be unsigned.
    ///
    ///     packed = (microseconds + secondsWest · 10⁶) · 2³² + (secondsWest + 2³¹)
    package static func packed(microseconds: Int64, secondsWest: Int32) -> Int128 {
        let instant = Int128(microseconds) + Int128(secondsWest) * 1_000_000
        return instant << 32 | Int128(Int64(secondsWest) + (1 << 31))
    }

    package static func unpacked(_ packed: Int128) -> (microseconds: Int64, secondsWest: Int32) {
        let secondsWest = Int32(truncatingIfNeeded: Int64(packed & 0xFFFF_FFFF) - (1 << 31))
        return (Int64(truncatingIfNeeded: packed >> 32) - Int64(secondsWest) * 1_000_000, secondsWest)
    }
}
