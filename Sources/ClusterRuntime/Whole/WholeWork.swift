import Execution
import QueryPlan
import SQLTypes
import VectorEngine

/// Segments that one thread runs one after the other, each on all its slices in turn: the work of a plan that runs whole,
/// on a node or on the leader. Each segment on each slice is compiled, run and traced as if it ran alone.
///
/// `@unchecked Sendable`: belongs to the thread that runs the task it is the work of, and after that to who gets its end.
final class WholeWork: SliceWork, @unchecked Sendable {
    private let segments: [Segment]
    private let contexts: [SliceContext]
    private let openedNs: UInt64
    /// Since when there has been something to do.
    private let readyNs: UInt64
    /// The segment and the slice that are next.
    private var segment = 0
    private var place = 0
    private var running: (task: SegmentTask, trace: SliceTrace)?
    /// When each segment ended on its last slice; who receives from it can begin then.
    private var endsNs: [UInt64] = []
    private(set) var traces: [SliceTrace] = []

    /// - Parameters:
    ///   - contexts: of the slices, in the order in which they run.
    ///   - openedNs: what the trace counts from.
    init(_ segments: [Segment], _ contexts: [SliceContext], openedNs: UInt64) {
        self.segments = segments
        self.contexts = contexts
        self.openedNs = openedNs
        readyNs = monotonicNs()
        traces.reserveCapacity(segments.count * contexts.count)
    }

    /// They are in `traces`.
    var steps: [StepTrace] { [] }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        var shareNs = monotonicNs()
        while segment < segments.count {
            if running == nil, !isWanted {
                advance(atNs: shareNs)
                continue
            }
            let outcome = try runNext(&shareNs, untilNs: deadline)
            guard outcome == .finished else { return outcome }
        }
        return .finished
    }

    private var isWanted: Bool {
        if case .oneSlice(let slice) = segments[segment].location { contexts[place].slice == slice } else { true }
    }

    private func advance(atNs nowNs: UInt64) {
        place += 1
        guard place == contexts.count else { return }
        place = 0
        segment += 1
        endsNs.append(nowNs)
    }

    /// The present segment on the present slice, to its end or to the end of the share that began at `shareNs`.
    private func runNext(_ shareNs: inout UInt64, untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        var (task, trace): (SegmentTask, SliceTrace)
        if let running { (task, trace) = running } else { (task, trace) = try begin(atNs: shareNs) }
        running = nil
        let outcome = try task.run(untilNs: deadline)
        let nowNs = monotonicNs()
        trace.runNs += Int64(clamping: nowNs - shareNs)
        trace.endNs = Int64(clamping: nowNs) - Int64(clamping: openedNs)
        shareNs = nowNs
        switch outcome {
        case .yielded: running = (task, trace)
        // The leader's channel may be full of what it has taken; the rows are few.
        case .blocked where contexts[place].results != nil:
            running = (task, trace)
            return .finished
        case .blocked: throw SQLError.internalError("segment \(trace.segment) waits for rows that are all here")
        case .finished:
            trace.steps = task.steps
            // Ready, and not at work: that was others' time.
            trace.readyWaitNs = max(0, trace.endNs - readySince(segments[segment]) - trace.runNs)
            traces.append(trace)
            advance(atNs: nowNs)
        }
        return outcome
    }

    private func begin(atNs nowNs: UInt64) throws(SQLError) -> (SegmentTask, SliceTrace) {
        let context = contexts[place]
        try context.cancellation.check()
        var trace = SliceTrace(node: context.node, slice: context.slice, segment: segments[segment].number)
        trace.startNs = Int64(clamping: nowNs) - Int64(clamping: openedNs)
        let task = try SegmentTask(segment: segments[segment], context: context)
        trace.compileNs = Int64(clamping: monotonicNs() - nowNs)
        return (task, trace)
    }

    /// Since when the segment had all that it needs, from the start of the query.
    private func readySince(_ receiver: Segment) -> Int64 {
        var ns = readyNs
        if let source = receiver.steps.first?.receivesFrom,
            let sender = segments.firstIndex(where: { $0.steps.last?.sendsInto == source.exchange }),
            sender < endsNs.count
        {
            ns = endsNs[sender]
        }
        return Int64(clamping: ns) - Int64(clamping: openedNs)
    }
}
