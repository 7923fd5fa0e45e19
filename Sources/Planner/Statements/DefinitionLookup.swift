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

    package func table(_ name: QualifiedName) throws(SQLError) -> TableDefinition { try binder.resolveTable(name) }

    package func view(_ name: QualifiedName) throws(SQLError) -> ViewDefinition {
        if let view = binder.view(named: name) { return view }
        _ = try binder.resolve(name)
        throw SQLError(
            .wrongObjectType, "\"\(name.name.name)\" is not a view", position: name.position.character)
    }
}
