/// Rows that one slice kept for a later stream: the part of a hash table, or what a nested loop reads. Immutable.
package struct SavedRows: Sendable {
    /// Who made them; parts are joined in this order, so that results do not depend on who was first.
    package let slice: Int
    package let batches: [Batch]
    package let rowCount: Int

    package init(slice: Int, batches: [Batch]) {
        self.slice = slice
        self.batches = batches
        rowCount = batches.reduce(0) { $0 + $1.count }
    }

    /// All parts as one, in their order.
    package static func joined(_ parts: [SavedRows]) -> SavedRows {
        SavedRows(slice: parts.first?.slice ?? 0, batches: parts.flatMap(\.batches))
    }
}
