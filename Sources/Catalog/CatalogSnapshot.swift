/// All that is known of databases' objects at one commit: an immutable value that readers keep while writers make the
/// next.
package struct CatalogSnapshot: Sendable {
    /// Grows with each change of definitions or statistics; part of a cached plan's key.
    package var version: Int64
    /// Schema names; `public` and `pg_catalog` are always there.
    package var schemas: Set<String>
    package private(set) var tables: [TableID: TableDefinition]
    package private(set) var tableIDs: [TableName: TableID]
    package private(set) var views: [TableName: ViewDefinition]
    package var statistics: [TableID: TableStatistics]
    /// Exact live rows by table, kept by every commit; EXPLAIN never shows them.
    package var rowCounts: [TableID: Int64]
    /// Share of a table's rows, 0...1, that lie outside its sort order: a merge join wants less than 0.2.
    package var unsortedFractions: [TableID: Double]

    /// By database; those that are not here have the default.
    package var isolationLevels: [String: IsolationLevel] = [:]

    package init() {
        version = 0
        schemas = ["public", "pg_catalog", "information_schema"]
        tables = [:]
        tableIDs = [:]
        views = [:]
        statistics = [:]
        rowCounts = [:]
        unsortedFractions = [:]
    }

    package func isolation(of database: String) -> IsolationLevel { isolationLevels[database] ?? .snapshot }

    package func table(named name: TableName) -> TableDefinition? { tableIDs[name].flatMap { tables[$0] } }

    /// Adds the table, or replaces the one of the same id (a new name included).
    package mutating func put(_ table: TableDefinition) {
        if let old = tables[table.id] { tableIDs[old.name] = nil }
        tables[table.id] = table
        tableIDs[table.name] = table.id
        version += 1
    }

    /// Adds the view, or replaces the one of the same name.
    package mutating func put(_ view: ViewDefinition) {
        views[view.name] = view
        version += 1
    }

    package mutating func removeView(_ name: TableName) {
        guard views.removeValue(forKey: name) != nil else { return }
        version += 1
    }

    package mutating func remove(_ id: TableID) {
        guard let old = tables.removeValue(forKey: id) else { return }
        tableIDs[old.name] = nil
        statistics[id] = nil
        rowCounts[id] = nil
        unsortedFractions[id] = nil
        version += 1
    }
}
