import SQLTypes

/// An aggregation with DISTINCT calls that found no memory for their values, as aggregations that can spill:
///
///     rows ─┬─▶ partial: the other calls ───────────────────────────────┐
///           ├─▶ group by (groups, arguments of call 1) ─▶ partial: call 1 ─┼─▶ final: all calls
///           └─▶ group by (groups, arguments of call 2) ─▶ partial: call 2 ─┘
///
/// What reaches `final` has states of some calls only; the others get such as change nothing.
final class SpilledDistinct {
    /// One DISTINCT call: first each value once for each group, then the call over those.
    private struct Branch {
        let call: Int
        /// Input columns: groups, then arguments.
        let columns: [Int]
        let values: SpillingAggregate
        let results: SpillingAggregate
    }

    private let groupCount: Int
    private let calls: [AggregateSpecification]
    /// Positions in `calls`.
    private let plain: [Int]
    private let plainResults: SpillingAggregate
    private let branches: [Branch]
    private let final: SpillingAggregate
    private let workspace: SpillWorkspace
    private var branch = 0
    private var hasEnded = false
    private var finalHasEnded = false

    init(
        groups: [Int], groupTypes: [SQLType], calls: [AggregateSpecification], _ workspace: SpillWorkspace, level: Int
    ) throws(SQLError) {
        groupCount = groups.count
        self.calls = calls
        self.workspace = workspace
        plain = calls.indices.filter { !calls[$0].isDistinct }
        // Each part counts what it holds for itself, out of the one share.
        func part(
            _ phase: AggregateOperator.Phase, _ groups: [Int], _ types: [SQLType], _ calls: [AggregateSpecification]
        ) throws(SQLError) -> SpillingAggregate {
            try SpillingAggregate(
                phase: phase, groups: groups, groupTypes: types, calls: calls, workspace.part(), level: level)
        }
        plainResults = try part(.partial, groups, groupTypes, plain.map { calls[$0] })
        var branches: [Branch] = []
        for (number, call) in calls.enumerated() where call.isDistinct {
            let inner = Array(groups.indices)
            var over = call
            over.isDistinct = false
            over.arguments = call.arguments.indices.map { groups.count + $0 }
            branches.append(
                Branch(
                    call: number, columns: groups + call.arguments,
                    values: try part(
                        .complete, Array(0..<groups.count + call.arguments.count), groupTypes + call.argumentTypes, []),
                    results: try part(.partial, inner, groupTypes, [over])))
        }
        self.branches = branches
        let all = calls.map { call in
            var plain = call
            plain.isDistinct = false
            return plain
        }
        final = try part(.final, Array(groups.indices), groupTypes, all)
    }

    /// What the aggregation held so far.
    func begin(with held: AggregateOperator.Held) throws(SQLError) {
        // Its states have a place for each call already, those of DISTINCT ones change nothing.
        try feed(held.states)
        for branch in branches {
            guard let values = held.distinctValues[branch.call] else { continue }
            var start = 0
            while start < values.count {
                try workspace.checkpoint()
                let end = Swift.min(start + Batch.targetRows, values.count)
                try branch.values.consume(values.slice(start..<end))
                start = end
            }
        }
    }

    func consume(_ batch: Batch) throws(SQLError) {
        try plainResults.consume(batch)
        try drain(plainResults, plain)
        for branch in branches {
            try branch.values.consume(Batch(columns: branch.columns.map { batch.columns[$0] }, count: batch.count))
        }
    }

    func inputEnded() throws(SQLError) {
        hasEnded = true
        try plainResults.inputEnded()
        try drain(plainResults, plain)
        for branch in branches { try branch.values.inputEnded() }
    }

    func produce() throws(SQLError) -> Batch? {
        guard hasEnded else { return nil }
        try workspace.checkpoint()
        while branch < branches.count {
            let current = branches[branch]
            if let values = try current.values.produce() {
                if values.count > 0 { try current.results.consume(values) }
                try drain(current.results, [current.call])
                return .stillWorking
            }
            try current.results.inputEnded()
            try drain(current.results, [current.call])
            branch += 1
        }
        if !finalHasEnded {
            finalHasEnded = true
            try final.inputEnded()
        }
        return try final.produce()
    }

    /// Takes what a partial aggregation of the calls `numbers` hands out to `final`.
    private func drain(_ partial: SpillingAggregate, _ numbers: [Int]) throws(SQLError) {
        while let output = try partial.produce() {
            if output.count > 0 { try final.consume(complete(output, numbers)) }
        }
    }

    /// Groups and states of the calls `numbers`, with states for the others that change nothing.
    private func complete(_ partial: Batch, _ numbers: [Int]) -> Batch {
        var columns = Array(partial.columns[0..<groupCount])
        var next = groupCount
        for (number, call) in calls.enumerated() {
            if numbers.contains(number) {
                columns += partial.columns[next..<next + call.stateTypes.count]
                next += call.stateTypes.count
            } else {
                columns += call.emptyStates(count: partial.count)
            }
        }
        return Batch(columns: columns, count: partial.count)
    }

    private func feed(_ states: Batch) throws(SQLError) {
        var start = 0
        while start < states.count {
            try workspace.checkpoint()
            let end = Swift.min(start + Batch.targetRows, states.count)
            try final.consume(states.slice(start..<end))
            start = end
        }
    }
}

extension AggregateSpecification {
    /// States of groups that have seen no value.
    func emptyStates(count: Int) -> [Vector] {
        stateTypes.enumerated().map { position, type in
            let isCount: Bool =
                switch function {
                case "count": true
                case "avg": position == 1
                case "stddev_samp", "stddev_pop", "var_samp", "var_pop": position == 0
                default: false
                }
            return isCount
                ? .constant(.integer(0), kind: type.storage, count: count) : .nulls(kind: type.storage, count: count)
        }
    }
}
