import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, DROP, ATTACH and DETACH RLS POLICY, ALTER TABLE … ROW LEVEL SECURITY.
extension Planner {
    func policy(_ statement: PolicyStatement) throws(SQLError) -> PlannedAccess {
        try expectSecurityAdministrator()
        switch statement {
        case .createRowPolicy(let name, let columns, let alias, let predicate):
            return try createRowPolicy(name, columns, alias, predicate)
        case .dropRowPolicy(let name, let ifExists, let isCascade):
            return try dropRowPolicy(name, ifExists, isCascade)
        case .attachRowPolicy(let name, let tables, let grantees):
            return try rowAttachments(name, tables, grantees, isAttach: true)
        case .detachRowPolicy(let name, let tables, let grantees):
            return try rowAttachments(name, tables, grantees, isAttach: false)
        default: return try maskingPolicy(statement)
        }
    }

    var policies: SecurityPolicies { context.catalog.policies }

    /// Superusers, and who has the role sys:secadmin.
    private func expectSecurityAdministrator() throws(SQLError) {
        guard context.rights?.has(RoleDefinition.securityAdministrator.id) ?? true else {
            throw SQLError(
                .insufficientPrivilege, "must be superuser or have the role sys:secadmin to manage policies")
        }
    }

    private func createRowPolicy(
        _ name: Identifier, _ declared: [PolicyStatement.Column], _ alias: Identifier?,
        _ predicate: SQLSyntax.Expression
    ) throws(SQLError) -> PlannedAccess {
        guard policies.rowPolicies[name.name] == nil else { throw Self.duplicate("RLS policy", name) }
        let columns = declared.map { PolicyColumn($0.name.name, $0.type.type) }
        let lookups = try Binder(context).checkRowPolicy(predicate, columns, alias: alias?.name)
        if let guarded = lookups.first(where: { policies.rowSecurity[$0] != nil }) {
            throw SQLError(
                .featureNotSupported,
                "RLS-protected relation \"\(context.catalog.tables[guarded]?.name.name ?? "")\" cannot be used in an "
                    + "RLS policy", position: name.position.character)
        }
        let policy = RowPolicy(
            name: name.name, columns: columns, alias: alias?.name, predicate: Printer.print(predicate),
            searchPath: context.searchPath, lookups: lookups, modifiedBy: context.userID,
            modifiedAt: context.clock.statementStart)
        return PlannedAccess("CREATE RLS POLICY", [.policy(.putRowPolicy(policy))])
    }

    private func rowPolicy(_ name: Identifier) throws(SQLError) -> RowPolicy {
        guard let policy = policies.rowPolicies[name.name] else {
            throw SQLError(
                .undefinedObject, "RLS policy \"\(name.name)\" does not exist", position: name.position.character)
        }
        return policy
    }

