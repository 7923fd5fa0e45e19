import Catalog
import Execution
import Ingest
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

// What leader and nodes say to each other about a query: values that could be serialised.

/// A query begins: sent to every node that takes part, before any of its segments.
struct QueryOpening: Sendable {
    var query: Int64
    var shape: ClusterShape
    var routing: RoutingTable
    /// What the query sees of the database.
    var version: DatabaseVersion
    var routes: [ExchangeID: ExchangeRoute]
    var credit: ExchangeCredit
    /// Steps that can spill, as a compute slice and as the leader runs the plan: among so many its memory is divided.
    var sliceOperatorCount: Int
    var leaderOperatorCount: Int
    /// Clock, user and the like, the same on all slices.
    var evaluation: EvaluationContext
    /// Of a node's memory, 0...1, what the query may have.
    var memoryShare = 1.0
    /// Monotonic time; intervals of the trace count from it.
    var startNs: UInt64
}

/// A loop's next round has exchanges of its own: sent to every node before the round's first segment.
struct RoundExchanges: Sendable {
    var query: Int64
    var routes: [ExchangeID: ExchangeRoute]
    /// Those of the round before.
    var replacing: [ExchangeID]
}

/// What a node is to run on its slices.
struct SegmentOrder: Sendable {
    var query: Int64
    var segment: Segment
    /// The segment's source parses files of a COPY, instead of its first step.
    var load: LoadOrder?
    /// Where the segment's `unload` step writes.
    var unload: UnloadDestination?
    /// The segment is the scan of an ANALYZE.
    var sketch: SketchOrder?
    /// The segment is the scan of an ANALYZE COMPRESSION.
    var encoding: EncodingOrder?
    /// What tables of earlier streams have as keys, on all nodes, of which the segment's scan asks.
    var keyFilters: [KeyFilterID: KeyFilter]
    /// What the segment's scan of a system view gives.
    var virtualRows: [[SQLValue]]?
}

/// The node's slices have ended the segment, all of them, or given up.
struct SegmentReport: Sendable {
    var node: Int
    var segment: Int
    var traces: [SliceTrace]
    /// What the segment's `insert` step wrote.
    var inserted: [InsertedRowGroups.Entry]
    /// What its `delete` step marked.
    var deleted: [DeletedRowPositions.Entry]
    /// How far its `identity` step came.
    var identities: [IdentityUse.Entry]
    /// Of a COPY's parsing segment, by slice.
    var loads: [LoadReport]
    /// Of an UNLOAD's last segment.
    var unloads: [UnloadReport]
    /// Of an ANALYZE, one for each slice.
    var sketches: [SliceSketch]
    /// Of an ANALYZE COMPRESSION, one for each slice.
    var encodings: [EncodingSizes]
    /// Of a segment that builds a table, for scans of other slices; nil: what the table has cannot be told.
    var keyFilters: [KeyFilterID: KeyFilter?]
    /// The first one; the others were cancelled.
    var error: SQLError?
}

typealias SegmentReply = @Sendable (SegmentReport) -> Void
