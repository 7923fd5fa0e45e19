import Catalog
import SQLTypes
import VectorEngine

/// What one slice's rows say about a column; the sketches of all slices merge into its statistics.
struct ColumnSketch: Sendable {
    let type: SQLType
    /// Of all rows: from the row groups' descriptors.
    private(set) var rowCount = 0
    private(set) var nullCount = 0
    private(set) var minimum: SQLValue?
    private(set) var maximum: SQLValue?
    /// Of row groups with known bounds.
    private var zones = ZoneDistribution()
    /// Of the rows that were read: values that are not null, and how many differ; the same of the first half of them.
    private var readCount = 0
    private var distinct = DistinctCounter()
    private var halfCount = 0
    private var halfDistinct = DistinctCounter()
    /// Every so manieth value that was read, nulls left out.
    private var sample: [SQLValue] = []

    init(type: SQLType) { self.type = type }

    /// A row group's counts and bounds, whether or not its values are read. Without a zone map the column is all null.
    /// Of deleted rows as many are taken to be null as of all.
    mutating func count(_ zone: ZoneMap?, rowCount: Int, live: Int) {
        self.rowCount += live
        nullCount += (zone?.nullCount ?? rowCount) * live / max(rowCount, 1)
        widen(zone?.minimum, zone?.maximum)
        zones.add(zone, type, rowCount: live)
    }

    /// All rows of a row group that is not read otherwise.
    mutating func countDistinct(_ vector: Vector) {
        let valid = validity(vector)
        countNumbers(vector, valid, in: &distinct)
        readCount += valid.reduce(0) { $0 + Int($1) }
    }

    /// All rows of a row group.
    /// - Parameters:
    ///   - stride: one value in so many goes into the sample.
    ///   - isFirstHalf: about every other row group that is read, to see how the number of values grows with the rows.
    mutating func add(_ vector: Vector, stride: Int, isFirstHalf: Bool) {
        var counter = DistinctCounter()
        let valid = validity(vector)
        switch vector.kind {
        case .bytes: countStrings(vector, valid, in: &counter)
        default: countNumbers(vector, valid, in: &counter)
        }
        let validCount = valid.reduce(0) { $0 + Int($1) }
        readCount += validCount
        distinct.merge(counter)
        if isFirstHalf {
            halfCount += validCount
            halfDistinct.merge(counter)
        }
        for row in Swift.stride(from: 0, to: vector.count, by: max(1, stride)) {
            let value = vector.value(at: row, as: type)
            if !value.isNull { sample.append(value) }
        }
    }

    private mutating func widen(_ low: SQLValue?, _ high: SQLValue?) {
        if let low, minimum.map({ low.precedes($0) }) ?? true { minimum = low }
        if let high, maximum.map({ $0.precedes(high) }) ?? true { maximum = high }
    }

    private func countStrings(_ vector: Vector, _ valid: [UInt8], in counter: inout DistinctCounter) {
        if case .dictionary(let codes, let dictionary) = vector.form {
            return count(codes, of: dictionary, vector, valid, in: &counter)
        }
        let views = UnsafeMutableBufferPointer<StringView>.allocate(capacity: max(1, vector.count))
        defer { views.deallocate() }
        guard let start = views.baseAddress else { return }
        let owners = vector.copyViews(to: start)
        for row in 0..<vector.count where valid[row] != 0 {
            let view = start[row]
            let bytes = UnsafeBufferPointer(rebasing: view.bytes.prefix(view.trimmedCount))
            counter.add(hash: DistributionHash.hash(string: bytes))
        }
        withExtendedLifetime(owners) {}
    }

    /// Each entry that a row has, once.
    private func count(
        _ codes: Codes, of dictionary: StringDictionary, _ vector: Vector, _ valid: [UInt8],
        in counter: inout DistinctCounter
    ) {
        var isSeen = [Bool](repeating: false, count: dictionary.count)
        let entries = dictionary.entries
        for row in 0..<vector.count where valid[row] != 0 {
            let code = codes[vector.offset + row]
            guard !isSeen[code] else { continue }
            isSeen[code] = true
            let view = entries[code]
            let bytes = UnsafeBufferPointer(rebasing: view.bytes.prefix(view.trimmedCount))
            counter.add(hash: DistributionHash.hash(string: bytes))
        }
    }

    /// Floats by their bits, wide integers by both halves: close enough to SQL's equality for an estimate.
    private func countNumbers(_ vector: Vector, _ valid: [UInt8], in counter: inout DistinctCounter) {
        switch vector.kind {
        case .int8, .int16, .int32, .int64:
            count(vector, valid, Int64(0), in: &counter) {
                $0.copyIntegers(to: $1)
            } hash: {
                DistributionHash.hash($0)
            }
        case .int128:
            count(vector, valid, Int128(0), in: &counter) {
                $0.copyIntegers(to: $1)
            } hash: {
                DistributionHash.hash($0)
            }
        case .float32, .float64:
            count(vector, valid, 0.0, in: &counter) {
                $0.copyDoubles(to: $1)
            } hash: {
                DistributionHash.hash($0)
            }
        case .bytes: break
        }
    }

