import Catalog
import SQLSyntax
import SQLTypes

/// What a statement asks for besides reading, which the binder has looked at: rights on what it changes or defines. Asked
/// for users only who are no superusers.
/// - Source: Redshift developer guide, "Required privileges" of each statement; words of PostgreSQL 8.0.
struct StatementRights {
    private let rights: Rights
    private let catalog: CatalogSnapshot
    private let database: String

    init(_ rights: Rights, _ catalog: CatalogSnapshot, _ database: String) {
        self.rights = rights
        self.catalog = catalog
        self.database = database
    }

    /// The plan, without the tables that a statement on all tables passes over.
    func checked(_ planned: PlannedStatement, of statement: Statement) throws(SQLError) -> PlannedStatement {
        switch planned {
        case .insert(_, let table): try expect(.insert, on: table)
        case .copy(let table, _, _): try expect(.insert, on: table)
        case .delete(_, let table): try expect(.delete, on: table)
        case .update(_, let table): try expectUpdate(of: table, by: statement)
        case .truncate(let table):
            if !rights.holds(.truncateTable) { try expect(.truncate, on: table) }
        case .lock(let tables):
            // Nobody can write while it is held: for those who could do so themselves. - Source: PostgreSQL, "LOCK".
            for table in tables
            where rights.held(of: [.update, .delete, .truncate], on: .table(table)).isEmpty { throw denied(table) }
        case .explainAnalyze(let inner): _ = try checked(inner, of: statement)
        case .vacuum(let tables, let vacuum):
            return .vacuum(try owned(tables, named: vacuum.table != nil, or: .vacuum), vacuum)
        case .analyze(let targets):
            guard case .analyze(let analyze) = statement else { return planned }
            return .analyze(try owned(targets, named: analyze.table != nil))
        case .statistics(let table, _, _):
            guard rights.holds(.analyze) || rights.owns(.table(table)) else {
                throw notOwner("relation \(catalog.tables[table]?.name.name ?? "\(table.rawValue)")")
            }
        case .assertion(let assertion):
            if let table = assertion.table { try expect(.select, on: table.id) }
        case .analyzeCompression(let targets, let rows):
            guard case .analyzeCompression(let analyze) = statement else { return planned }
            return .analyzeCompression(try owned(targets, named: analyze.table != nil), sampleRows: rows)
        case .query, .explain, .unload, .access, .alreadyExists, .unchanged, .utility, .createTable, .createTableAs,
            .createView, .createSchema, .renameSchema, .renameView, .dropSchemas, .dropTables, .dropViews, .alterTable,
            .appendTable, .comment:
            try checkDefinition(planned)
        }
        return planned
    }

    private func checkDefinition(_ planned: PlannedStatement) throws(SQLError) {
        switch planned {
        case .createTable(let definition), .createTableAs(let definition, _):
            try expectCreation(of: definition.name, or: .createTable)
            for case .foreignKey(_, _, let referenced, _) in definition.constraints
            where referenced != .notYetCreated {
                try expect(.references, on: referenced)
            }
        case .createView(let view):
            try expectCreation(of: view.name, or: .createTable)
            if catalog.views[view.name] != nil { try expectOwner(.view(view.name), "relation \(view.name.name)") }
        case .createSchema(_, let owner):
            guard rights.holds(.createSchema) || rights.allows(.create, on: .database(database)) else {
                throw denied("database \(database)")
            }
            guard owner == rights.user else { throw denied("database \(database)") }
        case .renameSchema(let name, _, _): try expectSchema(name, .alter)
        case .renameView(let name, _, _): try expectOwner(.view(name), "relation \(name.name)")
        case .dropSchemas(let names, _): for name in names { try expectSchema(name, .drop, or: .dropSchema) }
        case .dropTables(let dropped, _):
            for table in dropped.tables { try expectDrop(.table(table), catalog.tables[table]?.name) }
            for view in dropped.views { try expectDrop(.view(view), view) }
        case .dropViews(let names, _): for name in names { try expectDrop(.view(name), name) }
        case .alterTable(let alteration): try expectAlter(alteration)
        case .appendTable(let append): try expectAppend(append)
        case .comment(let target, _): try expectOwner(ofCommented: target)
        // What they read the binder has looked at; principals, privileges and policies have rules of their own.
        case .query, .explain, .unload, .access, .alreadyExists, .unchanged, .utility: break
        case .insert, .copy, .delete, .update, .truncate, .lock, .explainAnalyze, .vacuum, .analyze, .statistics,
            .assertion, .analyzeCompression:
            throw SQLError.internalError("rights that were asked before")
        }
    }

    // MARK: Tables

    private func expect(_ privilege: Privileges, on table: TableID) throws(SQLError) {
        guard rights.allows(privilege, on: .table(table)) else { throw denied(table) }
    }

