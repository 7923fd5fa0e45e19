package import Execution
package import QueryPlan
package import SQLTypes

/// What a slice can be given to do: a segment of a plan, or the parsing of COPY's files. One thread at a time.
package protocol SliceWork: AnyObject {
    /// Works until it has ended, nothing can be done, or `monotonicNs()` passes `deadline`.
    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome
    /// Complete once `run` has returned `finished`.
    var steps: [StepTrace] { get }
}

extension SegmentTask: SliceWork {}
