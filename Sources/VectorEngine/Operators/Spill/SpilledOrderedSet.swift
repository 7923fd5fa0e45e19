import SQLTypes

/// A call of LISTAGG, MEDIAN or a percentile that found no memory for its values: rows are sorted by group and by the
/// order asked for, which can spill, and one group after the other is worked out.
///
///     DISTINCT     sorted by group, value, order; the first of each value goes on
///     small group  with others of a batch, in memory
///     large group  `OrderedSetRun`
final class SpilledOrderedSet {
    /// Rows of a group that are kept in memory.
    private static let openMaximum = 16 * Batch.targetRows

    private let call: AggregateSpecification
    private let groupCount: Int
    private let kinds: [StorageKind]
    private let workspace: SpillWorkspace
    /// Of DISTINCT; nil for others, and when it has handed on all values.
    private var values: SpillingSort?
    private var valueChanges: RowChanges
    private let sort: SpillingSort
    private var groupChanges: RowChanges
    private var hasEnded = false
    private var isOver = false
    /// Rows of the last group so far, or, if they are many, its keys and the run they are in.
    private var open: [Batch] = []
    private var openRows = 0
    private var large: (keys: [Vector], run: OrderedSetRun)?

    init(
        _ call: AggregateSpecification, groupTypes: [SQLType], _ workspace: SpillWorkspace
    ) {
        self.call = call
        groupCount = groupTypes.count
        self.workspace = workspace
        let types = groupTypes + call.argumentTypes
        kinds = types.map(\.storage)
        let groups = groupTypes.enumerated().map {
            SortOrder(column: $0, type: $1, isDescending: false, nullsFirst: false)
        }
        let order = call.order.map { key in
            var own = key
            own.column += groupTypes.count
            return own
        }
        let value = SortOrder(
            column: groupTypes.count, type: call.argumentTypes[0], isDescending: false, nullsFirst: false)
        sort = SpillingSort(groups + order, types: types, limit: nil, workspace.part())
        values =
            call.isDistinct
            ? SpillingSort(groups + [value] + order, types: types, limit: nil, workspace.part()) : nil
        valueChanges = RowChanges(groups + [value])
        groupChanges = RowChanges(groups)
    }

    /// - Parameter batch: groups, arguments.
    func consume(_ batch: Batch) throws(SQLError) {
        let valid = WindowFunctions.validity(batch.columns[groupCount])
        let rows = valid.indices.filter { valid[$0] != 0 }.map { UInt32(truncatingIfNeeded: $0) }
        guard !rows.isEmpty else { return }
        let present = rows.count == batch.count ? batch : batch.gathered(rows.span)
        if let values { try values.consume(present) } else { try sort.consume(present) }
    }

    /// Groups with their results; an empty batch while there is work left; nil after the last. To be called when all
    /// rows have come.
    func produce() throws(SQLError) -> Batch? {
        if isOver { return nil }
        try workspace.checkpoint()
        if !hasEnded {
            hasEnded = true
            if let values { try values.inputEnded() } else { try sort.inputEnded() }
            return .stillWorking
        }
        if let values {
            guard let batch = try values.produce() else {
                self.values = nil
                try sort.inputEnded()
                return .stillWorking
            }
            let isFirst = valueChanges.next(batch)
            let rows = isFirst.indices.filter { isFirst[$0] }.map { UInt32(truncatingIfNeeded: $0) }
            if !rows.isEmpty { try sort.consume(batch.gathered(rows.span)) }
            return .stillWorking
        }
        if let batch = try sort.produce() { return batch.count > 0 ? try take(batch) : .stillWorking }
        isOver = true
        return try end()
    }

    /// Works out the groups that end in a batch of sorted rows.
    private func take(_ batch: Batch) throws(SQLError) -> Batch {
        let isFirst = groupChanges.next(batch)
        let starts = isFirst.indices.filter { isFirst[$0] }
        guard let last = starts.last else {
            try keepOpen(batch)
            return .stillWorking
        }
        var outputs: [Batch] = []
        var ready: [Batch] = []
        var readyStarts: [Int] = []
        var readyRows = 0
        if starts[0] > 0 { try keepOpen(batch.slice(0..<starts[0])) }
        if let large {
            outputs.append(Batch(columns: large.keys + [try large.run.finish()], count: 1))
            self.large = nil
        } else if openRows > 0 {
            ready = open
            readyStarts = [0]
            readyRows = openRows
        }
        open = []
        openRows = 0
        if last > starts[0] {
            readyStarts += starts.dropLast().map { $0 - starts[0] + readyRows }
            ready.append(batch.slice(starts[0]..<last))
            readyRows += last - starts[0]
        }
        if readyRows > 0 { outputs.append(try results(ready, readyStarts, readyRows)) }
        try keepOpen(batch.slice(last..<batch.count))
        guard !outputs.isEmpty else { return .stillWorking }
        return Batch.concatenated(outputs, kinds: kinds[0..<groupCount] + [call.result.storage])
    }

    private func keepOpen(_ rows: Batch) throws(SQLError) {
        if let large { return try large.run.append(rows.columns[groupCount]) }
        open.append(rows)
        openRows += rows.count
        guard openRows > SpilledOrderedSet.openMaximum else { return }
        let run = try OrderedSetRun(
            call.function, type: call.argumentTypes[0], parameter: call.parameter, result: call.result, workspace)
        let first: [UInt32] = [0]
        let keys = open[0].columns[0..<groupCount].map { $0.gathered(first.span) }
        for batch in open { try run.append(batch.columns[groupCount]) }
        large = (keys, run)
        open = []
        openRows = 0
    }

    private func results(_ rows: [Batch], _ starts: [Int], _ count: Int) throws(SQLError) -> Batch {
        let all = Batch.concatenated(rows, kinds: kinds)
        let values = all.columns[groupCount]
        var results = try OrderedSetFunction(
            call.function, values, type: call.argumentTypes[0], parameter: call.parameter, result: call.result)
        for (place, start) in starts.enumerated() {
            try results.append(start..<(place + 1 < starts.count ? starts[place + 1] : count))
        }
        let firsts = starts.map { UInt32(truncatingIfNeeded: $0) }
        let keys = all.columns[0..<groupCount].map { $0.gathered(firsts.span) }
        return Batch(columns: keys + [results.finish()], count: starts.count)
    }

    private func end() throws(SQLError) -> Batch? {
        if let large { return Batch(columns: large.keys + [try large.run.finish()], count: 1) }
        return openRows > 0 ? try results(open, [0], openRows) : nil
    }
}
