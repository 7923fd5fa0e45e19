import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// Row-level security and dynamic data masking, where a table is read: a filter over its scan, and expressions in the
/// place of its columns. Those of the user who runs the query, also inside a view.
/// - Source: Redshift developer guide, "Row-level security", "Dynamic data masking".
extension Binder {
    /// The scan with what the table's policies make of it for this user.
    func guarded(
        _ table: TableDefinition, _ scan: LogicalNode, _ columns: inout [Scope.Column]
    ) throws(SQLError) -> LogicalNode {
        guard let viewer = context.viewer, !context.catalog.policies.isEmpty else { return scan }
        // By the table's own names, whatever the query calls them.
        let raw = zip(table.columns, columns).map { own, column in
            Scope.Column(name: own.name, number: column.number, type: column.type)
        }
        let node = try secured(table, scan, raw, viewer)
        return try masked(table, node, raw, &columns, viewer)
    }

    // MARK: Rows

    /// What the policies leave of the rows, behind a barrier: nothing of the query's own that could tell of the other rows
    /// is asked of them.
    private func secured(
        _ table: TableDefinition, _ scan: LogicalNode, _ columns: [Scope.Column], _ viewer: Rights
    ) throws(SQLError) -> LogicalNode {
        guard let security = context.catalog.policies.rowSecurity[table.id], !viewer.holds(.ignoreRLS) else {
            return scan
        }
        guard case .scan(let relation) = scan else { throw SQLError.internalError("a guarded table without a scan") }
        return .secured(relation: relation, try filteredByPolicies(table, security, scan, columns, viewer))
    }

    private func filteredByPolicies(
        _ table: TableDefinition, _ security: RowSecurity, _ scan: LogicalNode, _ columns: [Scope.Column],
        _ viewer: Rights
    ) throws(SQLError) -> LogicalNode {
        let policies = context.catalog.policies
        var names: [String] = []
        for attachment in policies.rowAttachments(of: table.id)
        where viewer.includes(attachment.grantee) && !names.contains(attachment.policy) {
            names.append(attachment.policy)
        }
        let found = names.compactMap { policies.rowPolicies[$0] }
        // Guarded, and no policy lets this user in.
        guard !found.isEmpty else { return .filter([.literal(.boolean(false), .boolean)], scan) }
        if security.needsAll || found.count == 1 {
            var node = scan
            for policy in found {
                node = try inPolicy(policy.searchPath, lookups: policy.lookups) { () throws(SQLError) in
                    try filtered(node, by: try parseExpression(policy.predicate), in: scope(of: policy, columns))
                }
            }
            return node
        }
        // One of them is enough: each is bound where it belongs, and all are one condition.
        var (node, conditions): (LogicalNode, [BoundExpression]) = (scan, [])
        for policy in found {
            let own = scope(of: policy, columns)
            conditions.append(
                try inPolicy(policy.searchPath, lookups: policy.lookups) { () throws(SQLError) in
                    try condition(try parseExpression(policy.predicate), own.clause, in: own)
                })
            node = applied(own.subqueries, to: node)
        }
        return .filter([.or(conditions)], node)
    }

    /// What a policy may read of the table.
    private func scope(of policy: RowPolicy, _ columns: [Scope.Column]) -> ExpressionScope {
        let readable = Set(policy.columns.map(\.name))
        let scope = Scope()
        scope.tables = [
            Scope.Table(
                alias: policy.alias ?? "", schema: nil, columns: columns.filter { readable.contains($0.name) })
        ]
        return ExpressionScope(scope, clause: "RLS POLICY")
    }

    // MARK: Columns

