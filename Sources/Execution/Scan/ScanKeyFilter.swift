import SQLTypes
import Storage
import VectorEngine

/// A join's keys as a filter of a scan, and whether asking it has paid so far. Belongs to one task.
struct ScanKeyFilter {
    /// Position in the scan's columns.
    let column: Int
    let keys: KeyFilter
    private var asked = 0
    private var passed = 0

    /// After that many rows a filter that lets most of them pass is given up.
    private static let trialRows = 32_768

    init(column: Int, keys: KeyFilter) {
        self.column = column
        self.keys = keys
    }

    /// Filters that drop less than an eighth of the rows cost more than they save.
    var pays: Bool { asked < ScanKeyFilter.trialRows || passed < asked / 8 * 7 }

    mutating func note(asked: Int, passed: Int) {
        self.asked += asked
        self.passed += passed
    }

    func mayMatch(_ zone: ZoneMap?, _ type: SQLType) -> Bool {
        guard let zone else { return true }
        if zone.isAllNull { return false }
        let kind = type.storage
        guard kind.isInteger, let minimum = zone.minimum?.storedInteger(as: kind).flatMap({ Int64(exactly: $0) }),
            let maximum = zone.maximum?.storedInteger(as: kind).flatMap({ Int64(exactly: $0) })
        else { return true }
        return keys.mayMatch(minimum: minimum, maximum: maximum)
    }
}
