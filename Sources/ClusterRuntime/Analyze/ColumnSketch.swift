import Catalog
import SQLTypes
import VectorEngine

/// What one slice's rows say about a column; the sketches of all slices merge into its statistics.
struct ColumnSketch: Sendable {
    let type: SQLType
    private(set) var rowCount = 0
    private(set) var nullCount = 0
    private(set) var minimum: SQLValue?
    private(set) var maximum: SQLValue?
    private var distinct = DistinctCounter()
    /// Every so manieth value, nulls left out; how many rows stand behind each.
    private var sample: [SQLValue] = []

    init(type: SQLType) { self.type = type }

    /// All rows of a row group.
    /// - Parameter stride: one value in so many goes into the sample.
    mutating func add(_ vector: Vector, zone: ZoneMap?, stride: Int) {
        rowCount += vector.count
        widen(zone, vector)
        switch vector.kind {
        case .bytes: countStrings(vector)
        default: countNumbers(vector)
        }
        for row in Swift.stride(from: 0, to: vector.count, by: max(1, stride)) {
            let value = vector.value(at: row, as: type)
            if !value.isNull { sample.append(value) }
        }
    }

    private mutating func widen(_ zone: ZoneMap?, _ vector: Vector) {
        nullCount += zone?.nullCount ?? vector.count
        if let low = zone?.minimum, minimum.map({ low.precedes($0) }) ?? true { minimum = low }
        if let high = zone?.maximum, maximum.map({ $0.precedes(high) }) ?? true { maximum = high }
    }

    private mutating func countStrings(_ vector: Vector) {
        let views = UnsafeMutableBufferPointer<StringView>.allocate(capacity: max(1, vector.count))
        defer { views.deallocate() }
        guard let start = views.baseAddress else { return }
        let owners = vector.copyViews(to: start)
        let valid = validity(vector)
        for row in 0 ..< vector.count where valid[row] != 0 {
            let view = start[row]
            let bytes = UnsafeBufferPointer(rebasing: view.bytes.prefix(view.trimmedCount))
            distinct.add(hash: DistributionHash.hash(string: bytes))
        }
        withExtendedLifetime(owners) {}
    }

    /// Floats by their bits, wide integers by both halves: close enough to SQL's equality for an estimate.
    private mutating func countNumbers(_ vector: Vector) {
        let valid = validity(vector)
        switch vector.kind {
        case .int8, .int16, .int32, .int64:
            count(vector, valid, Int64(0)) { $0.copyIntegers(to: $1) } hash: { DistributionHash.hash($0) }
        case .int128:
            count(vector, valid, Int128(0)) { $0.copyIntegers(to: $1) } hash: { DistributionHash.hash($0) }
        case .float32, .float64:
            count(vector, valid, 0.0) { $0.copyDoubles(to: $1) } hash: { DistributionHash.hash($0) }
        case .bytes: break
        }
    }

    private mutating func count<T: BitwiseCopyable>(
        _ vector: Vector, _ valid: [UInt8], _ filler: T, copy: (Vector, UnsafeMutablePointer<T>) -> Void,
        hash: (T) -> UInt64
    ) {
        var values = [T](repeating: filler, count: vector.count)
        values.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { copy(vector, start) }
        }
        for row in values.indices where valid[row] != 0 { distinct.add(hash: hash(values[row])) }
    }

    private func validity(_ vector: Vector) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: vector.count) { target, filled in
            if let start = target.baseAddress, vector.count > 0 { vector.copyValidity(to: start) }
            filled = vector.count
        }
    }

    mutating func merge(_ other: ColumnSketch) {
        rowCount += other.rowCount
        nullCount += other.nullCount
        if let low = other.minimum, minimum.map({ low.precedes($0) }) ?? true { minimum = low }
        if let high = other.maximum, maximum.map({ $0.precedes(high) }) ?? true { maximum = high }
        distinct.merge(other.distinct)
        sample += other.sample
    }

    // MARK: Statistics

    /// Values that are kept as common, and buckets of the histogram. - Source: PostgreSQL's default_statistics_target.
    private static let target = 100

    var statistics: ColumnStatistics {
        let valid = rowCount - nullCount
        let counts = Dictionary(sample.map { ($0, 1) }, uniquingKeysWith: +)
        let common = mostCommon(counts)
        let isCommon = Set(common.map(\.value))
        let rest = sample.filter { !isCommon.contains($0) }.sorted { $0.precedes($1) }
        return ColumnStatistics(
            distinctCount: min(max(distinct.estimate.rounded(), valid > 0 ? 1 : 0), Double(valid)),
            nullFraction: rowCount > 0 ? Double(nullCount) / Double(rowCount) : 0,
            averageWidth: averageWidth, minimum: minimum, maximum: maximum, mostCommon: common,
            histogram: histogram(rest))
    }

    /// Values that are more frequent than the average by a quarter, and seen more than once.
    private func mostCommon(_ counts: [SQLValue: Int]) -> [ColumnStatistics.CommonValue] {
        guard !sample.isEmpty, rowCount > 0 else { return [] }
        let average = Double(sample.count) / Double(counts.count)
        let valid = Double(rowCount - nullCount) / Double(rowCount)
        return counts.filter { Double($0.value) > 1.25 * average && $0.value > 1 }
            .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.precedes($1.key) }
            .prefix(ColumnSketch.target)
            .map { .init(value: $0.key, fraction: Double($0.value) / Double(sample.count) * valid) }
    }

    private func histogram(_ sorted: [SQLValue]) -> [SQLValue] {
        guard sorted.count >= 2 else { return [] }
        let buckets = min(ColumnSketch.target, sorted.count - 1)
        return (0 ... buckets).map { sorted[$0 * (sorted.count - 1) / buckets] }
    }

    private var averageWidth: Double {
        if let width = type.storage.width { return Double(width) }
        let bytes = sample.reduce(0) { sum, value in
            if case .string(let text) = value { return sum + text.count }
            if case .varbyte(let text) = value { return sum + text.count }
            return sum
        }
        return sample.isEmpty ? 0 : Double(bytes) / Double(sample.count)
    }
}

extension SQLValue {
    /// Strictly before, for two values of one type that are not null.
    func precedes(_ other: SQLValue) -> Bool { SQLValue.compareNullsLast(self, other) == .less }
}
