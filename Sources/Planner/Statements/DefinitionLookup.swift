package import Catalog
package import SQLSyntax
package import SQLTypes

/// Tables and views by the names that a statement gives them, for SHOW TABLE and SHOW VIEW.
package struct DefinitionLookup {
    private let binder: Binder
    package let catalog: CatalogSnapshot

    package init(_ context: PlanningContext) {
        binder = Binder(context)
        catalog = context.catalog
    }

    package func table(_ name: QualifiedName) throws(SQLError) -> TableDefinition {
        let table = try binder.resolveTable(name)
        try expectKnown(.table(table.id), table.name)
        return table
    }

    /// A table of which the user may read the rows.
    package func readableTable(_ name: QualifiedName) throws(SQLError) -> TableDefinition {
        let table = try binder.resolveTable(name)
        guard binder.context.rights?.allows(.select, on: .table(table.id)) ?? true else {
            throw .permissionDenied(relation: table.name.name)
        }
        return table
    }

    /// Whoever may do nothing with it need not know what it is made of.
    private func expectKnown(_ object: Securable, _ name: TableName) throws(SQLError) {
        guard binder.context.rights?.mayKnow(object) ?? true else { throw .permissionDenied(relation: name.name) }
    }

    package func view(_ name: QualifiedName) throws(SQLError) -> ViewDefinition {
        if let view = binder.view(named: name) {
            try expectKnown(.view(view.name), view.name)
            return view
        }
        _ = try binder.resolve(name)
        throw SQLError(
            .wrongObjectType, "\"\(name.name.name)\" is not a view", position: name.position.character)
    }
}
