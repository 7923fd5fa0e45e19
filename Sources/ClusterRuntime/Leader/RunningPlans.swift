import QueryPlan
import Synchronization

/// Plans that run on the compute nodes, or wait to: what STV_INFLIGHT shows.
final class RunningPlans: Sendable {
    struct Entry: Hashable, Sendable {
        var number: Int64
        var text: String
        /// `query_group` of the session.
        var label: String
        var process: Int32
        /// 0 for a query outside of a transaction.
        var transaction: Int64
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var startTime: Int64
        var type: QueryType
    }
    private let state = Mutex<[Int64: Entry]>([:])

    func begin(_ entry: Entry) { state.withLock { $0[entry.number] = entry } }
    func end(_ number: Int64) { _ = state.withLock { $0.removeValue(forKey: number) } }

    /// By number.
    var all: [Entry] { state.withLock { Array($0.values) }.sorted { $0.number < $1.number } }
}