    /// UPDATE on the table, or on each column that is set.
    private func expectUpdate(of table: TableID, by statement: Statement) throws(SQLError) {
        if rights.allows(.update, on: .table(table)) { return }
        var statement = statement
        if case .explain(let explain) = statement { statement = explain.statement }
        guard case .update(let update) = statement else { throw denied(table) }
        for assignment in update.assignments
        where !rights.allows(.update, on: .table(table), column: assignment.column.name) {
            throw denied(table)
        }
    }

    private func expectAlter(_ table: TableID) throws(SQLError) {
        guard rights.holds(.alterTable) || rights.allows(.alter, on: .table(table)) else {
            throw notOwner("relation \(catalog.tables[table]?.name.name ?? "\(table.rawValue)")")
        }
    }

    private func expectAlter(_ alteration: TableAlteration) throws(SQLError) {
        let definition = alteration.definition
        try expectAlter(definition.id)
        let known = catalog.tables[definition.id]?.constraints ?? []
        for constraint in definition.constraints where !known.contains(constraint) {
            if case .foreignKey(_, _, let referenced, _) = constraint { try expect(.references, on: referenced) }
        }
    }

    /// Rows are read, deleted and inserted: all of them, as they are stored.
    /// - Source: Redshift developer guide, "Considerations and limitations using RLS policies": the source of ALTER TABLE
    ///   APPEND.
    private func expectAppend(_ append: TableAppend) throws(SQLError) {
        try expectAlter(append.target.id)
        try expectAlter(append.source.id)
        try expect([.select, .delete], on: append.source.id)
        try expect(.insert, on: append.target.id)
        for column in append.source.columns
        where catalog.policies.hides(column.name, of: append.source.id, from: rights) {
            throw SQLError(
                .insufficientPrivilege, "permission denied for relation \(append.source.name.name)",
                detail: "Policies of row-level security or masking hold for the current user.",
                hint: "Superusers, and who holds IGNORE RLS, may append its rows.")
        }
    }

    /// Its owner may drop it, the schema's owner, and whoever has DROP on it.
    private func expectDrop(_ object: Securable, _ name: TableName?) throws(SQLError) {
        if rights.holds(.dropTable) || rights.allows(.drop, on: object) { return }
        if let name, rights.owns(.schema(name.schema)) { return }
        throw notOwner("relation \(name?.name ?? "")")
    }

    private func expectCreation(of name: TableName, or privilege: SystemPrivilege) throws(SQLError) {
        if name.isTemporary {
            guard rights.allows(.temporary, on: .database(database)) else {
                throw SQLError(
                    .insufficientPrivilege, "permission denied to create temporary tables in database \"\(database)\"")
            }
        } else if !rights.holds(privilege), !rights.allows(.create, on: .schema(name.schema)) {
            throw .permissionDenied(schema: name.schema)
        }
    }

    private func owned(
        _ tables: [TableID], named isNamed: Bool, or privilege: SystemPrivilege
    ) throws(SQLError) -> [TableID] {
        if rights.holds(privilege) { return tables }
        let own = tables.filter { rights.owns(.table($0)) }
        if isNamed, own.count < tables.count, let table = tables.first {
            throw notOwner("relation \(catalog.tables[table]?.name.name ?? "\(table.rawValue)")")
        }
        return own
    }

    private func owned(_ targets: [AnalyzeTarget], named isNamed: Bool) throws(SQLError) -> [AnalyzeTarget] {
        let own = Set(try owned(targets.map(\.table), named: isNamed, or: .analyze))
        return targets.filter { own.contains($0.table) }
    }

    // MARK: Others

    private func expectSchema(
        _ name: String, _ privilege: Privileges, or system: SystemPrivilege? = nil
    ) throws(SQLError) {
        if let system, rights.holds(system) { return }
        guard rights.allows(privilege, on: .schema(name)) else { throw notOwner("schema \(name)") }
    }

    private func expectOwner(_ object: Securable, _ what: String) throws(SQLError) {
        guard rights.owns(object) else { throw notOwner(what) }
    }

    private func expectOwner(ofCommented target: CommentTarget) throws(SQLError) {
        switch target {
        case .database: try expectOwner(.database(database), "database \(database)")
        case .view(let name): try expectOwner(.view(name), "relation \(name.name)")
        case .table(let id), .column(let id, _), .constraint(let id, _):
            try expectOwner(.table(id), "relation \(catalog.tables[id]?.name.name ?? "\(id.rawValue)")")
        }
    }

    private func denied(_ table: TableID) -> SQLError {
        .permissionDenied(relation: catalog.tables[table]?.name.name ?? "\(table.rawValue)")
    }

    private func denied(_ what: String) -> SQLError {
        SQLError(.insufficientPrivilege, "permission denied for \(what)")
    }

    private func notOwner(_ what: String) -> SQLError {
        SQLError(.insufficientPrivilege, "must be owner of \(what)")
    }
}
