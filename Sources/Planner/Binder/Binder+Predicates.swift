import QueryPlan
import SQLSyntax
import SQLTypes

extension Binder {
    func bind(
        _ operand: SQLSyntax.Expression, _ test: SQLSyntax.Expression.TruthTest, isNegated: Bool,
        at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        switch test {
        case .null: return folding.fold(.isNull(try bind(operand, in: scope), isNegated: isNegated))
        case .unknown:
            return folding.fold(.isNull(try condition(operand, "IS UNKNOWN", in: scope), isNegated: isNegated))
        case .true:
            return folding.fold(
                .isBoolean(try condition(operand, "IS TRUE", in: scope), true, isNegated: isNegated))
        case .false:
            return folding.fold(
                .isBoolean(try condition(operand, "IS FALSE", in: scope), false, isNegated: isNegated))
        }
    }

    /// Constants become one list of the operand's type; other items, and a NULL, are compared one by one.
    func bindInList(
        _ operand: SQLSyntax.Expression, _ list: [SQLSyntax.Expression], isNegated: Bool, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = text(try listed(try bind(operand, in: scope), list, in: scope))
        var values: [SQLValue] = []
        var known: Set<SQLValue> = []
        var terms: [BoundExpression] = []
        for item in list {
            let term = try compare(bound, .equal, try bind(item, in: scope), at: item.position)
            if case .comparison(.equal, bound, .literal(let value, _)) = term {
                if known.insert(value).inserted { values.append(value) }
            } else {
                terms.append(term)
            }
        }
        if values.count == 1 {
            terms.append(.comparison(.equal, bound, .literal(values[0], bound.type)))
        } else if values.count > 1 {
            terms.append(.inList(bound, values, isNegated: false))
        }
        let result = terms.count == 1 ? terms[0] : folding.fold(.or(terms))
        return isNegated ? folding.fold(result.negated) : result
    }

    /// `$1 IN (2, 3)`: a parameter without a type takes that of the first item that has one.
    private func listed(
        _ operand: BoundExpression, _ list: [SQLSyntax.Expression], in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        guard ParameterInference.isPlaceholder(operand) else { return operand }
        for item in list {
            let type = try bind(item, in: scope).type
            if let parameter = context.inference?.resolve(operand, as: type) { return parameter }
        }
        return operand
    }

    func bind(
        _ match: SQLSyntax.Expression.PatternMatch, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let subject = try string(match.subject, match.dialect.rawValue, at: position, in: scope)
        let pattern = try string(match.pattern, match.dialect.rawValue, at: position, in: scope)
        var escape: UInt8? = UInt8(ascii: "\\")
        if let expression = match.escape {
            guard case .literal(.string(let bytes), _) = try bind(expression, in: scope) else {
                throw SQLError.unsupported("an ESCAPE that is not a literal", at: expression.position.character)
            }
            guard bytes.count <= 1 else {
                throw SQLError(
                    .invalidEscapeSequence, "invalid escape string",
                    hint: "Escape string must be empty or one character.",
                    position: expression.position.character)
            }
            escape = bytes.first
        }
        let kind: BoundExpression.MatchKind =
            switch match.dialect {
            case .like: .like(escape: escape)
            case .ilike: .ilike(escape: escape)
            case .similar: .similarTo(escape: escape)
            }
        if case .literal(.null, _) = pattern { return .literal(.null, .boolean) }
        return .match(subject, pattern: pattern, kind, isNegated: match.isNegated)
    }

    private func string(
        _ expression: SQLSyntax.Expression, _ name: String, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let bound = text(try bind(expression, in: scope))
        if bound.type.isString { return bound }
        guard SQLType.canCast(from: bound.type, to: .text, context: .implicit) else {
            throw SQLError.undefinedOperator(name, bound.type, .text, at: position)
        }
        return folding.fold(try coercion.cast(bound, to: .text, .implicit, at: position))
    }
}
