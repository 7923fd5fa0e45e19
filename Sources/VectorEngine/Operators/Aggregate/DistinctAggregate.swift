import SQLTypes

/// DISTINCT: hands each value on once per group. The values seen are the keys (group, arguments) of a table of its own.
final class DistinctAggregate: ValueCollector {
    private let inner: any Aggregate
    /// Of the rows that `inner` gets.
    private let rowCounts: RowCounts
    private let table: GroupTable
    private let numbers = Scratch<UInt32>()
    private let newRows = Scratch<UInt32>()
    private let newGroups = Scratch<UInt32>()

    init(_ call: AggregateSpecification) throws(SQLError) {
        rowCounts = RowCounts()
        inner = try Aggregates.make(call, rowCounts)
        table = GroupTable([.bigint] + call.argumentTypes)
    }

    var byteCount: Int { table.byteCount + inner.byteCount }

    var valueCount: Int { table.count }

    func takeValues(groupKeys: [Vector]) -> Batch {
        var columns = table.finish()
        let numbers = columns.removeFirst()
        let count = numbers.count
        let rows = Scratch<Int64>(capacity: count)
        numbers.copyIntegers(to: rows.pointer)
        let groups = (0..<count).map { UInt32(truncatingIfNeeded: rows.pointer[$0]) }
        return Batch(columns: groupKeys.map { $0.gathered(groups.span) } + columns, count: count)
    }

    func grow(to groupCount: Int) {
        rowCounts.grow(to: groupCount, filling: 0)
        inner.grow(to: groupCount)
    }

    func update(_ arguments: [Vector], _ rows: GroupedRows) throws(SQLError) {
        let group: Vector
        if let groups = rows.groups {
            let buffer = Buffer(count: rows.count, of: Int64.self) { target in
                for row in 0..<rows.count { target[row] = Int64(groups[row]) }
            }
            group = Vector(kind: .int64, count: rows.count, form: .flat(buffer))
        } else {
            group = .constant(.integer(0), kind: .int64, count: rows.count)
        }
        let numbers = self.numbers.reserve(rows.count)
        let known = table.count
        try table.assign([group] + arguments, count: rows.count, groups: numbers)
        guard table.count > known else { return }
        let newRows = self.newRows.reserve(table.count - known)
        let newGroups = self.newGroups.reserve(table.count - known)
        // Numbers are given in rising order in each round of the lookup, not over the whole batch: the first row of
        // each new number counts, found by its number.
        for index in 0..<table.count - known { newRows[index] = UInt32.max }
        for row in 0..<rows.count where Int(numbers[row]) >= known {
            let index = Int(numbers[row]) - known
            if newRows[index] == UInt32.max { newRows[index] = UInt32(truncatingIfNeeded: row) }
        }
        let picked = UnsafeBufferPointer(start: UnsafePointer(newRows), count: table.count - known)
        for (index, row) in picked.enumerated() { newGroups[index] = rows.groups?[Int(row)] ?? 0 }
        let values = arguments.map { $0.gathered(Span(_unsafeElements: picked)) }
        let groups = rows.groups == nil ? nil : UnsafePointer(newGroups)
        let firsts = GroupedRows(count: picked.count, groups: groups)
        rowCounts.add(firsts)
        try inner.update(values, firsts)
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) throws(SQLError) {
        throw SQLError.internalError("partial results of a DISTINCT aggregate")
    }

    func partial() throws(SQLError) -> [Vector] {
        throw SQLError.internalError("partial results of a DISTINCT aggregate")
    }

    func result() throws(SQLError) -> Vector { try inner.result() }
}
