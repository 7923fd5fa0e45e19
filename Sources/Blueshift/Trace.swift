import QueryPlan

/// What a query did: which slice did what, when, and how much moved. Every figure was measured on the run itself.
public struct Trace: Sendable {
    /// One step on one slice.
    public struct Step: Sendable {
        /// As SVL_QUERY_REPORT names it: `scan`, `hjoin`, `dist`, …
        public let label: String
        /// Rows that came into the step.
        public let rowsIn: Int64
        /// Rows that it handed on.
        public let rowsOut: Int64
        /// Bytes handed to slices of the same node.
        public let bytesLocal: Int64
        /// Bytes sent to other nodes (the leader is one).
        public let bytesRemote: Int64
        /// Rows that left the slice's segment for others; a broadcast row counts once for each node.
        public let rowsSent: Int64
        /// Of a scan: blocks read.
        public let blocksRead: Int64
        /// Of a scan: blocks that zone maps spared.
        public let blocksSkipped: Int64
        /// Of a scan: rows there were before any filter.
        public let rowsStored: Int64
        /// Of a scan: numbers of the row groups that were read.
        public let rowGroupsRead: [Int64]
        /// The most that the step held at one time.
        /// The most that was held at a time.
        public let memoryBytes: Int64
        /// Written to disk, because memory was refused; what was written twice counts twice.
        public let bytesSpilled: Int64
        /// Time spent in the step.
        public let nanoseconds: Int64
        /// How it was done; empty where there is one way only.
        public let algorithm: String
    }

    /// One segment on one slice. Times are nanoseconds since the query began to run.
    public struct SegmentRun: Sendable {
        /// nil for the leader.
        public let node: Int?
        /// Through the whole cluster, from 0; nil for the leader's.
        public let slice: Int?
        /// Its number in the plan.
        public let segment: Int
        /// When the slice was told to run it.
        public let start: Int64
        /// When its last task ended.
        public let end: Int64
        /// Of the time between: computing.
        public let running: Int64
        /// Of the time between: ready to compute, but other slices had the cores.
        public let waitingForCore: Int64
        /// Of the time between: waiting for rows, credit or memory.
        public let blocked: Int64
        /// Its steps, from the source on.
        public let steps: [Step]
    }

    /// A message by which the leader told a node to run a segment.
    public struct Delivery: Hashable, Sendable {
        /// The compute node, from 0.
        public let node: Int
        /// The segment's number in the plan.
        public let segment: Int
    }

    /// As system tables number it.
    public let query: Int64
    /// The statement as it was given.
    public let text: String
    /// Time that the leader took to make the plan.
    public let planningNanoseconds: Int64
    /// Time that the plan took to run, all streams together.
    public let elapsedNanoseconds: Int64
    /// Rows that the client got.
    public let resultRows: Int64
    /// Messages by which the leader started segments, in order.
    public let deliveries: [Delivery]
    /// By segment, then by slice.
    public let runs: [SegmentRun]

    init(_ trace: QueryTrace) {
        query = trace.query
        text = trace.text
        planningNanoseconds = trace.planningNs
        elapsedNanoseconds = trace.elapsedNs
        resultRows = trace.resultRows
        deliveries = trace.deliveries.map { Delivery(node: $0.node, segment: $0.segment) }
        runs = trace.slices.map { SegmentRun($0) }
    }

    private func sum(_ figure: (Step) -> Int64) -> Int64 {
        runs.reduce(0) { $0 + $1.steps.reduce(0) { $0 + figure($1) } }
    }

    /// Bytes that moved between slices of one node, all steps together.
    public var bytesLocal: Int64 { sum(\.bytesLocal) }
    /// Bytes that moved between nodes, the leader among them, all steps together.
    public var bytesRemote: Int64 { sum(\.bytesRemote) }
    /// Blocks that scans read, all slices together.
    public var blocksRead: Int64 { sum(\.blocksRead) }
    /// Blocks that zone maps spared the scans, all slices together.
    public var blocksSkipped: Int64 { sum(\.blocksSkipped) }
    /// Bytes that steps wrote to disk because they had no memory for them.
    public var bytesSpilled: Int64 { sum(\.bytesSpilled) }

    /// Rows that steps of a kind (`dist`, `bcast`, `return`) sent, all slices together: 0 for `dist` and `bcast` is
    /// what a collocated join looks like.
    public func rowsSent(by label: String) -> Int64 { sum { $0.label == label ? $0.rowsSent : 0 } }
}

extension Trace.SegmentRun {
    init(_ trace: SliceTrace) {
        let isLeader = trace.slice == SliceTrace.leaderSlice
        node = isLeader ? nil : trace.node
        slice = isLeader ? nil : trace.slice
        segment = trace.segment
        start = trace.startNs
        end = trace.endNs
        running = trace.runNs
        waitingForCore = trace.readyWaitNs
        blocked = trace.blockedNs
        steps = trace.steps.map { Trace.Step($0) }
    }
}

extension Trace.Step {
    init(_ step: StepTrace) {
        label = step.label
        rowsIn = step.rowsIn
        rowsOut = step.rowsOut
        bytesLocal = step.bytesLocal
        bytesRemote = step.bytesRemote
        rowsSent = step.rowsSent
        blocksRead = step.blocksRead
        blocksSkipped = step.blocksSkipped
        rowsStored = step.rowsStored
        rowGroupsRead = step.rowGroupsRead
        memoryBytes = step.memoryBytes
        bytesSpilled = step.spilledBytes
        nanoseconds = step.runNs
        algorithm = step.algorithm
    }
}
