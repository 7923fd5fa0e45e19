package import Catalog
package import Storage
import Synchronization

/// What the `insert` steps of a statement wrote, collected until the leader commits it. Shared by the slices of a node.
package final class InsertedRowGroups: Sendable {
    package struct Entry: Sendable {
        package var table: TableID
        /// Whose partition the row groups join; the node's first slice for an ALL table.
        package var slice: Int
        package var rowGroups: [RowGroupDescriptor]
        package var rowCount: Int64
    }
    private let state = Mutex<[Entry]>([])

    package init() {}

    func add(_ entry: Entry) { state.withLock { $0.append(entry) } }

    /// Ordered by table and slice; complete once all insert segments have ended.
    package var entries: [Entry] {
        state.withLock { $0 }.sorted { ($0.table, $0.slice) < ($1.table, $1.slice) }
    }
}
