import Dispatch
import QueryPlan
package import Storage

/// A partition of a node: the rows that the distribution put there, and one serial queue that alone computes on them.
package final class Slice: Sendable {
    /// What the serial queues of a cluster's slices run on. Decision 0003 tells which is used, and why.
    package enum Queues: String, Sendable, CaseIterable {
        /// Each queue by itself, on Dispatch's overcommitting pool.
        case separate
        /// All on the process-wide concurrent queue, which starts no more threads than cores.
        case sharedTarget
    }

    /// Through the whole cluster, from 0; the leader's has `SliceTrace.leaderSlice`.
    package let number: Int
    /// From 0; `leaderNode` for the leader's slice.
    package let node: Int
    /// The slice's partitions; nil for the leader's slice, which stores nothing.
    package let store: SliceStore?
    let queue: DispatchQueue

    package static let leaderNode = -1

    package init(number: Int, node: Int, store: SliceStore?, queues: Queues) {
        self.number = number
        self.node = node
        self.store = store
        let label = "blueshift.slice.\(number)"
        queue =
            switch queues {
            case .separate: DispatchQueue(label: label)
            case .sharedTarget: DispatchQueue(label: label, target: SliceThreads.queue)
            }
    }
}
