import SQLTypes

/// COUNT(*) without arguments, else rows in which all arguments are valid.
final class CountAggregate: Aggregate {
    private let rowCounts: RowCounts
    /// What the count differs from the group's rows by: a null is one less, a partial count of n is n − 1 more.
    /// Without places as long as there is no difference.
    private let differences = Column<Int64>(capacity: 0)
    private var hasDifferences = false
    private var groupCount = 0
    private let valid = Scratch<UInt8>(capacity: 0)
    private let added = Scratch<Int64>(capacity: 0)

    init(_ rowCounts: RowCounts) { self.rowCounts = rowCounts }

    func grow(to groupCount: Int) {
        self.groupCount = Swift.max(self.groupCount, groupCount)
        if hasDifferences { differences.grow(to: groupCount, filling: 0) }
    }

    private func needDifferences() -> UnsafeMutablePointer<Int64> {
        hasDifferences = true
        differences.grow(to: groupCount, filling: 0)
        return differences.pointer
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) {
        guard arguments.contains(where: \.mayHaveNulls) else { return }
        let valid = self.valid.reserve(rows.count)
        valid.update(repeating: 1, count: rows.count)
        for argument in arguments { argument.maskValidity(in: valid) }
        let differences = needDifferences()
        for row in 0..<rows.count { differences[Int(rows.groups?[row] ?? 0)] -= 1 - Int64(valid[row]) }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) {
        let added = self.added.reserve(rows.count)
        states[0].copyIntegers(to: added)
        let differences = needDifferences()
        for row in 0..<rows.count { differences[Int(rows.groups?[row] ?? 0)] += added[row] - 1 }
    }

    func partial() -> [Vector] { [result()] }

    func result() -> Vector { counts(of: 0..<groupCount) }
    func result(of groups: Range<Int>) -> Vector? { counts(of: groups) }

    private func counts(of groups: Range<Int>) -> Vector {
        let rows = rowCounts.pointer + groups.lowerBound
        let buffer = Buffer(count: groups.count, of: Int64.self) { target in
            guard hasDifferences else {
                target.baseAddress?.update(from: rows, count: groups.count)
                return
            }
            let differences = differences.pointer + groups.lowerBound
            for index in 0..<groups.count { target[index] = rows[index] + differences[index] }
        }
        return Vector(kind: .int64, count: groups.count, form: .flat(buffer))
    }

    var byteCount: Int { differences.byteCount }
}
