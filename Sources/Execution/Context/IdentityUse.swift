package import Catalog
import Synchronization

/// How far the `identity` steps of a statement have come in their tables' sequences, collected until the leader commits
/// it. Shared by the slices of a node.
package final class IdentityUse: Sendable {
    package struct Entry: Hashable, Sendable {
        package var table: TableID
        /// Whose numbers were taken.
        package var slice: Int
        /// The first i that is still free.
        package var next: Int64
    }
    private let state = Mutex<[Entry]>([])

    package init() {}

    func add(_ entry: Entry) { state.withLock { $0.append(entry) } }

    /// Ordered by table and slice; complete once all segments with such steps have ended.
    package var entries: [Entry] {
        state.withLock { $0 }.sorted { ($0.table, $0.slice) < ($1.table, $1.slice) }
    }
}
