package import Catalog
package import Storage
import Synchronization

/// What the `delete` steps of a statement marked, collected until the leader commits it. Shared by the slices of a node.
package final class DeletedRowPositions: Sendable {
    package struct Entry: Sendable {
        package var table: TableID
        /// Whose partition loses the rows; the node's first slice for an ALL table.
        package var slice: Int
        package var rows: DeletedRowGroups
        package var rowCount: Int64 { rows.values.reduce(0) { $0 + Int64($1.count) } }
    }
    private let state = Mutex<[Entry]>([])

    package init() {}

    /// Slices of a node that share a copy add to the same entry.
    func add(_ rows: DeletedRowGroups, of table: TableID, slice: Int) {
        guard !rows.isEmpty else { return }
        state.withLock { entries in
            guard let known = entries.firstIndex(where: { $0.table == table && $0.slice == slice }) else {
                entries.append(Entry(table: table, slice: slice, rows: rows))
                return
            }
            entries[known].rows.merge(rows) { old, new in
                var joined = old
                joined.formUnion(new)
                return joined
            }
        }
    }

    /// Ordered by table and slice; complete once all delete segments have ended.
    package var entries: [Entry] {
        state.withLock { $0 }.sorted { ($0.table, $0.slice) < ($1.table, $1.slice) }
    }
}
