import Synchronization

/// The VACUUM that is going on, or the last one: what SVV_VACUUM_PROGRESS shows. There is one at a time.
final class RunningVacuum: Sendable {
    struct Entry: Hashable, Sendable {
        var table: String
        /// `Vacuum: initialize t`, `Vacuum t sort`, `Complete`.
        var status: String
        /// Microseconds since 2000-01-01 00:00:00 UTC; of the phase.
        var startTime: Int64
    }
    private let state = Mutex<Entry?>(nil)

    func note(_ table: String, _ status: String) {
        state.withLock { $0 = Entry(table: table, status: status, startTime: Platform.timestampNow) }
    }

    /// nil: none since the start.
    var current: Entry? { state.withLock { $0 } }
}
