package import Catalog
package import Ingest
package import QueryPlan
package import SQLTypes

/// A statement that has ended, with all that is known of its run: the source of STL_QUERY, SVL_QUERY_REPORT and their
/// kin.
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
}

/// A record that a COPY refused.
package struct LoadErrorRecord: Sendable {
    package var query: Int64
    package var slice: Int
    package var table: TableID
    package var session: Int32
    package var user: UserID
    package var startTime: Int64
    package var error: LoadError
}

/// The last statements and load errors, oldest first; older ones are forgotten.
struct History: Sendable {
    static let loadErrorsMax = 10_000

    let queriesMax: Int
    private(set) var queries: [QueryRecord] = []
    private(set) var loadErrors: [LoadErrorRecord] = []

    init(queriesMax: Int) { self.queriesMax = max(1, queriesMax) }

    mutating func add(_ record: QueryRecord) {
        queries.append(record)
        // Dropped in bulk: the oldest of an array are moved over by all others.
        if queries.count > queriesMax + queriesMax / 4 { queries.removeFirst(queries.count - queriesMax) }
    }

    mutating func add(_ errors: [LoadErrorRecord]) {
        loadErrors += errors
        if loadErrors.count > History.loadErrorsMax { loadErrors.removeFirst(loadErrors.count - History.loadErrorsMax) }
    }
}
