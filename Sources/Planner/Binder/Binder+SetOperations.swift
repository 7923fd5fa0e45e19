import QueryPlan
import SQLSyntax
import SQLTypes

/// UNION, INTERSECT and EXCEPT (MINUS). The last two group the rows of both sides together and count on which side each
/// group was seen: so nulls are equal to each other.
///
///     a UNION ALL b     union
///     a UNION b         distinct(union)
///     a INTERSECT b     filter(count(in a) > 0, count(in b) > 0, aggregate(all columns, union))
///     a EXCEPT b        filter(count(in a) > 0, count(in b) = 0, aggregate(all columns, union))
/// - Source: Redshift developer guide, "UNION, INTERSECT, and EXCEPT".
extension Binder {
    func bind(
        _ first: QueryBody, _ terms: [SetOperationTerm], of query: Query
    ) throws(SQLError) -> BoundQuery {
        let keepsUntyped = keepsUntypedLiterals
        defer { keepsUntypedLiterals = keepsUntyped }
        var result = try bindOperand(first, query.position)
        var depth = 0
        for (index, term) in terms.enumerated() {
            // A run of UNIONs is one node, whatever its length.
            if term.kind != .union
                || (index > 0 && (terms[index - 1].kind, terms[index - 1].isAll) != (.union, term.isAll))
            {
                depth += 1
            }
            guard depth <= Self.setOperationDepthMaximum else { throw SQLError.tooDeep(at: term.position) }
            if term.isAll, term.kind != .union {
                throw SQLError.unsupported("\(term.kind.rawValue) ALL", at: term.position.character)
            }
            result = try combined(result, term, try bindOperand(term.body, term.position))
        }
        return try ordered(result, by: query)
    }

    /// How many set operations may stand on each other; each is a few levels of the plan.
    private static let setOperationDepthMaximum = 60

    func bindOperand(_ body: QueryBody, _ position: SourcePosition) throws(SQLError) -> BoundQuery {
        try stack.check()
        // A NULL or a string without a type takes that of the other side.
        keepsUntypedLiterals = true
        switch body {
        case .nested(let query): return try bind(query)
        case .select(let select): return try bind(select, of: Query(body, at: position))
        case .setOperation(let first, let terms): return try bind(first, terms, of: Query(body, at: position))
        }
    }

    func combined(
        _ left: BoundQuery, _ term: SetOperationTerm, _ right: BoundQuery
    ) throws(SQLError) -> BoundQuery {
        let name = term.kind.rawValue
        guard left.output.count == right.output.count else {
            throw SQLError(
                .syntaxError, "each \(name) query must have the same number of columns",
                position: term.position.character)
        }
        var types: [SQLType] = []
        for (a, b) in zip(left.output, right.output) {
            types.append(
                try commonType(
                    [registry.expression(a.column), registry.expression(b.column)].map { registry.expanded($0) }, name,
                    at: term.position))
        }
        let output = zip(left.output, types).map { item, type in
            (name: item.name, column: registry.add(name: item.name, type: type, origin: .constant))
        }
        let columns = output.map(\.column)
        let (a, b) = (
            try operand(left, as: types, at: term.position), try operand(right, as: types, at: term.position)
        )
        if term.kind == .union {
            let union = LogicalNode.union(flattened(a, isAll: term.isAll) + [b], columns: columns)
            return BoundQuery(root: term.isAll ? union : .distinct(columns, union), output: output)
        }
        return BoundQuery(root: matched(term.kind, a, b, columns), output: output)
    }

    /// A chain of UNION ALL is one union, and one of UNION, which would take equal rows away again and again, too.
    private func flattened(_ input: UnionInput, isAll: Bool) -> [UnionInput] {
        var node = input.node
        if !isAll, case .distinct(let columns, let inner) = node, columns == input.columns { node = inner }
        guard case .union(let inputs, let columns) = node, columns == input.columns else { return [input] }
        return inputs
    }

