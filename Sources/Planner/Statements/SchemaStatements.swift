import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, ALTER and DROP SCHEMA, COMMENT ON.
/// - Source: Redshift developer guide, "CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA", "COMMENT".
extension Planner {
    func createSchema(_ create: CreateSchemaStatement) throws(SQLError) -> PlannedStatement {
        if context.catalog.schemas.contains(create.name.name) {
            if create.ifNotExists { return .alreadyExists(create.name.name) }
            throw Self.duplicateSchema(create.name)
        }
        try expectUnreserved(create.name)
        let owner = try create.owner.map { name throws(SQLError) in try user(name).id } ?? context.userID
        if case .megabytes? = create.quota { throw SQLError.unsupported("QUOTA", at: create.name.position.character) }
        return .createSchema(create.name.name, owner: owner)
    }

    func alterSchema(_ alter: AlterSchemaStatement) throws(SQLError) -> PlannedStatement {
        try expectSchema(alter.name)
        switch alter.action {
        case .renameTo(let name):
            try expectUnreserved(name)
            if CatalogSnapshot.isReserved(schema: alter.name.name) || TableName.isTemporary(schema: alter.name.name) {
                throw Self.systemSchema(alter.name)
            }
            if context.catalog.schemas.contains(name.name) { throw Self.duplicateSchema(name) }
            let views = try viewsFollowing(schema: alter.name.name, to: name.name)
            return .renameSchema(alter.name.name, to: name.name, views: views)
        case .ownerTo(let owner):
            return .access(try changeOwner(of: .schema(alter.name.name), to: owner, "ALTER SCHEMA"))
        case .quota(.unlimited): return .unchanged(tag: "ALTER SCHEMA")
        case .quota(.megabytes): throw SQLError.unsupported("QUOTA", at: alter.name.position.character)
        }
    }

    func dropSchemas(_ drop: DropStatement) throws(SQLError) -> PlannedStatement {
        var schemas: [String] = []
        for name in drop.names {
            guard name.schema == nil else {
                throw SQLError(
                    .syntaxError, "a schema's name has one part", position: name.position.character)
            }
            guard context.catalog.schemas.contains(name.name.name) else {
                if drop.ifExists { continue }
                throw Self.undefinedSchema(name.name)
            }
            if CatalogSnapshot.isReserved(schema: name.name.name) || TableName.isTemporary(schema: name.name.name) {
                throw Self.systemSchema(name.name)
            }
            if !schemas.contains(name.name.name) { schemas.append(name.name.name) }
        }
        let catalog = context.catalog
        let tables = catalog.tables.values.filter { schemas.contains($0.name.schema) }.sorted { $0.id < $1.id }
        let views = catalog.views.keys.filter { schemas.contains($0.schema) }.sorted()
        if !drop.isCascade, let first = (tables.map { "table \($0.name)" } + views.map { "view \($0)" }).first {
            throw SQLError(
                .dependentObjectsStillExist,
                "cannot drop schema \(schemas[0]) because other objects depend on it",
                detail: "\(first) depends on it", hint: "Use DROP ... CASCADE to drop the dependent objects too.",
                position: drop.names.first?.position.character)
        }
        return .dropSchemas(schemas, DroppedRelations(tables.map(\.id), views: Set(views), in: catalog))
    }

    // MARK: Comments

    func comment(_ comment: CommentStatement) throws(SQLError) -> PlannedStatement {
        let binder = Binder(context)
        switch comment.target {
        case .table(let name): return .comment(.table(try binder.resolveTable(name).id), comment.text)
        case .view(let name):
            guard let view = binder.view(named: name) else {
                _ = try binder.resolveTable(name)
                throw SQLError(
                    .wrongObjectType, "\"\(name.name.name)\" is not a view", position: name.position.character)
            }
            return .comment(.view(view.name), comment.text)
        case .column(let column, let name):
            let table = try binder.resolveTable(name)
            guard table.column(named: column.name) != nil else {
                throw SQLError(
                    .undefinedColumn, "column \"\(column.name)\" of relation \"\(table.name.name)\" does not exist",
                    position: column.position.character)
            }
            return .comment(.column(table.id, column.name), comment.text)
        case .constraint(let constraint, let name):
            let table = try binder.resolveTable(name)
            guard table.constraintNames.contains(constraint.name) else {
                throw Self.undefinedConstraint(constraint, of: table)
            }
            return .comment(.constraint(table.id, constraint.name), comment.text)
        case .database(let name):
            // Only the current one's can be set; others get a warning, as the guide says.
            guard name.name == context.database else { return .unchanged(tag: "COMMENT") }
            return .comment(.database, comment.text)
        }
    }

    static func undefinedConstraint(_ name: Identifier, of table: TableDefinition) -> SQLError {
        SQLError(
            .undefinedObject, "constraint \"\(name.name)\" of relation \"\(table.name.name)\" does not exist",
            position: name.position.character)
    }

    // MARK: Names

    private func expectSchema(_ name: Identifier) throws(SQLError) {
        guard context.catalog.schemas.contains(name.name) else { throw Self.undefinedSchema(name) }
    }

    private func expectUnreserved(_ name: Identifier) throws(SQLError) {
        guard name.name.hasPrefix("pg_") else { return }
        throw SQLError(
            .reservedName, "unacceptable schema name \"\(name.name)\"",
            detail: "The prefix \"pg_\" is reserved for system schemas.", position: name.position.character)
    }

    private static func undefinedSchema(_ name: Identifier) -> SQLError {
        SQLError(
            .invalidSchemaName, "schema \"\(name.name)\" does not exist", position: name.position.character)
    }

    private static func duplicateSchema(_ name: Identifier) -> SQLError {
        SQLError(.duplicateSchema, "schema \"\(name.name)\" already exists", position: name.position.character)
    }

    private static func systemSchema(_ name: Identifier) -> SQLError {
        SQLError(
            .insufficientPrivilege, "permission denied: \"\(name.name)\" is a system schema",
            position: name.position.character)
    }
}
