import Catalog
import SQLTypes

extension DatabaseVersion {
    /// Statements that define different things do not wait for one another; what one needs another may have dropped.
    /// - Parameter changes: those of the database that is seen.
    /// - Throws: 40001 if something would be left that needs what is not there.
    func expectWhole(after changes: [CommitRecord.Change]) throws(SQLError) {
        var defines = false
        for change in changes {
            switch change {
            // What the changes have made and dropped again, or called otherwise since, needs no schema of its first name.
            case .createTable(let table):
                if let present = catalog.tables[table.id] { try expectSchema(of: present.name) }
            case .putView(let view): if catalog.views[view.name] != nil { try expectSchema(of: view.name) }
            case .dropTable, .dropView, .dropSchema, .renameView: break
            default: continue
            }
            defines = true
        }
        guard defines else { return }
        for view in catalog.views.values {
            guard view.tables.allSatisfy({ catalog.tables[$0] != nil }),
                view.views.allSatisfy({ catalog.views[$0] != nil })
            else {
                throw SQLError(
                    .serializationFailure, "what view \(view.name) reads was dropped by a concurrent transaction",
                    hint: "Run the transaction again.")
            }
        }
        for case .dropSchema(let name) in changes
        where !TableName.isTemporary(schema: name) && !catalog.schemas.contains(name) {
            guard !catalog.tables.values.contains(where: { $0.name.schema == name }),
                !catalog.views.keys.contains(where: { $0.schema == name })
            else {
                throw SQLError(
                    .serializationFailure, "a concurrent transaction has made something in schema \(name)",
                    hint: "Run the transaction again.")
            }
        }
    }

    /// What a change is about must be there. Who is dropped must not be needed in any database: what a user owns would be
    /// nobody's.
    func expectFits(_ change: AccessChange) throws(SQLError) {
        switch change {
        case .setOwner(let object, _), .setAccess(let object, _): try expect(object)
        case .setColumnAccess(.table(let id), let column, let list):
            try expect(.table(id))
            guard list.isEmpty || catalog.tables[id]?.column(named: column) != nil else {
                throw Self.overtaken("column \"\(column)\"")
            }
        case .setColumnAccess(let object, _, _): try expect(object)
        case .dropUser(let id):
            for name in databaseNames {
                let catalog = seen(from: name).catalog
                guard let reason = catalog.use(of: id) else { continue }
                throw SQLError.cannotDrop("user", catalog.principals.userName(id), because: "the user \(reason)")
            }
        case .dropGroup(let id):
            for name in databaseNames where seen(from: name).catalog.access.names(.group(id)) {
                throw SQLError.cannotDrop(
                    "group", catalog.principals.groups[id]?.name ?? "\(id.rawValue)",
                    because: "the group has a privilege on some object")
            }
        default: break
        }
    }

    private func expect(_ object: Securable) throws(SQLError) {
        switch object {
        case .table(let id) where catalog.tables[id] == nil: throw Self.overtaken("relation \(id.rawValue)")
        case .view(let name) where catalog.views[name] == nil: throw Self.overtaken("relation \"\(name)\"")
        case .schema(let name) where !catalog.schemas.contains(name) && !TableName.isTemporary(schema: name):
            throw Self.overtaken("schema \"\(name)\"")
        default: break
        }
    }

    private static func overtaken(_ what: String) -> SQLError {
        SQLError(
            .serializationFailure, "\(what) was dropped or changed by a concurrent transaction",
            hint: "Run the transaction again.")
    }

    private func expectSchema(of name: TableName) throws(SQLError) {
        guard catalog.schemas.contains(name.schema) || name.isTemporary else {
            throw SQLError(
                .serializationFailure, "schema \(name.schema) was dropped by a concurrent transaction",
                hint: "Run the transaction again.")
        }
    }
}
