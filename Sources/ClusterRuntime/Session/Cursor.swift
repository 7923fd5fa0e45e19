import QueryPlan
import SQLTypes
import VectorEngine

/// A cursor of a transaction block: a query that runs as far as its rows are fetched. It sees what its DECLARE saw.
///
/// Redshift makes the whole result at the first FETCH; here the slices wait in the middle of it instead, as for any
/// client that reads slowly.
struct Cursor: Sendable {
    let name: String
    let columns: [OutputColumn]
    let query: RunningQuery
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    let startTime: Int64
    private(set) var fetchedRows: Int64 = 0
    /// Rows that have come and are not fetched yet.
    private var ahead: Batch?
    /// What FORWARD 0 shows once more.
    private var last: Batch?

    init(name: String, columns: [OutputColumn], query: RunningQuery, startTime: Int64) {
        self.startTime = startTime
        self.name = name
        self.columns = columns
        self.query = query
    }

    /// Up to `limit` rows; all without one. 0: the row that was fetched last.
    mutating func fetch(_ limit: Int64?) async throws(SQLError) -> [Batch] {
        if limit == 0 { return last.map { [$0] } ?? [] }
        var rows: [Batch] = []
        var left = limit ?? .max
        while left > 0 {
            guard let batch = try await nextBatch() else {
                // Past the end there is no row to show again.
                last = nil
                return rows
            }
            let taken = Int(min(left, Int64(batch.count)))
            rows.append(batch.slice(0..<taken))
            ahead = taken < batch.count ? batch.slice(taken..<batch.count) : nil
            left -= Int64(taken)
            fetchedRows += Int64(taken)
        }
        if let end = rows.last { last = end.slice(end.count - 1..<end.count) }
        return rows
    }

    private mutating func nextBatch() async throws(SQLError) -> Batch? {
        if let ahead { return ahead }
        while let batch = try await query.next() {
            if batch.count > 0 { return batch }
        }
        return nil
    }

    func cancel(_ error: SQLError) { query.cancel(error) }
    func close() async { await query.close() }
}