    private func masked(
        _ table: TableDefinition, _ node: LogicalNode, _ raw: [Scope.Column], _ columns: inout [Scope.Column],
        _ viewer: Rights
    ) throws(SQLError) -> LogicalNode {
        var chosen: [String: MaskingAttachment] = [:]
        for attachment in context.catalog.policies.maskingAttachments(of: table.id)
        where viewer.includes(attachment.grantee) {
            for output in attachment.outputs where attachment.priority > chosen[output]?.priority ?? .min {
                chosen[output] = attachment
            }
        }
        guard !chosen.isEmpty else { return node }
        var computed: [ComputedColumn] = []
        for (position, column) in table.columns.enumerated() {
            guard let attachment = chosen[column.name] else { continue }
            let value = try mask(of: column, attachment, raw)
            let number = registry.add(name: column.name, type: column.type, origin: .expression(value))
            registry.masks.insert(number)
            computed.append(ComputedColumn(column: number, expression: value))
            columns[position].mask(by: number)
        }
        return computed.isEmpty ? node : .project(computed, node)
    }

    private func mask(
        of column: Catalog.ColumnDefinition, _ attachment: MaskingAttachment, _ raw: [Scope.Column]
    ) throws(SQLError) -> BoundExpression {
        guard let policy = context.catalog.policies.maskingPolicies[attachment.policy],
            let place = attachment.outputs.firstIndex(of: column.name), place < policy.expressions.count
        else { throw SQLError.internalError("masking policy \(attachment.policy) has no expression for a column") }
        let scope = Scope()
        var inputs: [Scope.Column] = []
        for (input, name) in zip(policy.inputs, attachment.inputs) {
            guard let source = raw.first(where: { $0.name == name }) else {
                throw SQLError.internalError("masking policy \(policy.name) reads a column that is gone")
            }
            inputs.append(Scope.Column(name: input.name, number: source.number, type: source.type))
        }
        scope.tables = [Scope.Table(alias: "", schema: nil, columns: inputs)]
        return try inPolicy(policy.searchPath) { () throws(SQLError) in
            let expressions = ExpressionScope(scope, clause: "MASKING POLICY")
            let value = try bind(try parseExpression(policy.expressions[place]), in: expressions)
            return try coercion.cast(value, to: column.type, .explicit, at: .unknown)
        }
    }

    // MARK: Definitions

    /// Whether the predicate is one, over columns of these names and types.
    /// - Returns: the tables that it looks up.
    func checkRowPolicy(
        _ predicate: SQLSyntax.Expression, _ columns: [PolicyColumn], alias: String?
    ) throws(SQLError) -> [TableID] {
        let (node, scope) = rows(of: columns, alias: alias)
        _ = try filtered(node, by: predicate, in: ExpressionScope(scope, clause: "RLS POLICY"))
        guard views.isEmpty, !registry.relations.contains(where: \.isVirtual) else {
            throw SQLError.unsupported("a view or a system table in an RLS policy", at: predicate.position.character)
        }
        if tables.contains(where: { context.catalog.tables[$0]?.isTemporary == true }) {
            throw SQLError.unsupported("a temporary table in an RLS policy", at: predicate.position.character)
        }
        return tables.sorted()
    }

    /// The types of masking expressions over columns of these names and types.
    func checkMasking(
        _ expressions: [SQLSyntax.Expression], _ columns: [PolicyColumn]
    ) throws(SQLError) -> [SQLType] {
        let (_, scope) = rows(of: columns, alias: nil)
        var types: [SQLType] = []
        for expression in expressions {
            let own = ExpressionScope(scope, clause: "MASKING POLICY")
            types.append(try bind(expression, in: own).type)
            guard own.subqueries.isEmpty else {
                throw SQLError.unsupported("a subquery in a masking policy", at: expression.position.character)
            }
        }
        return types
    }

    private func rows(of columns: [PolicyColumn], alias: String?) -> (LogicalNode, Scope) {
        let scope = Scope()
        let literals = columns.map { BoundExpression.literal(.null, $0.type) }
        let numbers = zip(columns, literals).map {
            registry.add(name: $0.name, type: $0.type, origin: .expression($1))
        }
        let own = zip(columns, numbers).map { Scope.Column(name: $0.name, number: $1, type: $0.type) }
        scope.tables = [Scope.Table(alias: alias ?? "", schema: nil, columns: own)]
        return (.constants(rows: [literals], columns: numbers), scope)
    }
}
