import Catalog
import SQLSyntax
import SQLTypes

/// CREATE [OR REPLACE] VIEW and DROP VIEW. A view is kept as text; its query is bound here once, so that it is known to
/// be right, and what it reads cannot be dropped under it.
/// - Source: Redshift developer guide, "CREATE VIEW".
extension Planner {
    func createView(_ create: CreateViewStatement) throws(SQLError) -> PlannedStatement {
        let name = try newName(create.name, isTemporary: create.name.name.name.hasPrefix("#"))
        try expectFree(name, create)
        var view = ViewDefinition(
            name: name, columns: [], columnNames: create.columns.map(\.name), text: Printer.print(create.query),
            searchPath: context.searchPath, tables: [], views: [])
        if create.isLateBinding { return .createView(view) }
        guard context.parameters.isEmpty else {
            throw SQLError.unsupported("a parameter in a view", at: create.query.position.character)
        }
        let binder = Binder(context)
        binder.readsWholeTables = true
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
        if !name.isTemporary, readsTemporary(view) {
            // It cannot outlive what it reads: a temporary view, as in PostgreSQL.
            guard create.name.schema == nil else {
                throw SQLError(
                    .invalidTableDefinition, "a view of a temporary table cannot be created in a permanent schema",
                    position: create.name.position.character)
            }
            view.name = try newName(QualifiedName(create.name.name), isTemporary: true)
            try expectFree(view.name, create)
        }
        if let old = context.catalog.views[view.name] { try checkReplacement(of: old, by: view, create) }
        return .createView(view)
    }

    private func expectFree(_ name: TableName, _ create: CreateViewStatement) throws(SQLError) {
        if context.catalog.table(named: name) != nil || !create.isReplacing && context.catalog.views[name] != nil {
            throw Self.duplicateTable(create.name)
        }
    }

    private func readsTemporary(_ view: ViewDefinition) -> Bool {
        view.tables.contains { context.catalog.tables[$0]?.isTemporary == true }
            || view.views.contains { $0.isTemporary }
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
        let dropped = DroppedRelations([], views: Set(names), in: context.catalog)
        if !drop.isCascade, let name = drop.names.first {
            try dropped.expectNoDependents(of: "view \(name.name.name)", at: name.position.character)
        }
        return .dropViews(dropped.views, missing: missing)
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