    private func dropRowPolicy(
        _ name: Identifier, _ ifExists: Bool, _ isCascade: Bool
    ) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("DROP RLS POLICY", [])
        if ifExists, policies.rowPolicies[name.name] == nil {
            planned.notices = ["RLS policy \"\(name.name)\" does not exist and will be skipped"]
            return planned
        }
        let policy = try rowPolicy(name)
        if !isCascade, policies.rowAttachments.contains(where: { $0.policy == policy.name }) {
            throw SQLError(
                .dependentObjectsStillExist,
                "RLS policy \"\(policy.name)\" cannot be dropped because it is attached to some relation",
                hint: "Use DROP RLS POLICY ... CASCADE to detach it too.", position: name.position.character)
        }
        planned.changes = [.policy(.dropRowPolicy(policy.name))]
        return planned
    }

    private func rowAttachments(
        _ name: Identifier, _ tables: [QualifiedName], _ grantees: [GranteeName], isAttach: Bool
    ) throws(SQLError) -> PlannedAccess {
        let policy = try rowPolicy(name)
        var planned = PlannedAccess(isAttach ? "ATTACH RLS POLICY" : "DETACH RLS POLICY", [])
        for tableName in tables {
            let table = try guardedTable(tableName)
            if isAttach { try expectAttachable(policy, to: table, tableName) }
            for grantee in grantees {
                let attachment = RowPolicyAttachment(
                    policy: policy.name, table: table.id, grantee: try policyGrantee(grantee, name.position),
                    grantor: context.userID)
                let isThere = policies.rowAttachments(of: table.id).contains {
                    $0.policy == policy.name && $0.grantee == attachment.grantee
                }
                guard isThere != isAttach else {
                    throw SQLError(
                        isAttach ? .duplicateObject : .undefinedObject,
                        "RLS policy \"\(policy.name)\" is \(isAttach ? "already" : "not") attached to relation "
                            + "\"\(table.name.name)\" for the grantee", position: name.position.character)
                }
                planned.changes.append(
                    .policy(isAttach ? .attachRowPolicy(attachment) : .detachRowPolicy(attachment)))
            }
        }
        return planned
    }

    private func expectAttachable(
        _ policy: RowPolicy, to table: TableDefinition, _ name: QualifiedName
    ) throws(SQLError) {
        for column in policy.columns {
            guard let own = table.columns.first(where: { $0.name == column.name }) else {
                throw SQLError(
                    .undefinedColumn,
                    "column \"\(column.name)\" of RLS policy \"\(policy.name)\" does not exist in "
                        + "relation \"\(table.name.name)\"", position: name.position.character)
            }
            try expectSameKind(own.type, column.type, own.name, name.position)
        }
        guard !policies.rowPolicies.values.contains(where: { $0.lookups.contains(table.id) }) else {
            throw SQLError(
                .featureNotSupported,
                "an RLS policy cannot be attached to \"\(table.name.name)\", which an RLS policy looks up",
                position: name.position.character)
        }
        for other in policies.rowAttachments(of: table.id) {
            guard policies.rowPolicies[other.policy]?.alias == policy.alias else {
                throw SQLError(
                    .featureNotSupported,
                    "all RLS policies of relation \"\(table.name.name)\" must have the same table alias",
                    position: name.position.character)
            }
        }
    }

    /// Equal but for lengths and precisions.
    func expectSameKind(
        _ type: SQLType, _ declared: SQLType, _ column: String, _ position: SourcePosition
    ) throws(SQLError) {
        guard type.baseName == declared.baseName || type.isString && declared.isString else {
            throw SQLError(
                .datatypeMismatch,
                "column \"\(column)\" has type \(type.description), and the policy expects \(declared.description)",
                position: position.character)
        }
    }

    /// What policies can be attached to here: tables that are not temporary. Redshift knows policies on views, too.
    func guardedTable(_ name: QualifiedName) throws(SQLError) -> TableDefinition {
        if Binder(context.unrestricted).view(named: name) != nil {
            throw SQLError.unsupported("a policy on a view", at: name.position.character)
        }
        let table = try Binder(context).resolveTable(name)
        guard !table.isTemporary else {
            throw SQLError.unsupported("a policy on a temporary table", at: name.position.character)
        }
        return table
    }

    func policyGrantee(_ name: GranteeName, _ position: SourcePosition) throws(SQLError) -> Grantee {
        switch name {
        case .everyone: return .everyone
        case .role(let name): return .role(try role(name).id)
        case .user(let name):
            let user = try user(name)
            guard !user.isSuperuser else {
                throw SQLError(
                    .invalidGrantOperation, "a policy cannot be attached to superuser \"\(user.name)\"",
                    position: name.position.character)
            }
            return .user(user.id)
        case .group:
            throw SQLError(
                .syntaxError, "policies are attached to users, roles and PUBLIC", position: position.character)
        }
    }

    func rowSecurity(
        of table: TableDefinition, isOn: Bool, needsAll: Bool, forDatashares: Bool
    ) throws(SQLError) -> PlannedAccess {
        try expectSecurityAdministrator()
        if table.isTemporary { throw SQLError.unsupported("ROW LEVEL SECURITY of a temporary table") }
        let security = isOn ? RowSecurity(needsAll: needsAll, forDatashares: forDatashares) : nil
        return PlannedAccess("ALTER TABLE", [.policy(.setRowSecurity(table.id, security))])
    }
}
