/// Rows of a table that came and went since its statistics were made: what ANALYZE's threshold looks at. An updated row went
/// and came.
package struct ModifiedRows: Hashable, Sendable {
    package var inserted: Int64
    package var deleted: Int64

    package init(inserted: Int64 = 0, deleted: Int64 = 0) {
        self.inserted = inserted
        self.deleted = deleted
    }

    package var total: Int64 { inserted + deleted }

    /// Of the rows that were known, or of those that there are now, whichever are more: 0...100.
    package func percent(known: Double, now: Double) -> Double {
        let most = max(known, now)
        return most > 0 ? min(100, 100 * Double(total) / most) : total > 0 ? 100 : 0
    }
}
