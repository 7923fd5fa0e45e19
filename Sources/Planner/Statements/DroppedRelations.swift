package import Catalog
import SQLTypes

/// What goes when tables and views are dropped, CASCADE included.
package struct DroppedRelations: Sendable {
    /// In the order written.
    package private(set) var tables: [TableID]
    /// Those dropped, and those that read something that is; sorted.
    package private(set) var views: [TableName]
    /// Tables that stay and lose a foreign key to one that goes.
    package private(set) var changed: [TableDefinition] = []
    /// What else goes or changes than what was asked for, as messages name it: nothing may, without CASCADE.
    private(set) var dependents: [String] = []

    init(_ tables: [TableID], views named: Set<TableName>, in catalog: CatalogSnapshot) {
        self.tables = tables
        let ids = Set(tables)
        var gone = named
        // A view's own lists are transitive for tables, not for views.
        while true {
            let readers = catalog.views.values.filter { view in
                !gone.contains(view.name)
                    && (view.tables.contains(where: ids.contains) || view.views.contains(where: gone.contains))
            }
            if readers.isEmpty { break }
            gone.formUnion(readers.map(\.name))
        }
        views = gone.sorted()
        dependents = views.filter { !named.contains($0) }.map { "view \($0)" }
        for var table in catalog.tables.values.sorted(by: { $0.id < $1.id }) where !ids.contains(table.id) {
            let kept = table.constraints.filter { constraint in
                if case .foreignKey(_, _, let referenced, _) = constraint { !ids.contains(referenced) } else { true }
            }
            guard kept.count < table.constraints.count else { continue }
            dependents.append("a foreign key of table \(table.name)")
            table.constraints = kept
            changed.append(table)
        }
    }

    /// Nothing is dropped that was not named.
    func expectNoDependents(of what: String, at position: Int?) throws(SQLError) {
        guard let first = dependents.first else { return }
        throw SQLError(
            .dependentObjectsStillExist, "cannot drop \(what) because other objects depend on it",
            detail: "\(first) depends on it", hint: "Use DROP ... CASCADE to drop the dependent objects too.",
            position: position)
    }
}
