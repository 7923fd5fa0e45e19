import QueryPlan
import SQLTypes

/// Numbers for the rounds of a plan's loops: each round saves its rows under a number of its own, so that a later stream
/// can read those of all rounds, and its exchanges are new ones.
struct LoopRounds {
    private var nextExchange: Int
    private var nextTable: Int
    /// Where streams behind a loop find its rows.
    private var savedRows: [HashTableID: [HashTableID]] = [:]

    init(_ plan: QueryPlan) {
        let steps = plan.segments.flatMap(\.steps)
        nextExchange = (steps.compactMap(\.sendsInto).map(\.rawValue).max() ?? -1) + 1
        nextTable = (steps.compactMap(\.filledTable).map(\.rawValue).max() ?? -1) + 1
    }

    mutating func exchange() -> ExchangeID {
        defer { nextExchange += 1 }
        return ExchangeID(nextExchange)
    }

    mutating func table() -> HashTableID {
        defer { nextTable += 1 }
        return HashTableID(nextTable)
    }

    mutating func finished(_ loop: Loop, saved: [HashTableID]) { savedRows[loop.next] = saved }

    func renumbered(_ stream: Stream) -> Stream {
        guard !savedRows.isEmpty else { return stream }
        var numbers = Renumbering()
        numbers.savedRows = savedRows
        return Stream(segments: stream.segments.map(numbers.apply))
    }

    /// A round's streams. - Parameter work: what they read.
    mutating func round(of loop: Loop, work: HashTableID, _ numbers: inout Renumbering) -> [Stream] {
        numbers = Renumbering()
        numbers.savedRows = savedRows
        numbers.savedRows[loop.work] = [work]
        for step in loop.streams.flatMap(\.segments).flatMap(\.steps) {
            if let exchange = step.sendsInto { numbers.exchanges[exchange] = self.exchange() }
            if let table = step.filledTable { numbers.tables[table] = self.table() }
        }
        let own = numbers
        return loop.streams.map { Stream(segments: $0.segments.map(own.apply)) }
    }
}

extension QueryDriver {
    /// More than any sensible recursion has; a row and some exchanges of each are kept.
    static let roundsMaximum = 100_000

    /// Runs the loop's streams again and again, until a round saves nothing.
    func run(
        _ loop: Loop, _ rounds: inout LoopRounds, on participants: [ComputeNode], _ outcome: inout Outcome
    ) async throws(SQLError) {
        var saved = [loop.work]
        var traces: [Int: [Int: SliceTrace]] = [:]
        var numbers = Renumbering()
        defer { outcome.slices += traces.values.flatMap(\.values) }
        while true {
            guard saved.count <= Self.roundsMaximum else {
                throw SQLError(.outOfMemory, "Recursive CTE out of working buffers.")
            }
            let old = Array(numbers.exchanges.values)
            let streams = rounds.round(of: loop, work: saved[saved.count - 1], &numbers)
            try await announce(numbers, replacing: old, to: participants)
            var rows: Int64 = 0
            for stream in streams {
                var own = Outcome()
                try await run(stream, &own)
                outcome.deliveries += own.deliveries
                for trace in own.slices {
                    if traces[trace.segment]?[trace.slice]?.add(trace) == nil {
                        traces[trace.segment, default: [:]][trace.slice] = trace
                    }
                }
                rows += savedRows(stream, loop, numbers, own.slices)
            }
            guard rows > 0 else { break }
            saved.append(numbers.tables[loop.next] ?? loop.next)
        }
        rounds.finished(loop, saved: saved)
    }

    private func announce(
        _ numbers: Renumbering, replacing old: [ExchangeID], to participants: [ComputeNode]
    ) async throws(SQLError) {
        guard !numbers.exchanges.isEmpty else { return }
        var round = RoundExchanges(query: opening.query, routes: [:], replacing: old)
        for (exchange, own) in numbers.exchanges { round.routes[own] = opening.routes[exchange] }
        leader.add(round)
        for node in participants { await node.add(round) }
    }

    /// New rows of a round, as the slices that saved them counted.
    private func savedRows(
        _ stream: Stream, _ loop: Loop, _ numbers: Renumbering, _ traces: [SliceTrace]
    ) -> Int64 {
        let next = numbers.tables[loop.next] ?? loop.next
        let segments = stream.segments.filter { $0.steps.last?.filledTable == next }.map(\.number)
        return traces.filter { segments.contains($0.segment) }.reduce(0) { $0 + ($1.steps.last?.rowsIn ?? 0) }
    }
}
