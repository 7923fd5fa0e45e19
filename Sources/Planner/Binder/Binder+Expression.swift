import QueryPlan
import SQLSyntax
import SQLTypes

extension Binder {
    func bind(_ expression: SQLSyntax.Expression, in scope: ExpressionScope) throws(SQLError) -> BoundExpression {
        try stack.check()
        let position = expression.position
        switch expression.kind {
        case .literal(let literal): return Self.literal(literal)
        case .typedLiteral(let type, let text):
            return .literal(try parse(text, as: type.type, at: position), type.type)
        case .interval(let interval): return try bind(interval, at: position)
        case .column(let reference): return try bind(reference, in: scope)
        case .outerJoinColumn: throw SQLError.unsupported("outer join operator (+)", at: position.character)
        case .parameter(let number): return try parameter(number, at: position)
        case .operation(let first, let terms): return try bindOperation(first, terms, in: scope)
        case .unary(let unary, let operand): return try bind(unary, operand, at: position, in: scope)
        case .comparison(let left, let comparison, let right):
            if case .row(let a) = left.kind, case .row(let b) = right.kind {
                return try compareRows(a, ComparisonOperator(comparison), b, at: position, in: scope)
            }
            return try bind(left, ComparisonOperator(comparison), right, at: position, in: scope)
        case .and(let terms): return folding.fold(.and(try conditions(terms, "AND", in: scope)))
        case .or(let terms): return folding.fold(.or(try conditions(terms, "OR", in: scope)))
        case .not(let operand): return folding.fold(try condition(operand, "NOT", in: scope).negated)
        case .test(let operand, let test, let isNegated):
            return try bind(operand, test, isNegated: isNegated, at: position, in: scope)
        case .between(let operand, let low, let high, let isNegated):
            let lower = try bind(operand, .greaterOrEqual, low, at: position, in: scope)
            let upper = try bind(operand, .lessOrEqual, high, at: position, in: scope)
            let both = folding.fold(.and([lower, upper]))
            return isNegated ? folding.fold(both.negated) : both
        case .inList(let operand, let list, let isNegated):
            return try bindInList(operand, list, isNegated: isNegated, at: position, in: scope)
        case .like(let match): return try bind(match, at: position, in: scope)
        case .conditional(let conditional): return try bind(conditional, at: position, in: scope)
        case .cast(let operand, let type, let isTry):
            return try bindCast(operand, type, isTry: isTry, at: position, in: scope)
        case .call(let call): return try bind(call, at: position, in: scope)
        case .inQuery(let operand, let query, let isNegated):
            let value = try bindMembership(operand, query, at: position, in: scope)
            return isNegated ? folding.fold(value.negated) : value
        case .exists(let query): return try bindExistence(query, at: position, in: scope)
        case .quantified(let operand, let comparison, let quantifier, let query):
            return try bindQuantified(
                operand, ComparisonOperator(comparison), quantifier, query, at: position, in: scope)
        case .quantifiedArray(let operand, let comparison, let quantifier, let array):
            return try bindQuantified(
                operand, ComparisonOperator(comparison), quantifier, array, at: position, in: scope)
        case .array(let items): return try bindArray(items, at: position, in: scope)
        case .arrayQuery(let query): return try bindArray(of: query, at: position, in: scope)
        case .element(let array, let index): return try bindElement(array, index, at: position, in: scope)
        case .field(let row, let name): return try bindField(row, name, in: scope)
        case .subquery(let query): return try bindScalar(query, at: position, in: scope)
        case .row: throw SQLError.unsupported("row constructor", at: position.character)
        }
    }

    /// A condition for `clause`.
    func condition(
        _ expression: SQLSyntax.Expression, _ clause: String, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = try bind(expression, in: scope)
        if bound.type == .boolean { return bound }
        // An integer filters in Redshift, where sqlalchemy-redshift sends it: `WHERE 1 AND …`.
        if bound.type == .unknown || bound.type.isInteger && clause == "WHERE" {
            return folding.fold(try coercion.cast(bound, to: .boolean, .implicit, at: expression.position))
        }
        throw SQLError.datatypeMismatch(
            "argument of \(clause) must be type boolean, not type \(bound.type.baseName)", at: expression.position)
    }

