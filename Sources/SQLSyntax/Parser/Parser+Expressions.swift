import SQLTypes

/// Expressions are read with an explicit stack instead of recursion, so that a thousand levels of parentheses, calls,
/// CASE and signs cost heap and not stack. Only subqueries, OVER and WITHIN GROUP recurse.
///
///     expression     until its own floor is reached
///       operand        prefix operators and brackets open frames; a name, literal or subquery is an operand
///       continues      an infix operator finishes what binds tighter and opens a frame; a postfix one wraps the
///                      operand; anything else finishes all operators and hands it to the innermost bracket
extension Parser {
    mutating func expression() throws(SQLError) -> Expression {
        let floor = frames.count
        repeat {
            try operand()
        } while try continues(floor: floor)
        guard let result = operands.popLast() else { throw syntaxError() }
        tallest = max(tallest, result.height)
        return result.expression
    }

    mutating func expressionList() throws(SQLError) -> [Expression] {
        var list = [try expression()]
        while take(.comma) { list.append(try expression()) }
        return list
    }

    // MARK: After an operand

    /// True when another operand must follow; false when the expression is finished, on top of the stack.
    private mutating func continues(floor: Int) throws(SQLError) -> Bool {
        while true {
            if let isNegated = inKeyword {
                if try inOperator(isNegated: isNegated, floor: floor) { return true }
                continue
            }
            switch try infixOrPostfix(floor: floor) {
            case .needsOperand: return true
            case .complete: continue
            case .none: break
            }
            try reduce(.or, floor: floor)
            if frames.count == floor { return false }
            if try resumeBracket() { return true }
        }
    }

    private enum Continuation { case needsOperand, complete, none }

    private mutating func infixOrPostfix(floor: Int) throws(SQLError) -> Continuation {
        let token = current
        switch token.kind {
        case .word: return try keywordOperator(token, floor: floor)
        case .typecast:
            advance()
            try castTop(at: token.source)
            return .complete
        case .leftBracket:
            advance()
            try openLevel(.subscriptIndex, .bracket, operandCount: 1, at: token.source)
            return .needsOperand
        case .point where endsBracket(index - 1):
            advance()
            let field = try anyIdentifier()
            try wrapTop(at: field.position) { .field($0, field) }
            return .complete
        default: return try symbolOperator(token, floor: floor)
        }
    }

    /// The token before is a closing bracket: what follows the point is no part of a name.
    private func endsBracket(_ index: Int) -> Bool {
        index >= 0 && (tokens[index].kind == .rightParenthesis || tokens[index].kind == .rightBracket)
    }

    /// - Parameter token: the operator's sign. The token at hand is its last: the sign, or what closes OPERATOR( ).
    private mutating func symbolOperator(_ token: Token, floor: Int) throws(SQLError) -> Continuation {
        if let symbol = Self.comparison(token.kind) {
            return try comparisonOperator(symbol, token, floor: floor)
        }
        if let (symbol, precedence) = Self.binary(token.kind) {
            advance()
            try chain(symbol, precedence, floor: floor, at: token.source)
            return .needsOperand
        }
        return try patternSymbol(token, floor: floor)
    }

