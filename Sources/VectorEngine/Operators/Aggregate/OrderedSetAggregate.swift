import SQLTypes

/// A function of values in order as an aggregate: collects its rows, sorts them by group and by the order asked for when
/// the input has ended. Needs all rows of a group; those for which there is no memory are `SpilledOrderedSet`'s.
final class OrderedSetAggregate: ValueCollector {
    private let call: AggregateSpecification
    private let kinds: [StorageKind]
    private var arguments: [[Vector]]
    private let groups = Column<Int64>()
    private var groupCount = 0
    private var argumentBytes = 0

    init(_ call: AggregateSpecification) {
        self.call = call
        kinds = call.argumentTypes.map(\.storage)
        arguments = call.argumentTypes.map { _ in [] }
    }

    /// The values, all of them once more when they are joined, and what they are sorted by.
    var byteCount: Int { groups.byteCount + 2 * argumentBytes + (40 + 8 * call.order.count) * groups.count }

    var valueCount: Int { groups.count }

    func takeValues(groupKeys: [Vector]) -> Batch {
        let count = groups.count
        let numbers = groups.pointer
        let rows = (0..<count).map { UInt32(truncatingIfNeeded: numbers[$0]) }
        let columns = zip(arguments, kinds).map { Vector.concatenated($0, kind: $1) }
        arguments = arguments.map { _ in [] }
        return Batch(columns: groupKeys.map { $0.gathered(rows.span) } + columns, count: count)
    }

    func grow(to groupCount: Int) { self.groupCount = groupCount }

    func update(_ arguments: [Vector], _ rows: GroupedRows) throws(SQLError) {
        guard groups.count + rows.count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows for \(call.function)")
        }
        for (place, argument) in arguments.enumerated() {
            self.arguments[place].append(argument.kind == kinds[place] ? argument : argument.widened(to: kinds[place]))
        }
        argumentBytes += Batch(columns: arguments, count: rows.count).wireByteCount
        let target = groups.extend(by: rows.count)
        for row in 0..<rows.count { target[row] = Int64(rows.groups?[row] ?? 0) }
    }

    func combine(_ states: [Vector], _ rows: GroupedRows) throws(SQLError) {
        throw SQLError.internalError("partial results of \(call.function)")
    }

    func partial() throws(SQLError) -> [Vector] {
        throw SQLError.internalError("partial results of \(call.function)")
    }

    func result() throws(SQLError) -> Vector {
        let count = groups.count
        let columns = zip(arguments, kinds).map { Vector.concatenated($0, kind: $1) }
        let group = Vector(kind: .int64, count: count, form: .flat(groups.buffer()))
        var order = [SortOrder(column: 0, type: .bigint, isDescending: false, nullsFirst: false)]
        var keys = [group]
        for key in call.order {
            order.append(key)
            keys.append(columns[key.column])
        }
        var sorter = RowSorter(keys: keys, by: order, count: count)
        let sorted = try sorter.sortedRows { () throws(SQLError) in }
        let valid = WindowFunctions.validity(columns[0])
        var isWanted = try firsts(of: group, columns[0], in: sorted)
        for row in 0..<count where valid[row] == 0 { isWanted[row] = false }
        var results = try OrderedSetFunction(
            call.function, columns[0], type: call.argumentTypes[0], parameter: call.parameter, result: call.result)
        var position = 0
        for number in 0..<groupCount {
            var members: [Int] = []
            while position < count, groups.pointer[Int(sorted[position])] == Int64(number) {
                let row = Int(sorted[position])
                if isWanted[row] { members.append(row) }
                position += 1
            }
            try results.append(members)
        }
        return results.finish()
    }

    /// All rows; with DISTINCT the first of each value in its group.
    private func firsts(of group: Vector, _ value: Vector, in sorted: [UInt32]) throws(SQLError) -> [Bool] {
        guard call.isDistinct else { return [Bool](repeating: true, count: sorted.count) }
        let table = GroupTable([.bigint, call.argumentTypes[0]])
        let numbers = Scratch<UInt32>(capacity: sorted.count)
        try table.assign([group, value], count: sorted.count, groups: numbers.pointer)
        var isSeen = [Bool](repeating: false, count: table.count)
        var isFirst = [Bool](repeating: false, count: sorted.count)
        for row in sorted {
            let number = Int(numbers.pointer[Int(row)])
            if isSeen[number] { continue }
            isSeen[number] = true
            isFirst[Int(row)] = true
        }
        return isFirst
    }
}