    private func conditions(
        _ terms: [SQLSyntax.Expression], _ clause: String, in scope: ExpressionScope
    ) throws(SQLError) -> [BoundExpression] {
        var bound: [BoundExpression] = []
        bound.reserveCapacity(terms.count)
        for term in terms { bound.append(try condition(term, clause, in: scope)) }
        return bound
    }

    static func literal(_ literal: SQLSyntax.Expression.Literal) -> BoundExpression {
        switch literal {
        case .null: .literal(.null, .unknown)
        case .boolean(let value): .literal(.boolean(value), .boolean)
        case .integer(let value): .literal(.integer(value), literal.type)
        case .decimal(let value): .literal(.decimal(value), literal.type)
        case .double(let value): .literal(.double(value), .double)
        case .string(let bytes): .literal(.string(bytes), .unknown)
        }
    }

    private func parse(_ text: [UInt8], as type: SQLType, at position: SourcePosition) throws(SQLError) -> SQLValue {
        context.clockUse?.note(parsing: text, as: type)
        do {
            return try type.parse(text, context: dateTimeContext)
        } catch {
            throw error.at(position.character)
        }
    }

    /// What 'now' and 'today' mean in this statement.
    var dateTimeContext: DateTimeContext {
        var result = context.dateTime
        result.transactionStart = context.clock.transactionStart
        return result
    }

    var coercion: Coercion {
        Coercion(dateTime: dateTimeContext, inference: context.inference, clockUse: context.clockUse)
    }

    private func parameter(_ number: Int, at position: SourcePosition) throws(SQLError) -> BoundExpression {
        guard context.parameters.indices.contains(number - 1) else {
            throw SQLError(
                .undefinedParameter, "there is no parameter $\(number)", position: position.character)
        }
        if let type = context.inference?.type(of: number) { return .literal(.null, type) }
        let parameter = context.parameters[number - 1]
        return .literal(parameter.value, parameter.type)
    }

    private func bind(_ reference: ColumnReference, in scope: ExpressionScope) throws(SQLError) -> BoundExpression {
        let name = reference.column.name
        if let qualifier = reference.table {
            guard let table = try table(named: qualifier, in: scope.scope) else {
                throw SQLError.missingFromEntry(qualifier.name.name, at: reference.position)
            }
            let matches = table.columns.filter { $0.name == name }
            if matches.count > 1 { throw SQLError.ambiguousColumn(name, at: reference.position) }
            guard let match = matches.first else {
                throw SQLError.undefinedColumn(name, of: table.alias, at: reference.position)
            }
            // What an UPDATE does not set stays as it is stored.
            let column = reference.isStored ? match.raw : try match.readable(of: table.alias)
            return note(column, reference.position, in: scope)
        }
        if let column = try scope.scope.column(named: name, at: reference.position) {
            return note(column, reference.position, in: scope)
        }
        if let alias = scope.aliases[name] { return alias }
        if let value = try lateralAlias(name, in: scope) { return value }
        for outer in outerScopes.reversed() {
            if let column = try outer.column(named: name, at: reference.position) {
                return .column(column.number, column.type)
            }
        }
        throw SQLError.undefinedColumn(name, at: reference.position)
    }

    /// WHERE may name what the select list computes.
    /// - Source: Redshift's announcement of lateral column aliases; its drivers' own queries.
    private func lateralAlias(_ name: String, in scope: ExpressionScope) throws(SQLError) -> BoundExpression? {
        // While the expression is bound, its own name means nothing.
        guard let expression = scope.listed.removeValue(forKey: name) else { return nil }
        let value = try bind(expression, in: scope)
        scope.aliases[name] = value
        return value
    }

    /// Of this query, else of the nearest around it that has one.
    private func table(named name: QualifiedName, in scope: Scope) throws(SQLError) -> Scope.Table? {
        if let own = try scope.table(named: name) { return own }
        for outer in outerScopes.reversed() { if let found = try outer.table(named: name) { return found } }
        return nil
    }

