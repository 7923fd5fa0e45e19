package import QueryPlan
package import SQLTypes
import VectorEngine

/// One segment on one slice, from its first row to its last.
///
/// One loop: ask the part furthest down that has something to hand out, give it to the next one, and only when nobody
/// has anything pull the source. So a join that makes more rows than it takes simply goes on producing, and nobody
/// recurses.
///
///     source ─▶ operator 0 ─▶ operator 1 ─▶ … ─▶ sink
///       -1          0             1                       numbers of the parts that can be asked
package final class SegmentTask {
    package enum Outcome: Hashable, Sendable {
        case finished
        /// The time is up, there is more to do.
        case yielded
        /// An exchange has no rows, or no credit; who changes that runs the task again.
        case blocked
    }

    /// Bytes that each operator may hold that cannot spill, whatever others hold: a row of sums, a mark for each build row.
    private static let alwaysGranted = 1 << 20

    /// In the order of the segment's steps; complete after `finished`.
    package private(set) var steps: [StepTrace]

    private let context: SliceContext
    private let measures = !TraceSwitch.isOff
    private let source: any BatchSource
    private let operators: [any BatchOperator]
    private let sink: any BatchSink
    /// The part to be asked next; -1 is the source.
    private var current = -1
    /// Parts before this one are exhausted: `open` itself, if not the source, has been told that its input ended.
    private var open = -1
    private var hasFinished = false
    private var lastNs: UInt64 = 0
    /// Bytes granted, by operator, the sink last.
    private var granted: [Int]

    package init(segment: Segment, context: SliceContext) throws(SQLError) {
        self.context = context
        steps = segment.steps.map { StepTrace($0) }
        var compiler = SegmentCompiler(segment: segment, context: context)
        let parts = try compiler.compile()
        guard let sink = parts.sink else { throw SQLError.internalError("segment \(segment.number) ends nowhere") }
        source = parts.source
        operators = parts.operators
        self.sink = sink
        granted = [Int](repeating: 0, count: parts.operators.count + 1)
    }

    deinit {
        // What a sink holds may live on (a hash table); its grant ends with the query.
        for bytes in granted.dropLast() where bytes > 0 { context.memory.release(bytes: bytes) }
    }

    /// Works until the segment has ended, nothing can be done, or the monotonic clock (`monotonicNs()`) passes
    /// `deadline`; looks at the clock and at cancellation between two batches, so it may overrun by one. After an error
    /// the task is over.
    package func run(untilNs deadline: UInt64) throws(SQLError) -> Outcome {
        precondition(!hasFinished, "a finished task is run again")
        lastNs = monotonicNs()
        let refusals = MemoryRefusals.count
        while true {
            try context.cancellation.check()
            let result = try step()
            guard MemoryRefusals.count == refusals else {
                throw SQLError(.outOfMemory, "out of memory", detail: "The system has refused memory.")
            }
            if let result {
                if result == .finished { finish() }
                return result
            }
            if lastNs >= deadline { return .yielded }
        }
    }

    /// One batch one part further, or one part ended; nil: go on.
    private func step() throws(SQLError) -> Outcome? {
        if try closeSatisfied() { return nil }
        let batch: Batch
        if current < 0 {
            let result = try source.next()
            charge(-1)
            switch result {
            case .batch(let made): batch = made
            case .blocked: return .blocked
            case .ended: return try end()
            }
        } else {
            let made = try operators[current].produce()
            charge(current)
            guard let made else {
                if current == open { return try end() }
                current -= 1
                return nil
            }
            batch = made
        }
        return batch.count > 0 ? try deliver(batch) : nil
    }

    private func deliver(_ batch: Batch) throws(SQLError) -> Outcome? {
        let rows = Int64(batch.count)
        steps[current + 1].rowsOut += rows
        if measures, steps[current + 1].kind.measuresRows {
            steps[current + 1].bytesOut += Int64(batch.wireByteCount)
        }
        let target = current + 1
        if target + 1 < steps.count { steps[target + 1].rowsIn += rows }
        guard target < operators.count else { return try deliverToSink(batch) }
        try operators[target].consume(batch)
        charge(target)
        try reserveForOperator(target)
        current = target
        return nil
    }

    private func deliverToSink(_ batch: Batch) throws(SQLError) -> Outcome? {
        let result = try sink.consume(batch)
        charge(operators.count)
        if sink.account == nil { try reserve(sink.memoryBytes, for: operators.count) }
        switch result {
        case .wantsMore: return nil
        case .blocked: return .blocked
        case .done:
            source.close()
            try sink.inputEnded()
            return .finished
        }
    }

    /// The part at `open` is exhausted: the next one is told.
    private func end() throws(SQLError) -> Outcome? {
        open += 1
        if open < operators.count {
            try operators[open].inputEnded()
            charge(open)
            try reserveForOperator(open)
            current = open
            return nil
        }
        try sink.inputEnded()
        charge(operators.count)
        return .finished
    }

    /// An operator that would throw further input away ends it: what lies before it is not asked again.
    private func closeSatisfied() throws(SQLError) -> Bool {
        guard let index = operators.indices.last(where: { $0 > open && operators[$0].isSatisfied }) else {
            return false
        }
        // What it has taken it still hands out.
        if open < 0 { source.close() }
        try operators[index].inputEnded()
        open = index
        current = max(current, index)
        return true
    }

    /// Those that can spill have reserved what they hold themselves.
    private func reserveForOperator(_ index: Int) throws(SQLError) {
        guard operators[index].account == nil else { return }
        try reserve(operators[index].memoryBytes, for: index)
    }

    private func reserve(_ bytes: Int, for part: Int) throws(SQLError) {
        let more = bytes - granted[part]
        if more > 0 {
            if !context.memory.reserve(bytes: more) {
                guard bytes <= SegmentTask.alwaysGranted else { throw SQLError.outOfMemory(bytes: more) }
                context.memory.overdraw(bytes: more)
            }
        } else if more < 0 {
            context.memory.release(bytes: -more)
        }
        granted[part] = bytes
        let step = part + 1
        if step < steps.count { steps[step].memoryBytes = max(steps[step].memoryBytes, Int64(bytes)) }
    }

    // MARK: Trace

    /// The time since the last reading went into this part (-1: the source; past the operators: the sink).
    private func charge(_ part: Int) {
        // The deadline wants to know the time, too, but not as often.
        guard measures || part < 0 || part == operators.count else { return }
        let now = monotonicNs()
        guard measures else { return lastNs = now }
        let step = part + 1
        if step < steps.count { steps[step].runNs += Int64(now - lastNs) }
        lastNs = now
    }

    private func finish() {
        hasFinished = true
        (source as? any TracedStep)?.addFigures(to: &steps[0])
        for (index, part) in operators.enumerated() {
            steps[index + 1].algorithm = part.algorithm
            steps[index + 1].spilledBytes = part.spilledBytes
            if let account = part.account { steps[index + 1].memoryBytes = Int64(account.peakBytes) }
            steps[index + 1].note(part.slotUse)
        }
        let last = operators.count + 1
        guard last < steps.count else { return }
        steps[last].algorithm = sink.algorithm
        steps[last].memoryBytes = max(steps[last].memoryBytes, Int64(sink.account?.peakBytes ?? sink.memoryBytes))
        steps[last].spilledBytes = sink.spilledBytes
        steps[last].note(sink.slotUse)
        (sink as? any TracedStep)?.addFigures(to: &steps[last])
    }
}

extension StepTrace {
    fileprivate mutating func note(_ use: SlotUse?) {
        guard let use else { return }
        slots = Int64(use.slots)
        occupied = Int64(use.occupied)
    }
}

extension StepKind {
    /// Its rows' bytes are counted: of the others they are not shown anywhere.
    fileprivate var measuresRows: Bool {
        switch self {
        case .scan, .aggr, .unique, .sort: true
        default: false
        }
    }
}

extension SQLError {
    static func outOfMemory(bytes: Int) -> SQLError {
        SQLError(.outOfMemory, "out of memory", detail: "\(bytes) more bytes are needed than the query may hold.")
    }
}
