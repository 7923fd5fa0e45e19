/// All that is known of databases' objects at one commit: an immutable value that readers keep while writers make the
/// next.
package struct CatalogSnapshot: Sendable {
    /// Grows with each change of definitions or statistics; part of a cached plan's key.
    package var version: Int64
    /// Grows with each change of users, groups, roles, privileges or policies: those hold as they are now, whatever the
    /// definitions are that somebody sees. Not kept in checkpoints.
    package internal(set) var accessVersion: Int64 = 0
    /// Schema names; `public` and `pg_catalog` are always there.
    package var schemas: Set<String>
    package private(set) var tables: [TableID: TableDefinition]
    package private(set) var tableIDs: [TableName: TableID]
    package private(set) var views: [TableName: ViewDefinition]
    package var statistics: [TableID: TableStatistics]
    /// Tables whose statistics are what somebody declared or pinned: ANALYZE and COPY leave them alone.
    package var pinnedStatistics: Set<TableID> = []
    /// Exact live rows by table, kept by every commit; EXPLAIN never shows them.
    package var rowCounts: [TableID: Int64]
    /// By table, kept by every commit; statistics that are made or declared begin anew.
    package var modifiedRows: [TableID: ModifiedRows] = [:]
    /// Share of a table's rows, 0...1, that lie outside its sort order: a merge join wants less than 0.2.
    package var unsortedFractions: [TableID: Double]

    package var comments: [CommentTarget: String]
    /// Microseconds since 2000-01-01 00:00:00 UTC; not known of tables that older releases made.
    package var creationTimes: [TableID: Int64] = [:]
    /// By database; those that are not here have the default.
    package var isolationLevels: [String: IsolationLevel] = [:]
    package internal(set) var principals = Principals()
    package internal(set) var access = AccessControl()
    package internal(set) var policies = SecurityPolicies()

    /// By name, those that CREATE DATABASE has made. Shared by all of the cluster.
    package var databases: [String: DatabaseDefinition] = [:]

    package init() {
        comments = [:]
        version = 0
        schemas = ["public", "pg_catalog", "information_schema"]
        tables = [:]
        tableIDs = [:]
        views = [:]
        statistics = [:]
        rowCounts = [:]
        unsortedFractions = [:]
    }

    /// Users, groups, roles, privileges and policies as they are `now`; definitions stay those of this moment. What is
    /// there no longer, or is something else under the same name, keeps what it had; guarded tables do not: their
    /// policies are gone with them.
    package mutating func takeAccess(of now: CatalogSnapshot) {
        var next = now.access
        for id in tables.keys where now.tables[id] == nil && !policies.guards(id) {
            next.copy(.table(id), from: access)
        }
        for (name, view) in views where now.views[name] != view { next.copy(.view(name), from: access) }
        for schema in schemas where !now.schemas.contains(schema) { next.copy(.schema(schema), from: access) }
        (principals, access, policies, databases) = (now.principals, next, now.policies, now.databases)
        accessVersion = now.accessVersion
    }

    package mutating func removeSchema(_ name: String) -> Bool {
        guard schemas.remove(name) != nil else { return false }
        access.forget(.schema(name))
        version += 1
        return true
    }

    /// A table or a view: they share their names.
    package func hasRelation(_ name: TableName) -> Bool { tableIDs[name] != nil || views[name] != nil }

    /// Schemas of the system, in which nothing can be made.
    package static func isReserved(schema: String) -> Bool {
        schema == "pg_catalog" || schema == "information_schema" || schema == "pg_internal"
    }

    package func isolation(of database: String) -> IsolationLevel { isolationLevels[database] ?? .snapshot }

    package func table(named name: TableName) -> TableDefinition? { tableIDs[name].flatMap { tables[$0] } }

    /// Adds the table, or replaces the one of the same id (a new name included).
    package mutating func put(_ table: TableDefinition) {
        if let old = tables[table.id] { tableIDs[old.name] = nil }
        tables[table.id] = table
        tableIDs[table.name] = table.id
        if access.columns[.table(table.id)] != nil {
            access.keepColumns(Set(table.columns.map(\.name)), of: .table(table.id))
        }
        version += 1
    }

    /// Adds the view, or replaces the one of the same name.
    package mutating func put(_ view: ViewDefinition) {
        views[view.name] = view
        version += 1
    }

    package mutating func removeView(_ name: TableName) {
        guard views.removeValue(forKey: name) != nil else { return }
        comments[.view(name)] = nil
        access.forget(.view(name))
        version += 1
    }

    package mutating func remove(_ id: TableID) {
        guard let old = tables.removeValue(forKey: id) else { return }
        tableIDs[old.name] = nil
        statistics[id] = nil
        pinnedStatistics.remove(id)
        rowCounts[id] = nil
        modifiedRows[id] = nil
        unsortedFractions[id] = nil
        creationTimes[id] = nil
        comments = comments.filter { $0.key.table != id }
        access.forget(.table(id))
        policies.forget(id)
        version += 1
    }

    /// What is granted on the view, its comment, and what other views know of it follow.
    package mutating func rename(view old: TableName, to new: TableName) {
        guard var view = views[old] else { return }
        let comment = comments[.view(old)]
        var kept = access
        removeView(old)
        view.name = new
        put(view)
        kept.rename(.view(old), to: .view(new))
        access = kept
        comments[.view(new)] = comment
        for var reader in views.values.sorted(by: { $0.name < $1.name }) where reader.views.contains(old) {
            reader.views = reader.views.map { $0 == old ? new : $0 }
            put(reader)
        }
    }

    /// Its tables and views go with it. Views' search paths follow; what their text names by schema does not.
    package mutating func rename(schema old: String, to new: String) {
        schemas.remove(old)
        schemas.insert(new)
        access.rename(.schema(old), to: .schema(new))
        for var table in tables.values.sorted(by: { $0.id < $1.id }) where table.name.schema == old {
            table.name.schema = new
            put(table)
        }
        for var view in views.values.sorted(by: { $0.name < $1.name }) {
            let comment = comments[.view(view.name)]
            var kept = access
            let oldName = view.name
            removeView(view.name)
            func renamed(_ name: TableName) -> TableName {
                name.schema == old ? TableName(schema: new, name: name.name) : name
            }
            view.name = renamed(view.name)
            view.views = view.views.map(renamed)
            view.searchPath = view.searchPath.map { $0 == old ? new : $0 }
            put(view)
            kept.rename(.view(oldName), to: .view(view.name))
            access = kept
            comments[.view(view.name)] = comment
        }
        version += 1
    }
}
