import SQLTypes
import VectorEngine

/// The values of a sample, each once, ascending, with how often it occurs. The leader does this alone for every column
/// when a load has ended, so that it should be quick: what is a number inside is sorted as one.
struct SampleRuns {
    private(set) var runs: [(value: SQLValue, count: Int)] = []

    /// - Parameter sample: not null.
    init(_ sample: [SQLValue], of type: SQLType) {
        if let keys = SampleRuns.keys(sample, type) { count(keys, sample) } else { count(sample) }
    }

    /// nil: values of the type are not ordered as one integer is.
    private static func keys(_ sample: [SQLValue], _ type: SQLType) -> [Int64]? {
        switch type {
        case .smallint, .integer, .bigint, .decimal, .date, .time, .timestamp, .timestamptz: break
        default: return nil
        }
        var keys: [Int64] = []
        keys.reserveCapacity(sample.count)
        for value in sample {
            guard let integer = value.storedInteger(as: type.storage), let key = Int64(exactly: integer) else {
                return nil
            }
            keys.append(key)
        }
        return keys
    }

    private mutating func count(_ keys: [Int64], _ sample: [SQLValue]) {
        var rows = zip(keys, sample.indices).map { (key: $0, row: Int32(truncatingIfNeeded: $1)) }
        rows.sort { $0.key < $1.key }
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].key == rows[start].key { end += 1 }
            runs.append((sample[Int(rows[start].row)], end - start))
            start = end
        }
    }

    private mutating func count(_ sample: [SQLValue]) {
        let counts = Dictionary(sample.map { ($0, 1) }, uniquingKeysWith: +)
        runs = counts.map { ($0.key, $0.value) }.sorted { $0.value.precedes($1.value) }
    }

    /// All values of the sample, ascending, but for those of the runs at `places`.
    func values(except places: Set<Int>) -> [SQLValue] {
        var values: [SQLValue] = []
        for (place, run) in runs.enumerated() where !places.contains(place) {
            for _ in 0..<run.count { values.append(run.value) }
        }
        return values
    }
}
