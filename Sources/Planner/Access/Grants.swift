import Catalog
import SQLSyntax
import SQLTypes

/// GRANT and REVOKE on objects.
/// - Source: Redshift developer guide, "GRANT", "REVOKE" and their usage notes.
extension Planner {
    func grant(_ grant: GrantStatement) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess(grant.isGrant ? "GRANT" : "REVOKE", [])
        switch grant.object {
        case .system: planned.changes = try systemPrivileges(grant)
        case .routines(let kind, let routines):
            let name = routines.first?.name.name ?? Identifier("")
            throw SQLError(
                .undefinedFunction, "\(kind.rawValue.lowercased()) \(name.name) does not exist",
                position: name.position.character)
        case .allRoutines(_, let schemas): for schema in schemas { try expectSchema(schema) }
        case .newTables, .newRoutines:
            throw SQLError(.syntaxError, "ON TABLES is for ALTER DEFAULT PRIVILEGES")
        default:
            let targets = try grantees(grant)
            if grant.privileges.contains(where: { !$0.columns.isEmpty }) {
                planned.changes = try columnGrants(grant, targets)
            } else {
                for (object, name) in try objects(of: grant.object) {
                    planned.changes += try changes(of: grant, on: object, name, targets)
                }
            }
        }
        return planned
    }

    // MARK: Objects

    /// With what messages call them.
    private func objects(
        of object: GrantStatement.Object
    ) throws(SQLError) -> [(Securable, String)] {
        var objects: [(Securable, String)] = []
        switch object {
        case .tables(let names): for name in names { objects.append(try relation(name)) }
        case .allTables(let schemas):
            for schema in schemas {
                try expectSchema(schema)
                let tables = context.catalog.tables.values.filter { $0.name.schema == schema.name }
                objects += tables.sorted { $0.id < $1.id }.map { (.table($0.id), "relation \($0.name.name)") }
                let views = context.catalog.views.keys.filter { $0.schema == schema.name }
                objects += views.sorted().map { (.view($0), "relation \($0.name)") }
            }
        case .schemas(let names):
            for name in names {
                try expectSchema(name)
                objects.append((.schema(name.name), "schema \(name.name)"))
            }
        case .databases(let names):
            for name in names {
                guard name.name == context.database || context.catalog.databases[name.name] != nil else {
                    throw SQLError(
                        .invalidCatalogName, "database \"\(name.name)\" does not exist",
                        position: name.position.character)
                }
                objects.append((.database(name.name), "database \(name.name)"))
            }
        case .languages(let names):
            for name in names {
                guard Self.languages.contains(name.name) else {
                    throw SQLError(
                        .undefinedObject, "language \"\(name.name)\" does not exist",
                        position: name.position.character)
                }
                objects.append((.language(name.name), "language \(name.name)"))
            }
        default: throw SQLError.internalError("objects of no kind")
        }
        return objects
    }

    /// Those that every cluster has.
    static let languages = ["internal", "c", "sql", "plpythonu", "plpgsql"]

    private func relation(_ name: QualifiedName) throws(SQLError) -> (Securable, String) {
        let binder = Binder(context)
        if let view = binder.view(named: name) { return (.view(view.name), "relation \(view.name.name)") }
        let table = try binder.resolveTable(name)
        return (.table(table.id), "relation \(table.name.name)")
    }

    private func expectSchema(_ name: Identifier) throws(SQLError) {
        guard context.catalog.schemas.contains(name.name), !TableName.isTemporary(schema: name.name) else {
            throw SQLError(
                .invalidSchemaName, "schema \"\(name.name)\" does not exist", position: name.position.character)
        }
    }

    // MARK: Who

    struct Target {
        var grantee: Grantee
        var withOption: Bool
    }

    func grantees(_ grant: GrantStatement) throws(SQLError) -> [Target] {
        var targets: [Target] = []
        for target in grant.targets {
            let grantee: Grantee
            switch target.name {
            case .everyone: grantee = .everyone
            case .user(let name): grantee = .user(try user(name).id)
            case .group(let name): grantee = .group(try group(name).id)
            case .role(let name): grantee = .role(try role(name).id)
            }
            if target.withOption || grant.grantOptionOnly, !grantee.isUser {
                throw SQLError(
                    .invalidGrantOperation, "grant options can only be granted to individual users",
                    position: target.position.character)
            }
            targets.append(Target(grantee: grantee, withOption: target.withOption))
        }
        return targets
    }

    /// The privileges that are named, which must exist for such objects.
    func privileges(
        _ named: [GrantStatement.Privilege], of all: Privileges, _ what: String
    ) throws(SQLError) -> Privileges {
        if named.isEmpty { return all }
        var privileges: Privileges = []
        for item in named {
            guard let privilege = Privileges(named: item.name), all.isSuperset(of: privilege) else {
                throw SQLError(
                    .invalidGrantOperation, "invalid privilege type \(item.name) for \(what)",
                    position: item.position.character)
            }
            privileges.formUnion(privilege)
        }
        return privileges
    }

    // MARK: Lists

    private func changes(
        of grant: GrantStatement, on object: Securable, _ name: String, _ targets: [Target]
    ) throws(SQLError) -> [AccessChange] {
        let kind = String(name.prefix { $0 != " " })
        let wanted = try privileges(grant.privileges, of: object.allPrivileges, kind)
        let owner = context.catalog.access.owner(of: object)
        let (grantor, privileges) = try grantor(of: wanted, on: object, owner, name)
        var list = context.catalog.access.list(of: object)
        var columns = context.catalog.access.columns[object] ?? [:]
        for target in targets where target.grantee != .user(owner) {
            if grant.isGrant {
                try expectNoColumns(columns, target.grantee, privileges, name)
                list.grant(
                    AccessEntry(
                        grantee: target.grantee, grantor: grantor, privileges: privileges,
                        grantable: target.withOption ? privileges : []))
                continue
            }
            list.revoke(
                privileges, from: target.grantee, by: grantor, grantOptionOnly: grant.grantOptionOnly)
            if grant.grantOptionOnly { continue }
            for column in columns.keys {
                columns[column]?.revoke(privileges, from: target.grantee, by: owner, grantOptionOnly: false)
            }
        }
        try revokeOrphans(&list, owner, isCascade: grant.isCascade)
        let known = context.catalog.access.columns[object] ?? [:]
        let changed = columns.filter { known[$0.key] != $0.value }.sorted { $0.key < $1.key }
        return [.setAccess(object, list)] + changed.map { .setColumnAccess(object, column: $0.key, $0.value) }
    }

    /// In whose name the statement gives or takes, and what of it is his: superusers act for the owner.
    private func grantor(
        of wanted: Privileges, on object: Securable, _ owner: UserID, _ name: String
    ) throws(SQLError) -> (UserID, Privileges) {
        guard let rights = context.rights, !rights.owns(object) else { return (owner, wanted) }
        let own = wanted.each.filter { rights.mayGrant($0, on: object) }.reduce(into: Privileges()) {
            $0.formUnion($1)
        }
        guard !own.isEmpty else {
            throw SQLError(.insufficientPrivilege, "permission denied for \(name)")
        }
        return (rights.user, own)
    }

    /// Nobody keeps what was given by somebody who may no longer give it.
    private func revokeOrphans(
        _ list: inout AccessList, _ owner: UserID, isCascade: Bool
    ) throws(SQLError) {
        while let orphan = list.orphans(owner: owner).first {
            guard isCascade else {
                throw SQLError(
                    .dependentObjectsStillExist, "dependent privileges exist",
                    hint: "Use CASCADE to revoke them too.")
            }
            list.revoke(orphan.privileges, from: orphan.grantee, by: orphan.grantor, grantOptionOnly: false)
        }
    }

    private func expectNoColumns(
        _ columns: [String: AccessList], _ grantee: Grantee, _ privileges: Privileges, _ name: String
    ) throws(SQLError) {
        guard columns.values.contains(where: { !$0.privileges(of: grantee).isDisjoint(with: privileges) }) else {
            return
        }
        throw SQLError(
            .invalidGrantOperation, "the grantee has the privilege on columns of \(name) already",
            hint: "Revoke it from them first.")
    }

    /// `GRANT SELECT (a, b), UPDATE (c) ON t`.
    private func columnGrants(
        _ grant: GrantStatement, _ targets: [Target]
    ) throws(SQLError) -> [AccessChange] {
        guard case .tables(let names) = grant.object else {
            throw SQLError(
                .invalidGrantOperation, "column privileges are only valid for relations",
                position: grant.privileges.first?.position.character)
        }
        if let target = grant.targets.first(where: \.withOption) {
            throw SQLError.unsupported(
                "WITH GRANT OPTION for column privileges", at: target.position.character)
        }
        var changes: [AccessChange] = []
        for name in names {
            let (object, shown) = try relation(name)
            let owner = context.catalog.access.owner(of: object)
            guard context.rights?.owns(object) ?? true else {
                throw SQLError(.insufficientPrivilege, "permission denied for \(shown)")
            }
            let whole = context.catalog.access.list(of: object)
            var lists = context.catalog.access.columns[object] ?? [:]
            var touched: Set<String> = []
            for item in grant.privileges {
                let privilege = try columnPrivilege(item, of: object)
                for column in item.columns {
                    try expectColumn(column, of: object, shown)
                    touched.insert(column.name)
                    for target in targets {
                        let held = whole.privileges(of: target.grantee)
                        if grant.isGrant {
                            lists[column.name, default: AccessList()].grant(
                                AccessEntry(
                                    grantee: target.grantee, grantor: owner,
                                    privileges: privilege.subtracting(held)))
                        } else if !held.isDisjoint(with: privilege) {
                            throw SQLError(
                                .invalidGrantOperation,
                                "the privilege was granted on \(shown) as a whole, and must be revoked there",
                                position: item.position.character)
                        } else {
                            lists[column.name]?.revoke(
                                privilege, from: target.grantee, by: owner, grantOptionOnly: false)
                        }
                    }
                }
            }
            changes += touched.sorted().map { .setColumnAccess(object, column: $0, lists[$0] ?? AccessList()) }
        }
        return changes
    }

    private func columnPrivilege(
        _ item: GrantStatement.Privilege, of object: Securable
    ) throws(SQLError) -> Privileges {
        var all: Privileges = [.select, .update]
        if case .view = object { all = .select }
        if item.name == "ALL", !item.columns.isEmpty { return all }
        guard !item.columns.isEmpty else {
            throw SQLError(
                .invalidGrantOperation, "privileges on columns and on the whole cannot be mixed",
                position: item.position.character)
        }
        return try privileges([item], of: all, "column")
    }

    private func expectColumn(_ column: Identifier, of object: Securable, _ shown: String) throws(SQLError) {
        let exists: Bool
        switch object {
        case .table(let id): exists = context.catalog.tables[id]?.column(named: column.name) != nil
        case .view(let name):
            guard let view = context.catalog.views[name] else { return }
            if view.columns.isEmpty {
                throw SQLError.unsupported(
                    "column privileges on a late-binding view", at: column.position.character)
            }
            exists = view.columns.contains { $0.name == column.name }
        default: exists = false
        }
        guard exists else {
            throw SQLError(
                .undefinedColumn, "column \"\(column.name)\" of \(shown) does not exist",
                position: column.position.character)
        }
    }
}

extension Grantee {
    var isUser: Bool { if case .user = self { true } else { false } }
}
