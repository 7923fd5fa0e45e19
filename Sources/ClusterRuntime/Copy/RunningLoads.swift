import Ingest
import QueryPlan
import Synchronization

/// The COPYs that are parsing files: what STV_LOAD_STATE shows.
final class RunningLoads: Sendable {
    struct Entry: Sendable {
        var source: EventSource
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var startTime: Int64
        var event: LoadEvent
        var assignment: CopyAssignment
        var isCompressed: Bool
        var meter: LoadMeter
    }
    private let state = Mutex<[Int64: Entry]>([:])

    func begin(_ entry: Entry) { state.withLock { $0[entry.source.query] = entry } }
    func end(_ query: Int64) { _ = state.withLock { $0.removeValue(forKey: query) } }

    /// By number of the query.
    var all: [Entry] { state.withLock { Array($0.values) }.sorted { $0.source.query < $1.source.query } }
}
