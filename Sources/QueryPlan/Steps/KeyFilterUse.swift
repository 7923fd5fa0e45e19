/// A scan may drop rows whose value the keys of a join's table do not have: no row of the answer comes of them. The table
/// is built in an earlier stream. A null is dropped as well.
package struct KeyFilterUse: Hashable, Sendable {
    /// Whose keys.
    package enum Scope: Hashable, Sendable {
        /// Those of the slice's own table, or of the node's, if it is replicated.
        case own
        /// Those that the table has on any slice: rows move between this scan and the join.
        case everySlice
    }
    /// Position in the scan's columns.
    package var column: Int
    package var table: HashTableID
    /// Position in the table's keys.
    package var key: Int
    package var scope: Scope

    package init(column: Int, table: HashTableID, key: Int, scope: Scope) {
        self.column = column
        self.table = table
        self.key = key
        self.scope = scope
    }
}