    private func note(_ column: Scope.Column, _ position: SourcePosition, in scope: ExpressionScope) -> BoundExpression
    {
        if !scope.isInAggregate, scope.positions[column.number] == nil { scope.positions[column.number] = position }
        return .column(column.number, column.type)
    }

    private func bindCast(
        _ operand: SQLSyntax.Expression, _ type: TypeName, isTry: Bool, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = try bind(operand, in: scope)
        if type.type.isLeaderOnly { noteLeaderOnly(type.type) }
        if let parameter = context.inference?.resolve(bound, as: type.type) { return parameter }
        if case .literal(.string(let text), .unknown) = bound, !isTry {
            if type.type.isString || type.type.isAlias {
                return try coercion.cast(bound, to: type.type, .explicit, at: operand.position)
            }
            return .literal(try parse(text, as: type.type, at: operand.position), type.type)
        }
        let result = try coercion.cast(bound, to: type.type, .explicit, at: position, isTry: isTry)
        return folding.fold(result)
    }

    private func bind(
        _ conditional: SQLSyntax.Expression.Conditional, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        var conditions: [BoundExpression] = []
        var results: [BoundExpression] = []
        var places: [SourcePosition] = []
        for branch in conditional.branches {
            if let operand = conditional.operand {
                conditions.append(try bind(operand, .equal, branch.when, at: branch.when.position, in: scope))
            } else {
                conditions.append(try condition(branch.when, "CASE/WHEN", in: scope))
            }
            results.append(try bind(branch.then, in: scope))
            places.append(branch.then.position)
        }
        let otherwise: BoundExpression? =
            if let expression = conditional.otherwise { try bind(expression, in: scope) } else { nil }
        let type = try commonType(results + (otherwise.map { [$0] } ?? []), "CASE", at: position)
        var branches: [BoundExpression.CaseBranch] = []
        for (index, when) in conditions.enumerated() {
            let result = try coercion.cast(results[index], to: type, .explicit, at: places[index])
            // A branch that can never be taken is dropped.
            if case .literal(let value, _) = when, value != .boolean(true) { continue }
            branches.append(BoundExpression.CaseBranch(condition: when, result: result))
        }
        var last: BoundExpression?
        if let otherwise { last = try coercion.cast(otherwise, to: type, .explicit, at: position) }
        if branches.isEmpty { return last ?? .literal(.null, type) }
        if case .literal(.boolean(true), _) = branches[0].condition { return branches[0].result }
        return .caseWhen(branches, otherwise: last, type)
    }

    /// The type that all expressions are brought to; a text if none of them has one.
    func commonType(
        _ expressions: [BoundExpression], _ construct: String, at position: SourcePosition
    ) throws(SQLError) -> SQLType {
        guard let type = SQLType.common(of: expressions.map(\.type)) else {
            let names = expressions.map(\.type.baseName)
            let other = names.first { $0 != names[0] } ?? names[0]
            throw SQLError.datatypeMismatch(
                "\(construct) types \(names[0]) and \(other) cannot be matched", at: position)
        }
        guard type == .unknown || type.isString else { return type }
        // An untyped literal has no length: the type makes room for it.
        var length = type.length ?? 1
        var isASCII = true
        for case .literal(.string(let bytes), .unknown) in expressions {
            length = max(length, bytes.count)
            isASCII = isASCII && bytes.allSatisfy { $0 < 0x80 }
        }
        if case .char = type, isASCII, length <= SQLType.maximumCharLength { return .char(length: length) }
        return .varchar(length: min(length, SQLType.maximumVarcharLength))
    }
}

extension ComparisonOperator {
    init(_ syntax: SQLSyntax.Expression.ComparisonOperator) {
        self =
            switch syntax {
            case .equal: .equal
            case .notEqual: .notEqual
            case .less: .less
            case .lessOrEqual: .lessOrEqual
            case .greater: .greater
            case .greaterOrEqual: .greaterOrEqual
            }
    }
}
