package import SQLTypes

/// GROUP BY of any number of groups: an `AggregateOperator` as long as its memory suffices. Then
///
/// - a `partial` aggregation hands on what it has, and begins anew: the `final` one after it puts the groups together;
/// - the others deal groups with their states to runs on disk, and begin anew; at the end each run is an aggregation of
///   its own, which deals its groups again if they are too many still;
/// - a `partial` aggregation that only removes duplicates, and finds hardly any, hands rows on as they are (`DuplicateRate`);
/// - calls that need all values of a group go another way: `SpilledCalls`.
///
/// - Source: Graefe, "Query Evaluation Techniques for Large Databases", ACM Computing Surveys 1993, 4.2 (hash
///   partitioning with recursion).
package final class SpillingAggregate: BatchOperator {
    private let phase: AggregateOperator.Phase
    private let groups: [Int]
    private let groupTypes: [SQLType]
    private let calls: [AggregateSpecification]
    private let workspace: SpillWorkspace
    private let level: Int
    private let expectedGroups: Int
    private var table: AggregateOperator
    /// A full table that is being handed on (`partial`).
    private var flushing: AggregateOperator?
    private var partitions: SpillPartitioner?
    private var byCall: SpilledCalls?
    /// After the input: runs that are to be aggregated, the next one last; and the one that is.
    private var runs: [SpillRun] = []
    private var current: (source: SpillRunSource, aggregate: SpillingAggregate)?
    private var hasFlushed = false
    /// Of a `partial` aggregation without calls.
    private var duplicates: DuplicateRate?
    /// Rows that are handed on as they came.
    private var passing: Batch?
    private var hasPassed = false

    package convenience init(
        phase: AggregateOperator.Phase, groups: [Int], groupTypes: [SQLType], calls: [AggregateSpecification],
        expectedGroups: Int = 0, _ workspace: SpillWorkspace
    ) throws(SQLError) {
        try self.init(
            phase: phase, groups: groups, groupTypes: groupTypes, calls: calls, expectedGroups: expectedGroups,
            workspace,
            level: 0)
    }

    /// - Parameters:
    ///   - expectedGroups: what the planner thinks; 0: it does not know.
    ///   - level: how often the input has been dealt before.
    init(
        phase: AggregateOperator.Phase, groups: [Int], groupTypes: [SQLType], calls: [AggregateSpecification],
        expectedGroups: Int = 0, _ workspace: SpillWorkspace, level: Int
    ) throws(SQLError) {
        self.phase = phase
        self.groups = groups
        self.groupTypes = groupTypes
        self.calls = calls
        self.workspace = workspace
        self.level = level
        self.expectedGroups = expectedGroups
        table = try AggregateOperator(
            phase: phase, groups: groups, groupTypes: groupTypes, calls: calls, expectedGroups: expectedGroups,
            checkpoint: workspace.checkpoint)
        if phase == .partial, calls.isEmpty, !groups.isEmpty { duplicates = DuplicateRate() }
    }

    package var account: MemoryAccount? { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }

    package var algorithm: String {
        let spilled = partitions != nil || byCall != nil ? "partitioned on disk" : hasFlushed ? "flushed" : ""
        let passed = hasPassed ? "rows as they came" : ""
        return [table.algorithm, spilled, passed].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    package var slotUse: SlotUse? { spilledBytes > 0 ? nil : table.slotUse }

    // MARK: Input

    package func consume(_ batch: Batch) throws(SQLError) {
        if let byCall { return try byCall.consume(batch) }
        if duplicates?.passes(batch.count) == true {
            passing = Batch(columns: groups.map { batch.columns[$0] }, count: batch.count)
            hasPassed = true
            return
        }
        if table.heldCount > workspace.rowsMinimum, level <= SpillPartitioner.levelMaximum,
            table.mayGrow(by: batch.count), !workspace.account.resize(to: 2 * table.memoryBytes)
        {
            // Before it doubles: afterwards it would hold what was refused.
            try makeRoom()
            if let byCall { return try byCall.consume(batch) }
        }
        try table.consume(batch)
        if duplicates?.isPointless(after: batch.count, groups: table.heldCount) == true, flushing == nil {
            try table.inputEnded()
            flushing = table
            return try reset()
        }
        let needed = table.memoryBytes
        guard !workspace.account.resize(to: needed) else { return }
        // One table is flushed at a time.
        let mayHold = table.heldCount <= workspace.rowsMinimum || flushing != nil
        if mayHold || (partitions == nil && level > SpillPartitioner.levelMaximum) {
            workspace.account.force(to: needed)
        } else {
            try makeRoom()
        }
    }

    private func makeRoom() throws(SQLError) {
        workspace.account.force(to: table.memoryBytes)
        if phase == .partial {
            try table.inputEnded()
            flushing = table
            hasFlushed = true
            return try reset()
        }
        if calls.contains(where: \.needsAllValues) {
            let byCall = try SpilledCalls(
                groups: groups, groupTypes: groupTypes, calls: calls, workspace, level: level)
            let held = try table.takeStates()
            try reset()
            try byCall.begin(with: held)
            self.byCall = byCall
            return
        }
        try dealStates()
    }

    /// Groups and states of all rows so far go to disk.
    private func dealStates() throws(SQLError) {
        let partitions: SpillPartitioner
        if let known = self.partitions {
            partitions = known
        } else {
            partitions = try SpillPartitioner(
                keys: Array(groups.indices), kinds: groupTypes.map { KeyKind($0) }, level: level, workspace)
            self.partitions = partitions
        }
        let states = try table.takeStates().states
        try reset()
        var start = 0
        while start < states.count {
            try workspace.checkpoint()
            let end = Swift.min(start + Batch.targetRows, states.count)
            try partitions.append(states.slice(start..<end))
            start = end
        }
        workspace.account.force(to: 0)
    }

    private func reset() throws(SQLError) {
        table = try AggregateOperator(
            phase: phase, groups: groups, groupTypes: groupTypes, calls: calls, checkpoint: workspace.checkpoint)
    }

    package func inputEnded() throws(SQLError) {
        if let byCall { return try byCall.inputEnded() }
        let isUnbounded = !groups.isEmpty || calls.contains(where: \.isOrderedSet)
        if partitions == nil, phase != .partial, table.heldCount > workspace.rowsMinimum, isUnbounded {
            // What comes out is there beside the table.
            let needed = table.memoryBytes + table.memoryBytes / 2
            if !workspace.account.resize(to: needed), level <= SpillPartitioner.levelMaximum { try makeRoom() }
            if let byCall { return try byCall.inputEnded() }
        }
        guard let partitions else { return try table.inputEnded() }
        try dealStates()
        runs = try partitions.finish().reversed()
    }

    // MARK: Output

    package func produce() throws(SQLError) -> Batch? {
        if let flushing {
            if let output = try flushing.produce() { return output }
            self.flushing = nil
            workspace.account.force(to: table.memoryBytes)
        }
        if let passing {
            self.passing = nil
            return passing
        }
        if let byCall { return try byCall.produce() }
        guard partitions != nil else {
            let output = try table.produce()
            return output
        }
        return try produceFromRuns()
    }

    private func produceFromRuns() throws(SQLError) -> Batch? {
        while true {
            if let (source, aggregate) = current {
                if let output = try aggregate.produce() { return output }
                guard !aggregate.hasEnded else {
                    current = nil
                    workspace.account.force(to: 0)
                    continue
                }
                try workspace.checkpoint()
                if let batch = try source.nextBatch() {
                    try aggregate.consume(batch)
                } else {
                    aggregate.hasEnded = true
                    try aggregate.inputEnded()
                }
                return .stillWorking
            }
            guard let run = runs.popLast() else { return nil }
            guard run.rowCount > 0 else { continue }
            let aggregate = try SpillingAggregate(
                phase: .final, groups: Array(groups.indices), groupTypes: groupTypes, calls: calls, workspace,
                level: level + 1)
            current = (SpillRunSource([run]), aggregate)
        }
    }

    private var hasEnded = false
}
