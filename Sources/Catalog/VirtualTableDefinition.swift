package import SQLTypes

/// A system table or view as the binder sees it: its rows are computed when it is scanned, by the leader.
package struct VirtualTableDefinition: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package var name: String
        package var type: SQLType
        /// Can be named, but is not among what `*` stands for: `oid` of PostgreSQL's catalog.
        package var isHidden: Bool

        package init(_ name: String, _ type: SQLType, isHidden: Bool = false) {
            self.name = name
            self.type = type
            self.isHidden = isHidden
        }
    }
    /// Schema `pg_catalog` (found without qualification) or `information_schema`.
    package var name: TableName
    package var columns: [Column]
    /// Whoever is no superuser may not read it.
    package var isSuperuserOnly: Bool
    /// May not be joined with user tables.
    /// - Source: Redshift developer guide, "SQL functions supported on the leader node".
    package var isLeaderOnly: Bool

    package init(
        name: TableName, columns: [Column], isLeaderOnly: Bool = true, isSuperuserOnly: Bool = false
    ) {
        self.name = name
        self.isSuperuserOnly = isSuperuserOnly
        self.columns = columns
        self.isLeaderOnly = isLeaderOnly
    }
}

/// All system tables and views, by name.
package struct VirtualTables: Sendable {
    package let all: [VirtualTableDefinition]
    private let byName: [TableName: VirtualTableDefinition]

    package init(_ all: [VirtualTableDefinition] = []) {
        self.all = all
        byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    }

    package func table(named name: TableName) -> VirtualTableDefinition? { byName[name] }
}
