package import SQLTypes

/// A system table or view as the binder sees it: its rows are computed when it is scanned, by the leader.
package struct VirtualTableDefinition: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package var name: String
        package var type: SQLType
        package init(_ name: String, _ type: SQLType) {
            self.name = name
            self.type = type
        }
    }
    /// Schema `pg_catalog` (found without qualification) or `information_schema`.
    package var name: TableName
    package var columns: [Column]
    /// Whoever is no superuser may not read it.
    package var isSuperuserOnly: Bool

    package init(name: TableName, columns: [Column], isSuperuserOnly: Bool = false) {
        self.name = name
        self.isSuperuserOnly = isSuperuserOnly
        self.columns = columns
    }
}