    func operand(
        _ query: BoundQuery, as types: [SQLType], at position: SourcePosition
    ) throws(SQLError) -> UnionInput {
        var computed: [ComputedColumn] = []
        var columns: [Int] = []
        for (item, type) in zip(query.output, types) {
            var expression = registry.expression(item.column)
            if expression.type == .unknown { expression = registry.expanded(expression) }
            if expression.type != type { expression = try coercion.cast(expression, to: type, .explicit, at: position) }
            columns.append(column(for: expression, named: item.name, in: &computed))
        }
        return UnionInput(node: computed.isEmpty ? query.root : .project(computed, query.root), columns: columns)
    }

    private func matched(
        _ kind: SetOperationTerm.Kind, _ left: UnionInput, _ right: UnionInput, _ columns: [Int]
    ) -> LogicalNode {
        /// One more column on each side, null on the side that it does not count.
        var (a, b) = (left, right)
        var sides: [Int] = []
        for isLeft in [true, false] {
            let (one, none) = (BoundExpression.literal(.integer(1), .integer), BoundExpression.literal(.null, .integer))
            for (input, value) in [(true, isLeft ? one : none), (false, isLeft ? none : one)] {
                let mark = registry.add(name: "side", type: .integer, origin: .expression(value))
                let item = ComputedColumn(column: mark, expression: value)
                if input {
                    a = UnionInput(node: .project([item], a.node), columns: a.columns + [mark])
                } else {
                    b = UnionInput(node: .project([item], b.node), columns: b.columns + [mark])
                }
            }
            sides.append(registry.add(name: "side", type: .integer, origin: .constant))
        }
        let calls = sides.map { side in
            var call = LogicalAggregate.Call(
                column: -1, function: "count", arguments: [side], isDistinct: false, result: .bigint)
            call.column = registry.add(name: "count", type: .bigint, origin: .constant)
            registry.setOrigin(of: call.column, .aggregate(call))
            return call
        }
        let zero = BoundExpression.literal(.integer(0), .bigint)
        return .filter(
            [
                .comparison(.greater, registry.expression(calls[0].column), zero),
                .comparison(kind == .intersect ? .greater : .equal, registry.expression(calls[1].column), zero),
            ],
            .aggregate(
                LogicalAggregate(groups: columns, calls: calls), .union([a, b], columns: columns + sides)))
    }

    /// ORDER BY and LIMIT of a set operation, or of a query in parentheses: over the result's columns.
    func ordered(_ bound: BoundQuery, by query: Query) throws(SQLError) -> BoundQuery {
        var node = bound.root
        let scope = Scope()
        scope.tables = [
            Scope.Table(
                alias: "", schema: nil,
                columns: bound.output.map {
                    Scope.Column(name: $0.name, number: $0.column, type: registry.type($0.column))
                })
        ]
        var computed: [ComputedColumn] = []
        var keys: [SortColumn] = []
        for item in query.orderBy {
            let key: Int
            if case .literal(.integer(let ordinal)) = item.expression.kind {
                guard let index = Int(exactly: ordinal), bound.output.indices.contains(index - 1) else {
                    throw SQLError(
                        .invalidColumnReference, "ORDER BY position \(ordinal) is not in select list",
                        position: item.expression.position.character)
                }
                key = bound.output[index - 1].column
            } else {
                let expression = try bind(item.expression, in: ExpressionScope(scope, clause: "ORDER BY"))
                if case .literal = expression { continue }
                key = column(for: expression, in: &computed)
            }
            if keys.contains(where: { $0.column == key }) { continue }
            keys.append(
                SortColumn(
                    column: key, isDescending: item.isDescending, nullsFirst: item.nullsFirst ?? item.isDescending))
        }
        if !computed.isEmpty { node = .project(computed, node) }
        if !keys.isEmpty { node = .sort(keys, node) }
        return BoundQuery(root: try limited(node, nil, query), output: bound.output)
    }
}