    private static func comparison(_ kind: Token.Kind) -> Expression.ComparisonOperator? {
        switch kind {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }

    private static func binary(_ kind: Token.Kind) -> (Expression.BinaryOperator, Precedence)? {
        switch kind {
        case .plus: (.add, .additive)
        case .minusSign: (.subtract, .additive)
        case .star: (.multiply, .multiplicative)
        case .slash: (.divide, .multiplicative)
        case .percentSign: (.modulo, .multiplicative)
        case .caret: (.power, .power)
        case .concatenate: (.concatenate, .other)
        case .ampersand: (.bitAnd, .other)
        case .pipe: (.bitOr, .other)
        case .hash: (.bitXor, .other)
        case .shiftLeft: (.shiftLeft, .other)
        case .shiftRight: (.shiftRight, .other)
        case .tilde, .match: (.matches, .other)
        case .matchNot: (.matchesNot, .other)
        case .matchFolded: (.matchesFolded, .other)
        case .matchFoldedNot: (.matchesFoldedNot, .other)
        default: nil
        }
    }

    /// `~~` and its kin are LIKE.
    private mutating func patternSymbol(_ token: Token, floor: Int) throws(SQLError) -> Continuation {
        let dialect: Expression.PatternMatch.Dialect
        switch token.kind {
        case .likeSign, .likeNot: dialect = .like
        case .ilikeSign, .ilikeNot: dialect = .ilike
        default: return .none
        }
        advance()
        let isNegated = token.kind == .likeNot || token.kind == .ilikeNot
        try openRange(.like(dialect, isNegated: isNegated, hasEscape: false), floor: floor, at: token.source)
        return .needsOperand
    }

    private mutating func chain(
        _ symbol: Expression.BinaryOperator, _ precedence: Precedence, floor: Int, at position: SourcePosition
    ) throws(SQLError) {
        while frames.count > floor, let top = frames.last, top.precedence > precedence {
            try reduce(top.precedence, floor: frames.count - 1)
        }
        operators.append(PendingOperator(symbol: symbol, position: position))
        if frames.count > floor, let top = frames.last, case .chain = top.kind, top.precedence == precedence { return }
        open(.chain(operatorBase: operators.count - 1), precedence, operandCount: 1, at: position)
    }

    private mutating func comparisonOperator(
        _ symbol: Expression.ComparisonOperator, _ token: Token, floor: Int
    ) throws(SQLError) -> Continuation {
        try reduce(.range, floor: floor)
        // Comparisons do not associate.
        if frames.count > floor, frames.last?.precedence == .comparison { throw syntaxError() }
        advance()
        if at(.any) || at(.some) || at(.all) {
            let quantifier: Expression.Quantifier = at(.all) ? .all : .any
            advance()
            guard at(.leftParenthesis) else { throw syntaxError() }
            guard parenthesisHoldsQuery(index) else {
                advance()
                try openLevel(.quantifiedArray(symbol, quantifier), .bracket, operandCount: 1, at: token.source)
                return .needsOperand
            }
            try quantified(symbol, quantifier, at: token.source)
            return .complete
        }
        open(.comparison(symbol), .comparison, operandCount: 1, at: token.source)
        return .needsOperand
    }

    private mutating func quantified(
        _ symbol: Expression.ComparisonOperator, _ quantifier: Expression.Quantifier, at position: SourcePosition
    ) throws(SQLError) {
        let (query, height) = try parenthesizedQuery()
        try wrapTop(at: position, otherHeight: height) { .quantified($0, symbol, quantifier, query) }
    }

    /// `OPERATOR(pg_catalog.~)`: at the word.
    private mutating func qualifiedOperator(floor: Int) throws(SQLError) -> Continuation {
        advance(2)
        while token(1).kind == .point {
            let schema = try anyIdentifier()
            guard schema.name == "pg_catalog" else {
                throw SQLError(
                    .undefinedFunction, "operator does not exist: \(schema.name).\(text(of: token(1)))",
                    position: schema.position.character)
            }
            advance()
        }
        let sign = current
        advance()
        guard at(.rightParenthesis) else { throw syntaxError() }
        let result = try symbolOperator(sign, floor: floor)
        guard case .none = result else { return result }
        throw syntaxError(at: sign)
    }

    /// The catalog's own collation is the only one: byte by byte.
    private mutating func collation() throws(SQLError) -> Continuation {
        let start = position
        advance()
        var name = try anyIdentifier()
        if name.name == "pg_catalog", take(.point) { name = try anyIdentifier() }
        guard name.name == "default" || name.name == "c" || name.name == "posix" else {
            throw .unsupported("COLLATE in an expression", at: start.character)
        }
        return .complete
    }

    private mutating func openRange(
        _ kind: Frame.Kind, floor: Int, at position: SourcePosition
    ) throws(SQLError) {
        try reduce(.range, floor: floor)
        open(kind, .range, operandCount: 1, at: position)
    }

    private mutating func keywordOperator(_ token: Token, floor: Int) throws(SQLError) -> Continuation {
        switch token.keyword {
        case .and:
            advance()
            try andOperator(floor: floor, at: token.source)
            return .needsOperand
        case .or:
            advance()
            try reduce(.and, floor: floor)
            if frames.count == floor || frames.last?.precedence != .or {
                open(.or, .or, operandCount: 1, at: token.source)
            }
            return .needsOperand
        case .is, .isnull, .notnull:
            try isTest(floor: floor, token)
            return .complete
        case .between, .like, .ilike, .similar: return try rangeOperator(floor: floor)
        case .not:
            // `DEFAULT 1 NOT NULL`: the NOT is not the expression's.
            switch self.token(1).keyword {
            case .between, .like, .ilike, .similar: return try rangeOperator(floor: floor)
            default: return .none
            }
        case .escape: return try escapeOperator(floor: floor)
        case .at:
            guard self.token(1).keyword == .time, self.token(2).keyword == .zone else { return .none }
            advance(3)
            try reduce(.timeZone, floor: floor)
            open(.atTimeZone, .timeZone, operandCount: 1, at: token.source)
            return .needsOperand
        case .collate:
            // A column's attribute, after its DEFAULT.
            switch self.token(1).keyword {
            case .caseInsensitive, .caseSensitive, .ci, .cs: return .none
            default: return try collation()
            }
        case .operator where self.token(1).kind == .leftParenthesis: return try qualifiedOperator(floor: floor)
        case .overlaps: throw unsupported("OVERLAPS")
        default: return .none
        }
    }

    /// AND joins conditions, unless it is the one that BETWEEN waits for.
    private mutating func andOperator(floor: Int, at position: SourcePosition) throws(SQLError) {
        while frames.count > floor, let top = frames.last, top.precedence > .and {
            if case .betweenLow(let isNegated) = top.kind {
                frames[frames.count - 1].kind = .betweenHigh(isNegated: isNegated)
                return
            }
            try reduce(top.precedence, floor: frames.count - 1)
        }
        if frames.count == floor || frames.last?.precedence != .and {
            open(.and, .and, operandCount: 1, at: position)
        }
    }

    private mutating func isTest(floor: Int, _ first: Token) throws(SQLError) {
        try reduce(.comparison, floor: floor)
        advance()
        if first.keyword != .is {
            try wrapTop(at: first.source) { .test($0, .null, isNegated: first.keyword == .notnull) }
            return
        }
        let isNegated = take(.not)
        let test: Expression.TruthTest
        switch current.keyword {
        case .null: test = .null
        case .true: test = .true
        case .false: test = .false
        case .unknown: test = .unknown
        case .distinct: throw unsupported("IS DISTINCT FROM")
        default: throw syntaxError()
        }
        advance()
        try wrapTop(at: first.source) { .test($0, test, isNegated: isNegated) }
    }

    private mutating func rangeOperator(floor: Int) throws(SQLError) -> Continuation {
        let start = position
        let isNegated = take(.not)
        switch current.keyword {
        case .between:
            advance()
            try openRange(.betweenLow(isNegated: isNegated), floor: floor, at: start)
        case .like:
            advance()
            try openRange(.like(.like, isNegated: isNegated, hasEscape: false), floor: floor, at: start)
        case .ilike:
            advance()
            try openRange(.like(.ilike, isNegated: isNegated, hasEscape: false), floor: floor, at: start)
        case .similar:
            advance()
            try expect(.to)
            try openRange(.like(.similar, isNegated: isNegated, hasEscape: false), floor: floor, at: start)
        default: throw syntaxError()
        }
        return .needsOperand
    }

    /// At IN false, at NOT IN true, elsewhere nil.
    private var inKeyword: Bool? {
        if at(.in) { return false }
        return at(.not, .in) ? true : nil
    }

    /// True when an operand must follow. Stands by itself, as subqueries recurse from here.
    private mutating func inOperator(isNegated: Bool, floor: Int) throws(SQLError) -> Bool {
        try reduce(.range, floor: floor)
        let start = position
        advance(isNegated ? 2 : 1)
        if atPositionFrame(floor: floor), !isNegated { return true }
        guard at(.leftParenthesis) else { throw syntaxError() }
        if parenthesisHoldsQuery(index) {
            try inSubquery(isNegated: isNegated, at: start)
            return false
        }
        try inList(isNegated: isNegated, at: start)
        return true
    }

    private mutating func inList(isNegated: Bool, at position: SourcePosition) throws(SQLError) {
        advance()
        try openLevel(.inList(isNegated: isNegated), .bracket, operandCount: 1, at: position)
    }

    private func atPositionFrame(floor: Int) -> Bool {
        guard frames.count > floor, let top = frames.last, case .position = top.kind else { return false }
        return operands.count == top.base + 1
    }

    private mutating func inSubquery(isNegated: Bool, at position: SourcePosition) throws(SQLError) {
        let (query, height) = try parenthesizedQuery()
        try wrapTop(at: position, otherHeight: height) { .inQuery($0, query, isNegated: isNegated) }
    }

    private mutating func escapeOperator(floor: Int) throws(SQLError) -> Continuation {
        while frames.count > floor, let top = frames.last, top.precedence > .range {
            try reduce(top.precedence, floor: frames.count - 1)
        }
        guard frames.count > floor, let top = frames.last,
            case .like(let dialect, let isNegated, hasEscape: false) = top.kind
        else { return .none }
        advance()
        frames[frames.count - 1].kind = .like(dialect, isNegated: isNegated, hasEscape: true)
        return .needsOperand
    }

    /// `operand::type`. A string cast to INTERVAL is an interval literal.
    private mutating func castTop(at position: SourcePosition) throws(SQLError) {
        if take(.interval) {
            try castTopToInterval(at: position)
            return
        }
        let type = try typeName()
        try wrapTop(at: position) { .cast($0, type, isTry: false) }
    }

    mutating func castTopToInterval(at position: SourcePosition) throws(SQLError) {
        let qualifier = try intervalQualifier()
        guard let top = operands.popLast() else { throw syntaxError() }
        if case .literal(.string(let text)) = top.expression.kind {
            var literal = qualifier
            literal.text = text
            try push(Expression(.interval(literal), at: top.expression.position), height: 0)
            return
        }
        let type = TypeName(Self.intervalType(qualifier), at: position)
        try push(Expression(.cast(top.expression, type, isTry: false), at: position), height: top.height + 1)
    }
}
