import Catalog
import SQLSyntax
import SQLTypes

/// CREATE [OR REPLACE] VIEW and DROP VIEW. A view is kept as text; its query is bound here once, so that it is known to
/// be right, and what it reads cannot be dropped under it.
/// - Source: Redshift developer guide, "CREATE VIEW".
extension Planner {
    func createView(_ create: CreateViewStatement) throws(SQLError) -> PlannedStatement {
        let name = try newName(create.name, isTemporary: false)
        if context.catalog.table(named: name) != nil || !create.isReplacing && context.catalog.views[name] != nil {
            throw Self.duplicateTable(create.name)
        }
        var view = ViewDefinition(
            name: name, columns: [], columnNames: create.columns.map(\.name), text: Printer.print(create.query),
            searchPath: context.searchPath, tables: [], views: [])
        if create.isLateBinding { return .createView(view) }
        guard context.parameters.isEmpty else {
            throw SQLError.unsupported("a parameter in a view", at: create.query.position.character)
        }
        let binder = Binder(context)
        let bound = try binder.bind(create.query)
        guard create.columns.count <= bound.output.count else {
            throw SQLError(
                .syntaxError, "CREATE VIEW specifies more column names than columns",
                position: create.columns[bound.output.count].position.character)
        }
        for (index, item) in bound.output.enumerated() {
            let own = index < create.columns.count ? create.columns[index].name : item.name
            if view.columns.contains(where: { $0.name == own }) {
                throw SQLError(
                    .duplicateColumn, "column \"\(own)\" specified more than once",
                    position: (create.columns.first?.position ?? create.query.position).character)
            }
            view.columns.append(ViewDefinition.Column(own, binder.registry.type(item.column)))
        }
        view.tables = binder.tables.sorted()
        view.views = binder.views.sorted()
        if let old = context.catalog.views[name] { try checkReplacement(of: old, by: view, create) }
        return .createView(view)
    }

    private func checkReplacement(
        of old: ViewDefinition, by new: ViewDefinition, _ create: CreateViewStatement
    ) throws(SQLError) {
        guard !old.columns.isEmpty else { return }
        if new.views.contains(old.name) {
            throw SQLError(
                .invalidTableDefinition, "infinite recursion detected in view \"\(old.name.name)\"",
                position: create.name.position.character)
        }
        guard old.columns.map(\.name) == new.columns.map(\.name), old.columns.map(\.type) == new.columns.map(\.type)
        else {
            throw SQLError(
                .invalidTableDefinition, "cannot change number, name or data type of the columns in a view",
                hint: "Drop the view first.", position: create.name.position.character)
        }
    }

    func dropViews(_ drop: DropStatement) throws(SQLError) -> PlannedStatement {
        var names: [TableName] = []
        var missing: [String] = []
        for name in drop.names {
            if let view = Binder(context).view(named: name) {
                names.append(view.name)
            } else if drop.ifExists {
                missing.append(name.name.name)
            } else {
                throw SQLError(
                    .undefinedTable, "view \"\(name.name.name)\" does not exist", position: name.position.character)
            }
        }
        let readers = context.catalog.views(reading: [], Set(names)).filter { !names.contains($0) }
        if let first = readers.first, !drop.isCascade {
            throw Self.stillNeeded("view", drop.names.first, by: first)
        }
        return .dropViews(names + readers, missing: missing)
    }

    static func stillNeeded(_ kind: String, _ name: QualifiedName?, by view: TableName) -> SQLError {
        SQLError(
            .dependentObjectsStillExist,
            "cannot drop \(kind) \(name?.name.name ?? "") because other objects depend on it",
            detail: "view \(view.name) depends on it", hint: "Use DROP ... CASCADE to drop the dependent objects too.",
            position: name?.position.character)
    }
}

extension CatalogSnapshot {
    /// Views over these tables and views, and so on; sorted.
    func views(reading tables: Set<TableID>, _ names: Set<TableName>) -> [TableName] {
        views.values.filter { view in
            view.tables.contains(where: tables.contains) || view.views.contains(where: names.contains)
        }.map(\.name).sorted()
    }
}
