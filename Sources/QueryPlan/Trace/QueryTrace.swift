package import Catalog

/// What one query did, measured on the run itself: the only source of every figure shown. Times are nanoseconds of the
/// monotonic clock; an interval is counted from the query's start.
package struct QueryTrace: Sendable {
    package var query: Int64
    package var text: String
    package var shape: ClusterShape
    /// Run permits: how many slices could run at one time.
    package var permits: Int
    package var planningNs: Int64
    package var elapsedNs: Int64
    package var resultRows: Int64
    /// Which node got which segment, one entry for each message that the leader sent to a node's actor.
    package var deliveries: [SegmentDelivery]
    /// One for each segment and slice that ran it.
    package var slices: [SliceTrace]

    package init(query: Int64, text: String, shape: ClusterShape, permits: Int) {
        self.query = query
        self.text = text
        self.shape = shape
        self.permits = permits
        planningNs = 0
        elapsedNs = 0
        resultRows = 0
        deliveries = []
        slices = []
    }
}

package struct SegmentDelivery: Hashable, Sendable {
    package var node: Int
    package var segment: Int
    package init(node: Int, segment: Int) {
        self.node = node
        self.segment = segment
    }
}

/// One segment on one slice.
package struct SliceTrace: Sendable {
    /// The leader's slice has this number, far above any data slice (as in Redshift's logs).
    package static let leaderSlice = 10_000

    package var node: Int
    package var slice: Int
    package var segment: Int
    package var startNs: Int64
    package var endNs: Int64
    /// Of the computing: making programs and operators of the plan's steps.
    package var compileNs: Int64 = 0
    /// Spent computing; waiting for a run permit though there was work; waiting for rows, credit or memory.
    package var runNs: Int64
    package var readyWaitNs: Int64
    package var blockedNs: Int64
    /// In the order of the segment's steps.
    package var steps: [StepTrace]

    package init(node: Int, slice: Int, segment: Int) {
        self.node = node
        self.slice = slice
        self.segment = segment
        startNs = 0
        endNs = 0
        runNs = 0
        readyWaitNs = 0
        blockedNs = 0
        steps = []
    }
}

extension SliceTrace {
    /// The same segment on the same slice once more, in a later round of a loop.
    package mutating func add(_ later: SliceTrace) {
        endNs = later.endNs
        compileNs += later.compileNs
        runNs += later.runNs
        readyWaitNs += later.readyWaitNs
        blockedNs += later.blockedNs
        for index in steps.indices where index < later.steps.count { steps[index].add(later.steps[index]) }
    }
}

extension StepTrace {
    fileprivate mutating func add(_ later: StepTrace) {
        rowsIn += later.rowsIn
        rowsOut += later.rowsOut
        runNs += later.runNs
        bytesLocal += later.bytesLocal
        bytesRemote += later.bytesRemote
        bytesOut += later.bytesOut
        rowsSent += later.rowsSent
        packets += later.packets
        rowsPreFilter += later.rowsPreFilter
        rowsPreUserFilter += later.rowsPreUserFilter
        slots = max(slots, later.slots)
        occupied = max(occupied, later.occupied)
        blocksRead += later.blocksRead
        blocksSkipped += later.blocksSkipped
        memoryBytes = max(memoryBytes, later.memoryBytes)
        spilledBytes += later.spilledBytes
        if algorithm.isEmpty { algorithm = later.algorithm }
    }
}

package struct StepTrace: Sendable {
    package var kind: StepKind
    /// The user's table that the step scans, writes, or deletes from.
    package var table: TableID?
    /// Of a scan.
    package var source: ScanSource?
    /// The hash table or the saved rows that the step fills or reads, numbered through the query.
    package var transientTable: Int?
    /// The line of EXPLAIN that the step carries out, as STL_EXPLAIN numbers them: from 1, the root. nil until the query
    /// has ended.
    package var planNode: Int?
    package var rowsIn: Int64 = 0
    package var rowsOut: Int64 = 0
    package var runNs: Int64 = 0
    /// Bytes of the rows that a scan, an aggregate or a sort hands on, as if sent.
    package var bytesOut: Int64 = 0
    /// Bytes handed to an exchange, as if sent: to slices of the same node, and of other nodes.
    package var bytesLocal: Int64 = 0
    package var bytesRemote: Int64 = 0
    /// Rows handed to an exchange; a broadcast row counts once for each node that gets it.
    package var rowsSent: Int64 = 0
    /// Messages handed to an exchange: one for each batch and node.
    package var packets: Int64 = 0
    /// Of a scan: blocks of the touched columns that were read, and that zone maps or an empty selection spared.
    package var blocksRead: Int64 = 0
    package var blocksSkipped: Int64 = 0
    /// Of a scan: rows of the partition before any filter, and numbers of the row groups that were read.
    package var rowsStored: Int64 = 0
    package var rowGroupsRead: [Int64] = []
    /// Of a scan: rows that it looked at, which zone maps did not rule out; and those of them that were not deleted.
    package var rowsPreFilter: Int64 = 0
    package var rowsPreUserFilter: Int64 = 0
    package var memoryBytes: Int64 = 0
    package var spilledBytes: Int64 = 0
    /// How the step was carried out: `dense array`, `linear probing`, `radix sort`, …; empty where there is one way
    /// only.
    package var algorithm: String = ""

    /// Of a hash table in memory: places for keys, and keys; 0 where it has no places (`merge`, `ordered runs`).
    package var slots: Int64 = 0
    package var occupied: Int64 = 0
    /// Of a hash build: rows that the planner expected in the whole cluster.
    package var estimatedRows: Int64 = 0
    /// Of a join.
    package var joinKind: JoinKind?

    package init(_ kind: StepKind) { self.kind = kind }

    /// Of a task that looks through a table's rows without a plan's operators.
    package init(scanOf table: TableID) {
        self.init(.scan)
        self.table = table
        source = .table
    }

    package init(_ step: Step) {
        kind = step.kind
        table = step.table
        source = step.scanSource
        transientTable = step.transientTable?.rawValue
        switch step {
        case .hash(let build): estimatedRows = Int64(min(max(build.estimatedRows, 0), 1e18))
        case .hashJoin(let join): joinKind = join.kind
        case .nestedLoop(let join): joinKind = join.kind
        default: break
        }
    }

    /// As SVL_QUERY_REPORT begins its label: `scan`, `hjoin`, `dist`, …
    package var label: String { kind.label }
}
