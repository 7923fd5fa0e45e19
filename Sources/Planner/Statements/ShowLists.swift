import Catalog
import SQLSyntax
import SQLTypes

/// SHOW DATABASES, SHOW TABLES and their kin are queries of views that nothing else reads: names are checked here, rows
/// are filtered and ordered as any other query's.
/// - Source: Redshift developer guide, "SHOW DATABASES", "SHOW SCHEMAS", "SHOW TABLES", "SHOW COLUMNS",
///   "SHOW CONSTRAINTS", "SHOW FUNCTIONS", "SHOW PROCEDURES".
extension Planner {
    func show(_ list: ShowList) throws(SQLError) -> PlannedStatement {
        let source = try source(of: list.subject)
        var conditions = source.conditions.map { "\($0.column) = \(literal($0.value))" }
        if let pattern = list.pattern {
            guard let name = source.name else { throw SQLError.unsupported("LIKE of this SHOW statement") }
            conditions.append("\(name) LIKE \(literal(pattern))")
        }
        var text = "SELECT * FROM pg_internal.\(source.view)"
        if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
        text += " ORDER BY " + source.order.joined(separator: ", ")
        if let limit = list.rowLimit { text += " LIMIT \(limit)" }
        return try plan(try parseStatement(text).statement)
    }

    private struct ListSource {
        var view: String
        var conditions: [(column: String, value: String)] = []
        /// What LIKE is about; nil: nothing.
        var name: String?
        var order: [String]
    }

    private func source(of subject: ShowList.Subject) throws(SQLError) -> ListSource {
        switch subject {
        case .databases: return ListSource(view: "show_databases", name: "database_name", order: ["database_name"])
        case .schemas(let database):
            if let database { try check(database: database) }
            return ListSource(view: "show_schemas", name: "schema_name", order: ["schema_name"])
        case .tables(let name):
            return ListSource(
                view: "show_tables", conditions: [("schema_name", try schema(name))], name: "table_name",
                order: ["table_name"])
        case .columns(let name):
            let table = try relation(name)
            return ListSource(
                view: "show_columns", conditions: [("schema_name", table.schema), ("table_name", table.name)],
                name: "column_name", order: ["ordinal_position"])
        case .primaryKeys(let name):
            let table = try relation(name)
            return ListSource(
                view: "show_primary_keys", conditions: [("schema_name", table.schema), ("table_name", table.name)],
                order: ["key_seq"])
        case .foreignKeys(let name, let isExported):
            let (table, side) = (try relation(name), isExported ? "pk" : "fk")
            return ListSource(
                view: "show_foreign_keys",
                conditions: [("\(side)_schema_name", table.schema), ("\(side)_table_name", table.name)],
                order: ["fk_schema_name", "fk_table_name", "fk_name", "key_seq"])
        case .functions(let name):
            return ListSource(
                view: "show_functions", conditions: [("schema_name", try schema(name))], name: "function_name",
                order: ["function_name", "argument_list"])
        case .procedures(let name):
            return ListSource(
                view: "show_procedures", conditions: [("schema_name", try schema(name))], name: "procedure_name",
                order: ["procedure_name"])
        }
    }

    private func literal(_ text: String) -> String {
        Printer.print(SQLSyntax.Expression(.literal(.string(text)), at: .unknown))
    }

    private func check(database: Identifier) throws(SQLError) {
        guard database.name != context.database else { return }
        throw SQLError.unsupported("cross-database reference", at: database.position.character)
    }

    /// nil: the schema in which new tables are made.
    private func schema(_ name: QualifiedName?) throws(SQLError) -> String {
        guard let name else {
            guard let current = context.creationSchema else {
                throw SQLError(.invalidSchemaName, "no schema has been selected")
            }
            return current
        }
        if let database = name.schema { try check(database: database) }
        guard context.catalog.schemas.contains(name.name.name) else {
            throw SQLError(
                .invalidSchemaName, "schema \"\(name.name.name)\" does not exist",
                position: name.name.position.character)
        }
        return name.name.name
    }

    /// A table or view, the system's ones too.
    private func relation(_ name: QualifiedName) throws(SQLError) -> TableName {
        let binder = Binder(context)
        if let view = binder.view(named: name) { return view.name }
        switch try binder.resolve(name) {
        case .table(let table): return table.name
        case .virtual(let view): return view.name
        }
    }
}
