import Catalog
import SQLTypes
import VectorEngine

/// How the values of a column are spread, from nothing but the bounds of its row groups: exact where each covers a small
/// part of the range, as in a table that is sorted by the column or by one that goes with it.
///
///     row groups   [1 … 9] [8 … 20] [20 … 20]      each as even between its bounds
struct ZoneDistribution: Sendable {
    private struct Zone {
        var low: Int64
        var high: Int64
        var rows: Double
    }
    private var zones: [Zone] = []
    /// Some row group's bounds are not known, or no integers.
    private var isPartial = false

    /// Zones narrower than this part of the range, on average over the rows, are worth more than a sample.
    private static let narrowShare = 0.2
    private static let zonesMinimum = 8

    mutating func add(_ zone: ZoneMap?, _ type: SQLType, rowCount: Int) {
        guard let zone, !zone.isAllNull, rowCount > 0 else { return }
        guard let low = zone.minimum.flatMap({ Self.place(of: $0, type) }),
            let high = zone.maximum.flatMap({ Self.place(of: $0, type) }), low <= high
        else {
            isPartial = true
            return
        }
        let valid = Double(zone.rowCount - zone.nullCount) / Double(max(zone.rowCount, 1))
        zones.append(Zone(low: low, high: high, rows: Double(rowCount) * valid))
    }

    mutating func merge(_ other: ZoneDistribution) {
        zones += other.zones
        isPartial = isPartial || other.isPartial
    }

    /// Types whose values can be made again from an integer.
    private static func place(of value: SQLValue, _ type: SQLType) -> Int64? {
        switch (type, value) {
        case (.smallint, .integer(let number)), (.integer, .integer(let number)), (.bigint, .integer(let number)):
            number
        case (.date, .date(let days)): Int64(days)
        case (.timestamp, .timestamp(let time)): time
        default: nil
        }
    }

    private static func value(at place: Int64, _ type: SQLType) -> SQLValue? {
        switch type {
        case .smallint, .integer, .bigint: .integer(place)
        case .date: Int32(exactly: place).map { .date($0) }
        case .timestamp: .timestamp(place)
        default: nil
        }
    }

    private var rowCount: Double { zones.reduce(0) { $0 + $1.rows } }

    var isNarrow: Bool {
        guard !isPartial, zones.count >= Self.zonesMinimum, let low = zones.map(\.low).min(),
            let high = zones.map(\.high).max(), low < high
        else { return false }
        let covered = zones.reduce(0) { $0 + $1.rows * (Double($1.high) - Double($1.low)) }
        return covered <= Self.narrowShare * rowCount * (Double(high) - Double(low))
    }

    /// Values that fill whole row groups, most frequent first.
    /// - Parameter rows: of the table, nulls included.
    func common(of rows: Int, _ type: SQLType) -> [ColumnStatistics.CommonValue] {
        var filled: [Int64: Double] = [:]
        for zone in zones where zone.low == zone.high { filled[zone.low, default: 0] += zone.rows }
        let order = filled.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return order.compactMap { place, count in
            Self.value(at: place, type).map {
                ColumnStatistics.CommonValue(value: $0, fraction: count / Double(max(rows, 1)))
            }
        }
    }

    /// Bounds of equally filled buckets, ascending; empty if nothing is left beside the common values.
    func histogram(
        buckets: Int, except common: [ColumnStatistics.CommonValue], _ type: SQLType
    ) -> [SQLValue] {
        let left = common.isEmpty ? zones : zones.filter { $0.low < $0.high }
        guard let low = left.map(\.low).min(), let high = left.map(\.high).max(), low < high else { return [] }
        // Rows per integer change at these places.
        var steps: [(place: Double, change: Double)] = []
        for zone in left {
            let density = zone.rows / (Double(zone.high) - Double(zone.low) + 1)
            steps.append((Double(zone.low), density))
            steps.append((Double(zone.high) + 1, -density))
        }
        steps.sort { $0.place < $1.place }
        let bucket = left.reduce(0) { $0 + $1.rows } / Double(buckets)
        var bounds = [low]
        var (density, passed) = (0.0, 0.0)
        var place = Double(low)
        for step in steps {
            let rows = density * (step.place - place)
            while bounds.count < buckets, passed + rows >= bucket * Double(bounds.count), density > 0 {
                let bound = place + (bucket * Double(bounds.count) - passed) / density
                bounds.append(Int64(exactly: bound.rounded(.down)).map { min(max($0, low), high) } ?? high)
            }
            passed += rows
            density += step.change
            place = step.place
        }
        bounds.append(high)
        return bounds.compactMap { Self.value(at: $0, type) }
    }
}