    private func count<T: BitwiseCopyable>(
        _ vector: Vector, _ valid: [UInt8], _ filler: T, in counter: inout DistinctCounter,
        copy: (Vector, UnsafeMutablePointer<T>) -> Void,
        hash: (T) -> UInt64
    ) {
        var values = [T](repeating: filler, count: vector.count)
        values.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { copy(vector, start) }
        }
        for row in values.indices where valid[row] != 0 { counter.add(hash: hash(values[row])) }
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
        widen(other.minimum, other.maximum)
        zones.merge(other.zones)
        readCount += other.readCount
        distinct.merge(other.distinct)
        halfCount += other.halfCount
        halfDistinct.merge(other.halfDistinct)
        sample += other.sample
    }

    // MARK: Statistics

    /// Values that are kept as common, and buckets of the histogram. - Source: PostgreSQL's default_statistics_target.
    private static let target = 100

    var statistics: ColumnStatistics {
        let values = distribution
        return ColumnStatistics(
            distinctCount: distinctCount,
            nullFraction: rowCount > 0 ? Double(nullCount) / Double(rowCount) : 0,
            averageWidth: averageWidth, minimum: minimum, maximum: maximum, mostCommon: values.common,
            histogram: values.histogram)
    }

    /// A few row groups of a table in order hold a few stretches of its values: there the bounds of all row groups say
    /// more than the sample.
    private var distribution: (common: [ColumnStatistics.CommonValue], histogram: [SQLValue]) {
        if readCount < rowCount - nullCount, zones.isNarrow {
            let common = zones.common(of: rowCount, type)
            return (common, zones.histogram(buckets: ColumnSketch.target, except: common, type))
        }
        let runs = SampleRuns(sample, of: type)
        let (common, isCommon) = mostCommon(runs)
        return (common, histogram(runs.values(except: isCommon)))
    }

    /// Different values in all rows. Where only a part was read, the number is taken to go on growing with a power of
    /// the rows, the one by which it grew from half of that part to the whole: a key grows with the rows, a small
    /// domain does not grow at all. Integers and dates cannot have more values than their range.
    private var distinctCount: Double {
        let valid = Double(rowCount - nullCount)
        guard valid > 0 else { return 0 }
        var estimate = max(1, distinct.estimate)
        let read = Double(readCount)
        if read > 0, read < valid {
            var growth = 1.0
            if halfCount > 0, halfCount < readCount {
                growth = logarithm(estimate / max(1, halfDistinct.estimate)) / logarithm(read / Double(halfCount))
            }
            estimate *= power(valid / read, min(max(growth, 0), 1))
        }
        return min(estimate.rounded(), valid, domainSize ?? .infinity)
    }

    private var domainSize: Double? {
        switch (minimum, maximum) {
        case (.integer(let low)?, .integer(let high)?): Double(high) - Double(low) + 1
        case (.date(let low)?, .date(let high)?): Double(high) - Double(low) + 1
        case (.boolean?, .boolean?): 2
        default: nil
        }
    }

    /// Values that are more frequent than the average by a quarter, and seen more than once; and where they are.
    private func mostCommon(_ runs: SampleRuns) -> ([ColumnStatistics.CommonValue], Set<Int>) {
        guard !sample.isEmpty, rowCount > 0 else { return ([], []) }
        let average = Double(sample.count) / Double(runs.runs.count)
        let valid = Double(rowCount - nullCount) / Double(rowCount)
        let frequent = runs.runs.indices.filter {
            Double(runs.runs[$0].count) > 1.25 * average && runs.runs[$0].count > 1
        }
        // Runs ascend, and so do equally frequent values: the sort is stable over (count, place).
        let chosen = frequent.sorted {
            runs.runs[$0].count != runs.runs[$1].count ? runs.runs[$0].count > runs.runs[$1].count : $0 < $1
        }.prefix(ColumnSketch.target)
        let common = chosen.map { place in
            ColumnStatistics.CommonValue(
                value: runs.runs[place].value,
                fraction: Double(runs.runs[place].count) / Double(sample.count) * valid)
        }
        return (common, Set(chosen))
    }

    private func histogram(_ sorted: [SQLValue]) -> [SQLValue] {
        guard sorted.count >= 2 else { return [] }
        let buckets = min(ColumnSketch.target, sorted.count - 1)
        return (0...buckets).map { sorted[$0 * (sorted.count - 1) / buckets] }
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
