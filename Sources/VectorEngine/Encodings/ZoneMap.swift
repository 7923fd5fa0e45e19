package import SQLTypes

/// What is known of the values of some rows of one column without reading them: a predicate that no value between the
/// bounds can satisfy skips the rows.
///
/// Bounds enclose all non-null values and may be wider than they are: strings of CHAR and VARCHAR are taken without
/// their trailing blanks, long ones are cut to `boundBytesMax` (a cut maximum is rounded up and need not be UTF-8), and
/// a column with NaN has NaN, which sorts above all numbers, as maximum. A missing bound is unknown, unless
/// `isAllNull`.
package struct ZoneMap: Hashable, Sendable {
    /// Bytes of a string that a bound keeps.
    package static let boundBytesMax = 32

    package var minimum: SQLValue?
    package var maximum: SQLValue?
    package var nullCount: Int
    package var rowCount: Int

    package init(minimum: SQLValue? = nil, maximum: SQLValue? = nil, nullCount: Int, rowCount: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.nullCount = nullCount
        self.rowCount = rowCount
    }

    package var isAllNull: Bool { nullCount == rowCount }
}

extension ZoneMap {
    /// Of all rows that the zones, of one column, speak for.
    package init(joining zones: [ZoneMap]) {
        self.init(nullCount: 0, rowCount: 0)
        var isUnbounded = (below: false, above: false)
        for zone in zones {
            rowCount += zone.rowCount
            nullCount += zone.nullCount
            if zone.isAllNull { continue }
            if let bound = zone.minimum {
                minimum = minimum.map { ZoneMap.isLess(bound, $0) ? bound : $0 } ?? bound
            } else {
                isUnbounded.below = true
            }
            if let bound = zone.maximum {
                maximum = maximum.map { ZoneMap.isLess($0, bound) ? bound : $0 } ?? bound
            } else {
                isUnbounded.above = true
            }
        }
        if isUnbounded.below { minimum = nil }
        if isUnbounded.above { maximum = nil }
    }

    private static func isLess(_ left: SQLValue, _ right: SQLValue) -> Bool {
        SQLValue.compare(left, right) == .less
    }
}
