import QueryPlan
import SQLSyntax
import SQLTypes

extension Binder {
    func bindOperation(
        _ first: SQLSyntax.Expression, _ terms: [SQLSyntax.Expression.OperationTerm], in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        var result = try bind(first, in: scope)
        if terms.count > Self.chainLengthMinimum { return try bindChain(result, terms, in: scope) }
        for term in terms {
            let operand = try bind(term.operand, in: scope)
            result = folding.fold(try bind(result, term.operator, operand, at: term.position))
        }
        return result
    }

    /// Longer chains of operators are kept flat: what comes later recurses.
    private static let chainLengthMinimum = 32
    /// How deep a chain that cannot be flat may nest.
    private static let chainDepthMaximum = 100

    private func bindChain(
        _ first: BoundExpression, _ terms: [SQLSyntax.Expression.OperationTerm], in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        var operands: [BoundExpression] = []
        for term in terms { operands.append(try bind(term.operand, in: scope)) }
        let isText = ([first] + operands).allSatisfy { $0.type.isString || $0.type == .unknown }
        let joins = terms.allSatisfy { $0.operator == .concatenate } || isJoinedByPlus([first] + operands, terms)
        if isText, joins {
            return try balanced([first] + operands, terms.map(\.position))
        }
        var result = first
        var chain: [BoundExpression.ChainTerm] = []
        var depth = 0
        for (term, operand) in zip(terms, operands) {
            // Stands for the chain so far, of which only the type counts.
            let soFar = chain.isEmpty ? result : .column(-1, result.type)
            let bound = folding.fold(try bind(soFar, term.operator, operand, at: term.position))
            if case .arithmetic(let operation, let left, let right, let type) = bound, left == soFar,
                left.type == type
            {
                chain.append(BoundExpression.ChainTerm(operation, right))
                continue
            }
            if !chain.isEmpty { result = .arithmeticChain(result, chain, result.type) }
            chain = []
            if case .literal = result {} else { depth += 1 }
            guard depth <= Self.chainDepthMaximum else { throw SQLError.tooDeep(at: term.position) }
            result = folding.fold(try bind(result, term.operator, operand, at: term.position))
        }
        return chain.isEmpty ? result : .arithmeticChain(result, chain, result.type)
    }

    /// Every `+` of the chain is one between strings.
    private func isJoinedByPlus(
        _ operands: [BoundExpression], _ terms: [SQLSyntax.Expression.OperationTerm]
    ) -> Bool {
        terms.allSatisfy { $0.operator == .concatenate || $0.operator == .add }
            && isTextPair(operands[0], operands[1])
    }

    /// `+` joins them, as `||` does. A parameter beside an untyped literal is a number.
    /// - Source: AWS's own administrative views, which put their DDL together so.
    private func isTextPair(_ left: BoundExpression, _ right: BoundExpression) -> Bool {
        func isUntypedText(_ expression: BoundExpression) -> Bool {
            if case .literal(.string, .unknown) = expression { true } else { false }
        }
        switch (left.type, right.type) {
        case (.unknown, .unknown): return isUntypedText(left) && isUntypedText(right)
        case (.unknown, let other), (let other, .unknown): return other.isString
        case (let left, let right): return left.isString && right.isString
        }
    }

    /// `a || b || c || d` as `(a || b) || (c || d)`: the text is the same, and ten thousand are 14 levels.
    private func balanced(
        _ operands: [BoundExpression], _ positions: [SourcePosition]
    ) throws(SQLError) -> BoundExpression {
        var (level, positions) = (operands, positions)
        while level.count > 1 {
            var next: [BoundExpression] = []
            var between: [SourcePosition] = []
            for index in stride(from: 0, to: level.count, by: 2) {
                if index > 0 { between.append(positions[index - 1]) }
                guard index + 1 < level.count else {
                    next.append(level[index])
                    continue
                }
                next.append(
                    folding.fold(try bind(level[index], .concatenate, level[index + 1], at: positions[index])))
            }
            (level, positions) = (next, between)
        }
        return level[0]
    }

    private func bind(
        _ left: BoundExpression, _ operation: SQLSyntax.Expression.BinaryOperator, _ right: BoundExpression,
        at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        switch operation {
        case .add:
            if isTextPair(left, right) {
                return try function("concat", [text(left), text(right)], shown: "+", at: position)
            }
            return try arithmetic(.add, left, right, at: position)
        case .subtract: return try arithmetic(.subtract, left, right, at: position)
        case .multiply: return try arithmetic(.multiply, left, right, at: position)
        case .divide: return try arithmetic(.divide, left, right, at: position)
        case .modulo: return try arithmetic(.modulo, left, right, at: position)
        case .concatenate:
            if left.type.element != nil {
                let name = right.type.element == nil ? "array_append" : "array_cat"
                return try function(name, [left, right], shown: "||", at: position)
            }
            return try function("concat", [text(left), text(right)], shown: "||", at: position)
        case .power: return try function("power", [left, right], shown: "^", at: position)
        case .bitAnd: return try function("bitand", [left, right], shown: "&", at: position)
        case .bitOr: return try function("bitor", [left, right], shown: "|", at: position)
        case .bitXor: return try function("bitxor", [left, right], shown: "#", at: position)
        case .shiftLeft: return try function("shiftleft", [left, right], shown: "<<", at: position)
        case .shiftRight: return try function("shiftright", [left, right], shown: ">>", at: position)
        case .matches, .matchesNot, .matchesFolded, .matchesFoldedNot:
            guard left.type.isString, right.type.isString else {
                throw SQLError.undefinedOperator(operation.rawValue, left.type, right.type, at: position)
            }
            let isFolded = operation == .matchesFolded || operation == .matchesFoldedNot
            return .match(
                text(left), pattern: text(right), .posix(isCaseInsensitive: isFolded),
                isNegated: operation == .matchesNot || operation == .matchesFoldedNot)
        }
    }

