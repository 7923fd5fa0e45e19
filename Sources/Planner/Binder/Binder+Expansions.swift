import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// Functions that give rows, in FROM and in the select list, and functions that give one value, in FROM.
extension Binder {
    /// `FROM f(a) [AS t (c, …)]`. Arguments see the queries around, not the tables beside it.
    func bindFunction(
        _ call: FunctionCall, _ alias: TableAlias?, at position: SourcePosition
    ) throws(SQLError) -> (LogicalNode, Scope) {
        let scope = ExpressionScope(Scope(), clause: "FROM")
        let source = LogicalNode.constants(rows: [[]], columns: [])
        var node: LogicalNode
        var columns: [Scope.Column]
        if let (expansion, made) = try expansion(call, at: position, in: scope) {
            node = .expand(expansion, applied(scope.subqueries, to: source))
            columns = made
        } else {
            var computed: [ComputedColumn] = []
            let value = text(try bind(call, at: position, in: scope))
            let number = registry.add(name: call.name.name.name, type: value.type, origin: .expression(value))
            computed.append(ComputedColumn(column: number, expression: value))
            node = .project(computed, applied(scope.subqueries, to: source))
            columns = [Scope.Column(name: call.name.name.name, number: number, type: value.type)]
        }
        if let types = alias?.types, !types.isEmpty { node = try cast(&columns, to: types, node, at: position) }
        let shown = alias?.name.name ?? call.name.name.name
        if columns.count == 1, let alias, alias.columns.isEmpty {
            columns[0] = Scope.Column(name: alias.name.name, number: columns[0].number, type: columns[0].type)
        }
        let own = Scope()
        own.tables = [
            Scope.Table(alias: shown, schema: nil, columns: try renamed(columns, alias?.columns ?? [], shown))
        ]
        return (node, own)
    }

    /// A column definition list must have the function's columns, and types that theirs can become.
    private func cast(
        _ columns: inout [Scope.Column], to types: [TypeName], _ node: LogicalNode, at position: SourcePosition
    ) throws(SQLError) -> LogicalNode {
        guard types.count == columns.count else {
            throw SQLError.datatypeMismatch(
                "function return row and query-specified return row do not match", at: position)
        }
        var computed: [ComputedColumn] = []
        for (index, type) in types.enumerated() {
            let column = columns[index]
            let value = try coercion.cast(
                .column(column.number, column.type), to: type.type, .explicit, at: type.position)
            let number = self.column(for: value, named: column.name, in: &computed)
            columns[index] = Scope.Column(name: column.name, number: number, type: value.type)
        }
        return computed.isEmpty ? node : .project(computed, node)
    }

    /// A call in the select list: its value in one of the rows that the block's row becomes.
    func bindExpansion(
        _ call: FunctionCall, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression? {
        guard let (made, columns) = try expansion(call, at: position, in: scope) else { return nil }
        guard let collector = scope.expansions, !scope.isInAggregate, !scope.isInWindow else {
            throw SQLError(
                .featureNotSupported, "set-valued function called in context that cannot accept a set",
                position: position.character)
        }
        // Equal calls run side by side.
        let known = collector.expansions.first {
            $0.function == made.function && $0.arguments == made.arguments
        }
        let expansion = known ?? made
        if known == nil { collector.expansions.append(made) }
        guard columns.count > 1 else { return registry.expression(expansion.columns[0]) }
        return record(expansion.columns, columns.map(\.name), in: collector)
    }

    /// A row as one value: its text, whose column knows the fields.
    private func record(
        _ columns: [Int], _ names: [String], in collector: ExpansionCollector
    ) -> BoundExpression {
        let parts = columns.map { registry.expression($0) }
        let value = BoundExpression.call("ROW", parts, .varchar(length: SQLType.maximumVarcharLength))
        let number = column(for: value, named: "row", in: &collector.records)
        registry.records[number] = zip(names, columns).map { ColumnRegistry.Field(name: $0, column: $1) }
        return .column(number, value.type)
    }

    /// `(row).field`.
    func bindField(
        _ operand: SQLSyntax.Expression, _ field: Identifier, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = try bind(operand, in: scope)
        guard case .column(let number, _) = bound, let fields = registry.records[number] else {
            throw SQLError(
                .wrongObjectType,
                "column notation .\(field.name) applied to type \(bound.type.baseName), which is not a composite type",
                position: field.position.character)
        }
        guard let found = fields.first(where: { $0.name == field.name }) else {
            throw SQLError.undefinedColumn(field.name, at: field.position)
        }
        return registry.expression(found.column)
    }

    /// The call with new columns for what it gives; nil: no function of that name gives rows.
    private func expansion(
        _ call: FunctionCall, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> (LogicalExpansion, [Scope.Column])? {
        let name = call.name.name.name
        let candidates = context.functions.tableFunctions(named: name)
        guard !candidates.isEmpty else { return nil }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument, in: scope)) }
        let types = arguments.map(\.type)
        for candidate in candidates {
            guard let resolution = candidate.resolve(types) else { continue }
            noteLeaderOnly(name, resolution.arguments)
            expandsRows = true
            var cast: [BoundExpression] = []
            for (argument, type) in zip(arguments, resolution.arguments) {
                cast.append(folding.fold(try coercion.cast(argument, to: type, .explicit, at: position)))
            }
            let columns = resolution.columns.map { column in
                Scope.Column(
                    name: column.name, number: registry.add(name: column.name, type: column.type, origin: .constant),
                    type: column.type)
            }
            return (
                LogicalExpansion(function: candidate.name, arguments: cast, columns: columns.map(\.number)), columns
            )
        }
        throw SQLError.undefinedFunction(name, types, at: position)
    }
}

/// The set-valued calls of one select list.
final class ExpansionCollector {
    var expansions: [LogicalExpansion] = []
    /// Those of several columns as one value.
    var records: [ComputedColumn] = []

    /// The node with all of them, one within the other.
    func expanded(_ node: LogicalNode) -> LogicalNode {
        let node = expansions.reduce(node) { .expand($1, $0) }
        return records.isEmpty ? node : .project(records, node)
    }
}
