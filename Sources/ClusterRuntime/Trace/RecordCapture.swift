import QueryPlan
import Synchronization

/// Holds the record of the first plan that a statement runs: its own, not that of the statistics which it gathers behind
/// it.
final class RecordCapture: Sendable {
    private let taken = Mutex<QueryRecord?>(nil)

    func take(_ record: QueryRecord) { taken.withLock { if $0 == nil { $0 = record } } }
    var record: QueryRecord? { taken.withLock { $0 } }
}