    /// An untyped literal as the text that it is.
    func text(_ expression: BoundExpression) -> BoundExpression {
        guard case .literal(let value, .unknown) = expression else { return expression }
        let longest = SQLType.varchar(length: SQLType.maximumVarcharLength)
        if let parameter = context.inference?.resolve(expression, as: longest) { return parameter }
        guard case .string(let bytes) = value else { return .literal(.null, .varchar(length: 1)) }
        return .literal(value, .varchar(length: max(1, min(bytes.count, SQLType.maximumVarcharLength))))
    }

    private func arithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        if let result = try dateArithmetic(operation, left, right, at: position) { return result }
        var (left, right) = (left, right)
        if left.type == .unknown, right.type.isNumeric || right.type == .unknown {
            left = try coercion.cast(
                left, to: right.type == .unknown ? .double : right.type, .implicit, at: position)
        }
        if right.type == .unknown, left.type.isNumeric {
            right = try coercion.cast(right, to: left.type, .implicit, at: position)
        }
        if let result = try coercion.numeric(operation, left, right, at: position) { return result }
        throw SQLError.undefinedOperator(operation.symbol, left.type, right.type, at: position)
    }

    func bind(
        _ unary: SQLSyntax.Expression.UnaryOperator, _ operand: SQLSyntax.Expression, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        var bound = try bind(operand, in: scope)
        switch unary {
        case .minus, .plus:
            if bound.type == .unknown { bound = try coercion.cast(bound, to: .double, .implicit, at: position) }
            if unary == .minus, case .literal(.interval(let months, let days, let time), let type) = bound {
                let negated = try Interval(months: months, days: days, microseconds: time).negated()
                return .literal(
                    .interval(months: negated.months, days: negated.days, microseconds: negated.microseconds), type)
            }
            guard bound.type.isNumeric else {
                throw SQLError.undefinedOperator(unary.rawValue, bound.type, at: position)
            }
            return unary == .plus ? bound : folding.fold(.negate(bound))
        case .bitNot: return try function("bitnot", [bound], shown: "~", at: position)
        case .absolute: return try function("abs", [bound], shown: "@", at: position)
        case .squareRoot: return try function("sqrt", [bound], shown: "|/", at: position)
        case .cubeRoot: return try function("cbrt", [bound], shown: "||/", at: position)
        }
    }

    func bind(
        _ left: SQLSyntax.Expression, _ comparison: ComparisonOperator, _ right: SQLSyntax.Expression,
        at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let (a, b) = (try bind(left, in: scope), try bind(right, in: scope))
        return try compare(a, comparison, b, at: position, operands: (left.position, right.position))
    }

    /// `(a, b) = (c, d)`: column by column.
    func compareRows(
        _ left: [SQLSyntax.Expression], _ comparison: ComparisonOperator, _ right: [SQLSyntax.Expression],
        at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        guard left.count == right.count else {
            throw SQLError(
                .syntaxError, "unequal number of entries in row expressions", position: position.character)
        }
        guard comparison == .equal || comparison == .notEqual else {
            throw SQLError.unsupported("comparison of rows by \(comparison.rawValue)", at: position.character)
        }
        var terms: [BoundExpression] = []
        for (a, b) in zip(left, right) {
            terms.append(try bind(a, comparison, b, at: position, in: scope))
        }
        return folding.fold(comparison == .equal ? .and(terms) : .or(terms))
    }

    /// - Parameter operands: where the two sides stand, for literals that are none of the other side's type.
    func compare(
        _ left: BoundExpression, _ comparison: ComparisonOperator, _ right: BoundExpression,
        at position: SourcePosition,
        operands: (SourcePosition, SourcePosition)? = nil
    ) throws(SQLError) -> BoundExpression {
        let (a, b) = try coercion.comparable(
            left, right, operator: comparison.rawValue, at: position, operands: operands ?? (position, position))
        // A literal stands on the right, where scans and EXPLAIN look for it.
        if case .literal = a { return folding.fold(.comparison(comparison.mirrored, b, a)) }
        return folding.fold(.comparison(comparison, a, b))
    }
}

extension ArithmeticOperator {
    var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .modulo: "%"
        }
    }
}
