import Catalog
import SQLSyntax
import SQLTypes

/// CREATE, ALTER, DROP, ATTACH and DETACH MASKING POLICY.
extension Planner {
    func maskingPolicy(_ statement: PolicyStatement) throws(SQLError) -> PlannedAccess {
        switch statement {
        case .createMaskingPolicy(let name, let ifNotExists, let inputs, let expressions):
            return try createMaskingPolicy(name, ifNotExists, inputs, expressions)
        case .alterMaskingPolicy(let name, let expressions):
            var policy = try maskingPolicy(name)
            try check(expressions, policy.inputs, name)
            guard expressions.count == policy.expressions.count else {
                throw SQLError(
                    .invalidParameterValue, "masking policy \"\(name.name)\" has \(policy.expressions.count) outputs",
                    position: name.position.character)
            }
            policy.expressions = expressions.map { Printer.print($0) }
            (policy.modifiedBy, policy.modifiedAt) = (context.userID, context.clock.statementStart)
            return PlannedAccess("ALTER MASKING POLICY", [.policy(.putMaskingPolicy(policy))])
        case .dropMaskingPolicy(let name, let ifExists, let isCascade):
            return try dropMaskingPolicy(name, ifExists, isCascade)
        case .attachMaskingPolicy(let name, let table, let outputs, let inputs, let grantee, let priority):
            return try attach(name, table, outputs, inputs.isEmpty ? outputs : inputs, grantee, priority)
        case .detachMaskingPolicy(let name, let table, let outputs, let grantee):
            return try detach(name, table, outputs, grantee)
        default: throw SQLError.internalError("a statement about masking was expected")
        }
    }

    private func createMaskingPolicy(
        _ name: Identifier, _ ifNotExists: Bool, _ declared: [PolicyStatement.Column],
        _ expressions: [SQLSyntax.Expression]
    ) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("CREATE MASKING POLICY", [])
        guard policies.maskingPolicies[name.name] == nil else {
            guard ifNotExists else { throw Self.duplicate("masking policy", name) }
            planned.notices = ["masking policy \"\(name.name)\" already exists and will be skipped"]
            return planned
        }
        let inputs = declared.map { PolicyColumn($0.name.name, $0.type.type) }
        try check(expressions, inputs, name)
        let policy = MaskingPolicy(
            name: name.name, inputs: inputs, expressions: expressions.map { Printer.print($0) },
            searchPath: context.searchPath, modifiedBy: context.userID, modifiedAt: context.clock.statementStart)
        planned.changes = [.policy(.putMaskingPolicy(policy))]
        return planned
    }

    private func check(
        _ expressions: [SQLSyntax.Expression], _ inputs: [PolicyColumn], _ name: Identifier
    ) throws(SQLError) {
        _ = try Binder(context).checkMasking(expressions, inputs)
    }

    private func maskingPolicy(_ name: Identifier) throws(SQLError) -> MaskingPolicy {
        guard let policy = policies.maskingPolicies[name.name] else {
            throw SQLError(
                .undefinedObject, "masking policy \"\(name.name)\" does not exist",
                position: name.position.character)
        }
        return policy
    }

    private func dropMaskingPolicy(
        _ name: Identifier, _ ifExists: Bool, _ isCascade: Bool
    ) throws(SQLError) -> PlannedAccess {
        var planned = PlannedAccess("DROP MASKING POLICY", [])
        if ifExists, policies.maskingPolicies[name.name] == nil {
            planned.notices = ["masking policy \"\(name.name)\" does not exist and will be skipped"]
            return planned
        }
        let policy = try maskingPolicy(name)
        if !isCascade, policies.maskingAttachments.contains(where: { $0.policy == policy.name }) {
            throw SQLError(
                .dependentObjectsStillExist,
                "masking policy \"\(policy.name)\" cannot be dropped because it is attached to some column",
                position: name.position.character)
        }
        planned.changes = [.policy(.dropMaskingPolicy(policy.name))]
        return planned
    }

    private func attach(
        _ name: Identifier, _ tableName: QualifiedName, _ outputs: [Identifier], _ inputs: [Identifier],
        _ granteeName: GranteeName, _ priority: Int64
    ) throws(SQLError) -> PlannedAccess {
        let policy = try maskingPolicy(name)
        let table = try guardedTable(tableName)
        let grantee = try policyGrantee(granteeName, name.position)
        guard outputs.count == policy.expressions.count, inputs.count == policy.inputs.count else {
            throw SQLError(
                .invalidParameterValue,
                "masking policy \"\(policy.name)\" has \(policy.inputs.count) inputs and "
                    + "\(policy.expressions.count) outputs", position: tableName.position.character)
        }
        for (declared, column) in zip(policy.inputs, inputs) {
            try expectSameKind(
                try definition(ofColumn: column, of: table).type, declared.type, column.name, column.position)
        }
        let types = try Binder(context).checkMasking(
            try policy.expressions.map { text throws(SQLError) in try parseExpression(text) }, policy.inputs)
        for (type, column) in zip(types, outputs) {
            let own = try definition(ofColumn: column, of: table)
            if type != .unknown { try expectSameKind(own.type, type, column.name, column.position) }
            for other in policies.maskingAttachments(of: table.id) where other.outputs.contains(column.name) {
                let reason = other.grantee == grantee ? "the same grantee" : "the same priority"
                guard other.grantee != grantee, other.priority != priority else {
                    throw SQLError(
                        .duplicateObject,
                        "a masking policy is attached to column \"\(column.name)\" with \(reason) already",
                        position: column.position.character)
                }
            }
        }
        let attachment = MaskingAttachment(
            policy: policy.name, table: table.id, outputs: outputs.map(\.name), inputs: inputs.map(\.name),
            grantee: grantee, grantor: context.userID, priority: priority)
        return PlannedAccess("ATTACH MASKING POLICY", [.policy(.attachMaskingPolicy(attachment))])
    }

    private func detach(
        _ name: Identifier, _ tableName: QualifiedName, _ outputs: [Identifier], _ granteeName: GranteeName
    ) throws(SQLError) -> PlannedAccess {
        let policy = try maskingPolicy(name)
        let table = try guardedTable(tableName)
        let grantee = try policyGrantee(granteeName, name.position)
        let names = outputs.map(\.name)
        guard
            let attachment = policies.maskingAttachments(of: table.id).first(where: {
                $0.policy == policy.name && $0.grantee == grantee && $0.outputs == names
            })
        else {
            throw SQLError(
                .undefinedObject, "masking policy \"\(policy.name)\" is not attached there",
                position: name.position.character)
        }
        return PlannedAccess("DETACH MASKING POLICY", [.policy(.detachMaskingPolicy(attachment))])
    }

    private func definition(
        ofColumn name: Identifier, of table: TableDefinition
    ) throws(SQLError) -> Catalog.ColumnDefinition {
        guard let column = table.columns.first(where: { $0.name == name.name }) else {
            throw SQLError(
                .undefinedColumn, "column \"\(name.name)\" of relation \"\(table.name.name)\" does not exist",
                position: name.position.character)
        }
        return column
    }
}
