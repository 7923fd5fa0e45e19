package import SQLTypes

/// GROUP BY and aggregate functions; collects all its input.
///
///     phase      batch in            batch out
///     complete   rows                groups, results
///     partial    rows                groups, states
///     final      groups, states      groups, results
///
/// Without groups one row comes out of `complete` and `final` even of no input.
package final class AggregateOperator: BatchOperator {
    package enum Phase: Sendable { case complete, partial, final }

    private let phase: Phase
    private let groupColumns: [Int]
    private let calls: [AggregateSpecification]
    private let aggregates: [any Aggregate]
    private let collectors: [any ValueCollector]
    private let rowCounts = RowCounts()
    /// `rowCounts` are kept. SUM asks only whether a group has had a value, which is certain until a null comes.
    private var keepsCounts: Bool
    private let finder: GroupFinder
    private var table: GroupTable { finder.table }
    private var dense: DenseGroups { finder.dense }
    /// The only key is an integer, for which the table has its own short way.
    private let isWord: Bool
    private var denseBatches = 0
    private var hashedBatches = 0
    private var hasInput = false
    /// What comes out: groups and results by column; nil: made of the groups that are next, a batch at a time. Of millions
    /// of groups, of which HAVING may leave a few, the results would take more memory than the groups themselves.
    private var output: [Vector?] = []
    private var outputCount = 0
    private var position = 0

    package init(
        phase: Phase, groups: [Int], groupTypes: [SQLType], calls: [AggregateSpecification], expectedGroups: Int = 0,
        checkpoint: @escaping () throws(SQLError) -> Void = { () throws(SQLError) in }
    ) throws(SQLError) {
        assert(groups.count == groupTypes.count, "\(groups.count) groups of \(groupTypes.count) types")
        self.phase = phase
        groupColumns = groups
        self.calls = calls
        keepsCounts = groups.isEmpty || !calls.allSatisfy { $0.function == "sum" && !$0.isDistinct }
        isWord = groupTypes.count == 1 && KeyKind(groupTypes[0]) == .word
        finder = GroupFinder.take(groupTypes, expectedGroups: expectedGroups)
        var aggregates: [any Aggregate] = []
        var collectors: [any ValueCollector] = []
        // SUM(x) and AVG(x) add the same: by column, for calls that see rows and not states.
        var sums: [Int: IntegerSums] = [:]
        for call in calls {
            if call.isOrderedSet {
                guard phase == .complete else { throw SQLError.internalError("\(call.function) in parts") }
                let own = OrderedSetAggregate(call, checkpoint: checkpoint)
                aggregates.append(own)
                collectors.append(own)
            } else if call.isDistinct {
                guard phase == .complete else { throw SQLError.internalError("DISTINCT in a partial aggregation") }
                let own = try DistinctAggregate(call)
                aggregates.append(own)
                collectors.append(own)
            } else if phase != .final, call.function == "sum" || call.function == "avg",
                let column = call.arguments.first
            {
                let known = sums[column]
                let own = known ?? IntegerSums()
                sums[column] = own
                aggregates.append(try Aggregates.make(call, rowCounts, sums: own, isGuest: known != nil))
            } else {
                aggregates.append(try Aggregates.make(call, rowCounts))
            }
        }
        self.aggregates = aggregates
        self.collectors = collectors
        if groups.isEmpty { grow(to: 1) }
    }

    deinit { finder.giveBack() }

    package var memoryBytes: Int {
        table.byteCount + dense.byteCount + aggregates.reduce(0) { $0 + $1.byteCount }
    }

    package var algorithm: String {
        if groupColumns.isEmpty { return "ungrouped" }
        if hashedBatches == 0 { return denseBatches == 0 ? "" : "dense array" }
        return denseBatches == 0 || table.algorithm == "dense array"
            ? table.algorithm : "dense array, \(table.algorithm)"
    }

    /// At the end of the input.
    package private(set) var slotUse: SlotUse?

    package func consume(_ batch: Batch) throws(SQLError) {
        guard batch.count > 0 else { return }
        hasInput = true
        if !keepsCounts, batch.columns.contains(where: \.mayHaveNulls) { beginCounts() }
        let rows = GroupedRows(count: batch.count, groups: try groupNumbers(of: batch))
        if keepsCounts { rowCounts.add(rows) }
        var state = groupColumns.count
        for (call, aggregate) in zip(calls, aggregates) {
            if phase == .final {
                let end = state + call.stateTypes.count
                try aggregate.combine(Array(batch.columns[state..<end]), rows)
                state = end
            } else {
                try aggregate.update(call.arguments.map { batch.columns[$0] }, rows)
            }
        }
    }

    private func groupNumbers(of batch: Batch) throws(SQLError) -> UnsafePointer<UInt32>? {
        guard !groupColumns.isEmpty else { return nil }
        let columns = groupColumns.map { batch.columns[$0] }
        let numbers = finder.numbers.reserve(batch.count)
        if !isWord || !table.isDirect, try dense.assign(columns, count: batch.count, table: table, groups: numbers) {
            denseBatches += 1
        } else {
            try table.assign(columns, count: batch.count, groups: numbers)
            hashedBatches += 1
        }
        grow(to: table.count)
        return UnsafePointer(numbers)
    }

    /// All groups so far have had a value: how many, nobody asks.
    private func beginCounts() {
        keepsCounts = true
        rowCounts.grow(to: table.count, filling: 1)
    }

    private func grow(to groupCount: Int) {
        if keepsCounts { rowCounts.grow(to: groupCount, filling: 0) }
        for aggregate in aggregates { aggregate.grow(to: groupCount) }
    }

    /// So many rows more may double what it holds.
    func mayGrow(by rows: Int) -> Bool { table.mayGrow(by: rows) }

    /// Groups, or values of calls that need all, whichever are more: what memory goes to.
    var heldCount: Int {
        collectors.reduce(table.count) { Swift.max($0, $1.valueCount) }
    }

    /// Everything that an aggregation has collected, for another one to go on with.
    struct Held {
        /// Groups and states, whatever the phase is; of calls that need all values such as change nothing.
        var states: Batch
        /// By call that needs all values: groups and arguments. Of DISTINCT each combination once.
        var values: [Int: Batch] = [:]
    }

    /// Nothing may be done with the operator afterwards.
    func takeStates() throws(SQLError) -> Held {
        let count = groupColumns.isEmpty ? (hasInput ? 1 : 0) : table.count
        var columns = groupColumns.isEmpty ? [] : table.finish()
        var held = Held(states: Batch(columns: [], count: 0))
        let keys = columns
        for (number, aggregate) in aggregates.enumerated() {
            if let collector = aggregate as? any ValueCollector {
                held.values[number] = collector.takeValues(groupKeys: keys)
                columns += calls[number].combining.emptyStates(count: count)
            } else {
                columns += try aggregate.partial().map { $0.count == count ? $0 : $0.slice(0..<count) }
            }
        }
        held.states = Batch(columns: columns, count: count)
        return held
    }

    package func inputEnded() throws(SQLError) {
        let rowCount = groupColumns.isEmpty ? (hasInput || phase != .partial ? 1 : 0) : table.count
        guard rowCount > 0 else { return }
        slotUse = groupColumns.isEmpty ? nil : table.slotUse
        outputCount = rowCount
        let isPiecewise = rowCount > Batch.targetRows && phase != .partial
        if groupColumns.isEmpty {
            output = []
        } else if isPiecewise, table.keys(of: 0..<0) != nil {
            output = groupColumns.map { _ in nil }
        } else {
            output = table.finish()
        }
        for aggregate in aggregates {
            if phase == .partial {
                output += try aggregate.partial()
            } else if isPiecewise, try aggregate.result(of: 0..<0) != nil {
                output.append(nil)
            } else {
                output.append(try aggregate.result())
            }
        }
    }

    package func produce() throws(SQLError) -> Batch? {
        guard position < outputCount else {
            output = []
            return nil
        }
        let groups = position..<Swift.min(position + Batch.targetRows, outputCount)
        position = groups.upperBound
        let keys = groupColumns.isEmpty || output[0] != nil ? nil : table.keys(of: groups)
        var columns: [Vector] = []
        columns.reserveCapacity(output.count)
        for (index, known) in output.enumerated() {
            if let known {
                columns.append(known.slice(groups))
            } else if index < groupColumns.count, let keys {
                columns.append(keys[index])
            } else if let piece = try aggregates[index - groupColumns.count].result(of: groups) {
                columns.append(piece)
            } else {
                throw SQLError.internalError("an aggregate without results")
            }
        }
        return Batch(columns: columns, count: groups.count)
    }
}
