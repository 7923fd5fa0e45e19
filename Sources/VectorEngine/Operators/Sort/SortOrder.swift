package import SQLTypes

/// One column of ORDER BY or of a sort key: a position in the batch, its type, and which way.
package struct SortOrder: Hashable, Sendable {
    package var column: Int
    package var type: SQLType
    package var isDescending: Bool
    package var nullsFirst: Bool

    package init(column: Int, type: SQLType, isDescending: Bool, nullsFirst: Bool) {
        self.column = column
        self.type = type
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}
