package import QueryPlan
package import SQLTypes
package import VectorEngine

/// One segment on one slice, from its first row to its last.
package final class SegmentTask {
    package enum Outcome: Hashable, Sendable {
        case finished
        /// The time is up, there is more to do.
        case yielded
        /// An exchange has no rows, or no credit; who changes that runs the task again.
        case blocked
    }

    /// In the order of the segment's steps; complete after `finished`.
    package private(set) var steps: [StepTrace]

    package init(segment: Segment, context: SliceContext) throws(SQLError) {
        steps = segment.steps.map { StepTrace(label: $0.label) }
    }

    /// Works until the segment has ended, nothing can be done, or the monotonic clock (`monotonicNs()`) passes `deadline`;
    /// looks at the clock and at cancellation between two batches, so it may overrun by one. After an error the task is
    /// over.
    package func run(untilNs deadline: UInt64) throws(SQLError) -> Outcome { .finished }
}
