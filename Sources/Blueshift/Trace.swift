import QueryPlan

/// What a query did: which slice did what, when, and how much moved. Every figure was measured on the run itself.
public struct Trace: Sendable {
    /// One step on one slice.
    public struct Step: Sendable {
        /// As SVL_QUERY_REPORT names it: `scan`, `hjoin`, `dist`, …
        public let label: String
        public let rowsIn: Int64
        public let rowsOut: Int64
        /// Bytes handed to slices of the same node, and sent to other nodes (the leader is one).
        public let bytesLocal: Int64
        public let bytesRemote: Int64
        /// Rows that left the slice's segment for others; a broadcast row counts once for each node.
        public let rowsSent: Int64
        /// Of a scan: blocks read, and blocks that zone maps spared.
        public let blocksRead: Int64
        public let blocksSkipped: Int64
        /// Of a scan: rows there were before any filter, and numbers of the row groups that were read.
        public let rowsStored: Int64
        public let rowGroupsRead: [Int64]
        public let memoryBytes: Int64
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
        public let segment: Int
        public let start: Int64
        public let end: Int64
        /// Of that time: computing; waiting for a core; waiting for rows, credit or memory.
        public let running: Int64
        public let waitingForCore: Int64
        public let blocked: Int64
        public let steps: [Step]
    }

    /// A message by which the leader told a node to run a segment.
    public struct Delivery: Hashable, Sendable {
        public let node: Int
        public let segment: Int
    }

    /// As system tables number it.
    public let query: Int64
    public let text: String
    public let planningNanoseconds: Int64
    public let elapsedNanoseconds: Int64
    public let resultRows: Int64
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

    /// Sums over all slices and steps.
    public var bytesLocal: Int64 { sum(\.bytesLocal) }
    public var bytesRemote: Int64 { sum(\.bytesRemote) }
    public var blocksRead: Int64 { sum(\.blocksRead) }
    public var blocksSkipped: Int64 { sum(\.blocksSkipped) }

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
        nanoseconds = step.runNs
        algorithm = step.algorithm
    }
}
