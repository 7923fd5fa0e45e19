import SQLTypes

/// An aggregation with calls that need every value of a group (DISTINCT, LISTAGG, MEDIAN, percentiles) and found no
/// memory for them, as parts that can spill:
///
///     rows ─┬─▶ partial: the other calls ────────────────────────────────────┐
///           ├─▶ group by (groups, arguments of DISTINCT call 1) ─▶ partial: call 1 ─┼─▶ final: all calls
///           └─▶ sort by groups and the order of call 2 ─▶ its results ──────────────┘
///
/// What reaches `final` has states of some calls only; the others get such as change nothing. The state of a call of
/// values in order is its result.
final class SpilledCalls {
    /// One call that needs all values.
    private struct Branch {
        let call: Int
        /// Input columns: groups, then arguments.
        let columns: [Int]
        let part: Part
    }

    private enum Part {
        /// First each value once for each group, then the call over those.
        case distinct(values: SpillingAggregate, results: SpillingAggregate)
        case ordered(SpilledOrderedSet)

        func consume(_ batch: Batch) throws(SQLError) {
            switch self {
            case .distinct(let values, _): try values.consume(batch)
            case .ordered(let set): try set.consume(batch)
            }
        }
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
        plain = calls.indices.filter { !calls[$0].needsAllValues }
        // Each part counts what it holds for itself, out of the one share.
        func part(
            _ phase: AggregateOperator.Phase, _ groups: [Int], _ types: [SQLType], _ calls: [AggregateSpecification]
        ) throws(SQLError) -> SpillingAggregate {
            try SpillingAggregate(
                phase: phase, groups: groups, groupTypes: types, calls: calls, workspace.part(), level: level)
        }
        plainResults = try part(.partial, groups, groupTypes, plain.map { calls[$0] })
        var branches: [Branch] = []
        for (number, call) in calls.enumerated() where call.needsAllValues {
            guard !call.isOrderedSet else {
                let set = SpilledOrderedSet(call, groupTypes: groupTypes, workspace)
                branches.append(Branch(call: number, columns: groups + call.arguments, part: .ordered(set)))
                continue
            }
            let inner = Array(groups.indices)
            var over = call
            over.isDistinct = false
            over.arguments = call.arguments.indices.map { groups.count + $0 }
            let values = try part(
                .complete, Array(0..<groups.count + call.arguments.count), groupTypes + call.argumentTypes, [])
            let results = try part(.partial, inner, groupTypes, [over])
            branches.append(
                Branch(
                    call: number, columns: groups + call.arguments, part: .distinct(values: values, results: results)))
        }
        self.branches = branches
        final = try part(.final, Array(groups.indices), groupTypes, calls.map(\.combining))
    }

    /// What the aggregation held so far.
    func begin(with held: AggregateOperator.Held) throws(SQLError) {
        // Its states have a place for each call already, those of calls that need all values change nothing.
        try feed(held.states)
        for branch in branches {
            guard let values = held.values[branch.call] else { continue }
            var start = 0
            while start < values.count {
                try workspace.checkpoint()
                let end = Swift.min(start + Batch.targetRows, values.count)
                try branch.part.consume(values.slice(start..<end))
                start = end
            }
        }
    }

    func consume(_ batch: Batch) throws(SQLError) {
        try plainResults.consume(batch)
        try drain(plainResults, plain)
        for branch in branches {
            try branch.part.consume(Batch(columns: branch.columns.map { batch.columns[$0] }, count: batch.count))
        }
    }

    func inputEnded() throws(SQLError) {
        hasEnded = true
        try plainResults.inputEnded()
        try drain(plainResults, plain)
        for branch in branches { if case .distinct(let values, _) = branch.part { try values.inputEnded() } }
    }

    func produce() throws(SQLError) -> Batch? {
        guard hasEnded else { return nil }
        try workspace.checkpoint()
        while branch < branches.count {
            if try advance(branches[branch]) { return .stillWorking }
            branch += 1
        }
        if !finalHasEnded {
            finalHasEnded = true
            try final.inputEnded()
        }
        return try final.produce()
    }

    /// False: the branch has given all it has.
    private func advance(_ branch: Branch) throws(SQLError) -> Bool {
        switch branch.part {
        case .ordered(let set):
            guard let output = try set.produce() else { return false }
            if output.count > 0 { try final.consume(complete(output, [branch.call])) }
            return true
        case .distinct(let values, let results):
            if let batch = try values.produce() {
                if batch.count > 0 { try results.consume(batch) }
                try drain(results, [branch.call])
                return true
            }
            try results.inputEnded()
            try drain(results, [branch.call])
            return false
        }
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
            let states = call.combining.stateTypes.count
            if numbers.contains(number) {
                columns += partial.columns[next..<next + states]
                next += states
            } else {
                columns += call.combining.emptyStates(count: partial.count)
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
    var isOrderedSet: Bool { OrderedSetFunction.names.contains(function) }

    /// What it holds grows with the rows of a group.
    var needsAllValues: Bool { isDistinct || isOrderedSet }

    /// The call that puts partial results together where those are of whole groups already.
    var combining: AggregateSpecification {
        var call = self
        call.isDistinct = false
        guard isOrderedSet else { return call }
        call.function = "any_value"
        call.argumentTypes = [result]
        call.stateTypes = [result]
        return call
    }

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
