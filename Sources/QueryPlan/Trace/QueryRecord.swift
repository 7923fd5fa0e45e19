package import Catalog
package import SQLTypes

/// What a statement is to the logs. The raw value stands in logs that outlive the process.
package enum QueryType: UInt8, Hashable, Sendable, CaseIterable {
    case select = 1
    case insert = 2
    case update = 3
    case delete = 4
    case copy = 5
    case unload = 6
    case ctas = 7
    /// CREATE, ALTER, DROP of schemas, tables and views.
    case ddl = 8
    /// Everything else.
    case utility = 9

    /// As SYS_QUERY_HISTORY.query_type has it.
    package var name: String {
        switch self {
        case .select: "SELECT"
        case .insert: "INSERT"
        case .update: "UPDATE"
        case .delete: "DELETE"
        case .copy: "COPY"
        case .unload: "UNLOAD"
        case .ctas: "CTAS"
        case .ddl: "DDL"
        case .utility: "UTILITY"
        }
    }

    /// Such a statement is one plan, which is logged as a query.
    package var isQuery: Bool { self != .ddl && self != .utility }
}

/// A statement that has ended, with all that is known of its run: the source of STL_QUERY, SVL_QUERY_REPORT,
/// STL_DDLTEXT and their kin. One that ran no plan has a trace without slices.
package struct QueryRecord: Sendable {
    package var trace: QueryTrace
    package var explain: ExplainNode?
    package var session: Int32
    package var user: String
    package var userID: UserID
    package var database: String
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var startTime: Int64
    package var endTime: Int64
    package var error: SQLError?
    /// Number of each segment's stream, by the segment's number.
    package var streams: [Int]
    /// Tables that steps are of, as they were called.
    package var tableNames: [TableID: TableName] = [:]
    /// The number of the transaction (xid): of the block, or of the statement's own.
    package var transaction: Int64
    /// `query_group` of the session; empty: none.
    package var label: String
    package var queryType: QueryType
    /// nil: it needed no slot.
    package var queue: QueueUse?
    /// Its plan was made for an earlier run of the same text.
    package var reusesPlan = false
    /// A plan that a statement runs besides its own: the sampling of an ANALYZE, the rewriting of an ALTER TABLE.
    package var isPart = false
    /// Row-level security guards a table of its plan: `withoutGuardedSteps` is for those who may not see policies.
    package var isGuarded: Bool
    /// It ran on the compute nodes. What never leaves the leader is no query of the cluster: STL_QUERY and the step
    /// tables have none of it, as in Redshift.
    package var usesNodes: Bool
    /// Bytes of the rows that the slices gave to the leader.
    package var resultBytes: Int64
    /// Making programs of the plan's segments: of each the slice that took longest.
    package var compileNs: Int64
    /// Microseconds that it waited for tables which others wrote.
    package var lockTime: Int64 = 0

    package init(
        trace: QueryTrace, explain: ExplainNode?, session: Int32, user: String, userID: UserID, database: String,
        startTime: Int64, endTime: Int64, error: SQLError?, streams: [Int], transaction: Int64, label: String,
        queryType: QueryType
    ) {
        self.trace = trace
        self.explain = explain
        self.session = session
        self.user = user
        self.userID = userID
        self.database = database
        self.startTime = startTime
        self.endTime = endTime
        self.error = error
        self.streams = streams
        self.transaction = transaction
        self.label = label
        self.queryType = queryType
        isGuarded = explain?.hasGuardedScans ?? false
        usesNodes = false
        resultBytes = 0
        compileNs = 0
    }

    /// Sets what is told of a run as a whole, from its trace.
    package mutating func sumUpRun() {
        usesNodes = !trace.deliveries.isEmpty
        var compileNs: [Int: Int64] = [:]
        for slice in trace.slices { compileNs[slice.segment] = max(compileNs[slice.segment] ?? 0, slice.compileNs) }
        self.compileNs = compileNs.values.reduce(0, +)
        resultBytes = trace.slices.reduce(0) { sum, slice in
            slice.steps.reduce(sum) { $1.kind == .return ? $0 + $1.bytesLocal + $1.bytesRemote : $0 }
        }
    }

    package var number: Int64 { trace.query }
    /// Microseconds that it waited for a slot of its queue.
    package var queueTime: Int64 { queue.map { max(0, ($0.runStart ?? endTime) - $0.queueStart) } ?? 0 }
    /// nil: it needed no slot.
    package var serviceClass: Int? { queue?.serviceClass }
}
