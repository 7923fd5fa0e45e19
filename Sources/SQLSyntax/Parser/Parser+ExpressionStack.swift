import SQLTypes

/// An operand that waits for its operator, and how many nodes lie below it on the longest path down its tree.
struct Operand {
    var expression: Expression
    var height: Int
}

struct PendingOperator {
    var symbol: Expression.BinaryOperator
    var position: SourcePosition
}

/// How tightly an operator binds; the higher, the tighter.
/// - Source: PostgreSQL, "Operator Precedence".
enum Precedence: UInt8, Comparable {
    /// Nothing that follows can be an operand of a bracket.
    case bracket
    case or, and, not, isTest, comparison
    /// BETWEEN, IN, LIKE, ILIKE, SIMILAR TO.
    case range
    /// All symbols that have no line of their own, and their prefix forms.
    case other, otherPrefix
    case additive, multiplicative, power, timeZone, sign
    /// What needs no parentheses anywhere.
    case primary

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

/// An operator or bracket that is open: its first operands are on the stack, another is being read.
struct Frame {
    enum Kind {
        /// Its operators are on their own stack, from `operatorBase` on.
        case chain(operatorBase: Int)
        case and, or, not
        case unary(Expression.UnaryOperator)
        case comparison(Expression.ComparisonOperator)
        case betweenLow(isNegated: Bool)
        case betweenHigh(isNegated: Bool)
        case like(Expression.PatternMatch.Dialect, isNegated: Bool, hasEscape: Bool)
        case atTimeZone

        case parenthesis
        case row
        /// Its head is on the stack of calls.
        case call
        case position
        case trim(function: String, hasFrom: Bool)
        case inList(isNegated: Bool)
        case conditional(ConditionalPart, hasOperand: Bool)
        case cast(isTry: Bool)
        case convert(TypeName)
        case array
        case subscriptIndex
        case quantifiedArray(Expression.ComparisonOperator, Expression.Quantifier)
    }

    enum ConditionalPart { case operand, when, then, otherwise }

    var kind: Kind
    var precedence: Precedence
    /// The operand stack's height below the frame's first operand.
    var base: Int
    var position: SourcePosition
}

extension Parser {
    mutating func push(_ expression: Expression, height: Int) throws(SQLError) {
        if height + openLevels > Self.nestingMaximum { throw tooComplex() }
        operands.append(Operand(expression: expression, height: height))
    }

    /// Takes the operands of a frame off the stack.
    mutating func popOperands(from base: Int) -> (expressions: [Expression], height: Int) {
        var expressions: [Expression] = []
        expressions.reserveCapacity(operands.count - base)
        var height = 0
        for operand in operands[base...] {
            expressions.append(operand.expression)
            height = max(height, operand.height)
        }
        operands.removeSubrange(base...)
        return (expressions, height)
    }

    /// Puts a node over the topmost operand in its place.
    mutating func wrapTop(
        at position: SourcePosition, otherHeight: Int = 0, _ make: (Expression) -> Expression.Kind
    ) throws(SQLError) {
        guard let top = operands.popLast() else { throw syntaxError() }
        try push(Expression(make(top.expression), at: position), height: max(top.height, otherHeight) + 1)
    }

    /// Opens an operator whose left operand, if it has one, is on top of the stack.
    mutating func open(
        _ kind: Frame.Kind, _ precedence: Precedence, operandCount: Int, at position: SourcePosition
    ) {
        let base = operands.count - operandCount
        frames.append(Frame(kind: kind, precedence: precedence, base: base, position: position))
    }

    /// Opens a bracket or prefix operator, which counts as a level. `closeLevel` balances it.
    mutating func openLevel(
        _ kind: Frame.Kind, _ precedence: Precedence, operandCount: Int = 0, at position: SourcePosition
    ) throws(SQLError) {
        try enter()
        open(kind, precedence, operandCount: operandCount, at: position)
    }

    /// Finishes all operators above the floor that bind at least as tightly.
    mutating func reduce(_ lowest: Precedence, floor: Int) throws(SQLError) {
        while frames.count > floor, let top = frames.last, top.precedence >= lowest {
            frames.removeLast()
            try reduce(top)
        }
    }

    private mutating func reduce(_ frame: Frame) throws(SQLError) {
        switch frame.kind {
        case .chain(let operatorBase): try reduceChain(frame, operatorBase)
        case .and:
            let (terms, height) = popOperands(from: frame.base)
            try push(Expression(.and(terms), at: frame.position), height: height + 1)
        case .or:
            let (terms, height) = popOperands(from: frame.base)
            try push(Expression(.or(terms), at: frame.position), height: height + 1)
        case .not:
            leave()
            try wrapTop(at: frame.position) { .not($0) }
        case .unary(let symbol):
            leave()
            try wrapTop(at: frame.position) { Self.unary(symbol, $0) }
        case .comparison(let symbol): try reduceComparison(frame, symbol)
        case .betweenHigh(let isNegated): try reduceBetween(frame, isNegated)
        case .like(let dialect, let isNegated, _): try reduceLike(frame, dialect, isNegated)
        case .atTimeZone: try reduceTimeZone(frame)
        default: throw syntaxError()
        }
    }

    private mutating func reduceChain(_ frame: Frame, _ operatorBase: Int) throws(SQLError) {
        let first = operands[frame.base]
        var height = first.height
        var terms: [Expression.OperationTerm] = []
        terms.reserveCapacity(operators.count - operatorBase)
        for (pending, operand) in zip(operators[operatorBase...], operands[(frame.base + 1)...]) {
            terms.append(Expression.OperationTerm(pending.symbol, operand.expression, at: pending.position))
            height = max(height, operand.height)
        }
        operators.removeSubrange(operatorBase...)
        operands.removeSubrange(frame.base...)
        try push(Expression(.operation(first.expression, terms), at: frame.position), height: height + 1)
    }

    private mutating func reduceComparison(
        _ frame: Frame, _ symbol: Expression.ComparisonOperator
    ) throws(SQLError) {
        let (sides, height) = popOperands(from: frame.base)
        guard sides.count == 2 else { throw syntaxError() }
        try push(Expression(.comparison(sides[0], symbol, sides[1]), at: frame.position), height: height + 1)
    }

    private mutating func reduceBetween(_ frame: Frame, _ isNegated: Bool) throws(SQLError) {
        let (parts, height) = popOperands(from: frame.base)
        guard parts.count == 3 else { throw syntaxError() }
        let kind = Expression.Kind.between(parts[0], low: parts[1], high: parts[2], isNegated: isNegated)
        try push(Expression(kind, at: frame.position), height: height + 1)
    }

    private mutating func reduceLike(
        _ frame: Frame, _ dialect: Expression.PatternMatch.Dialect, _ isNegated: Bool
    ) throws(SQLError) {
        let (parts, height) = popOperands(from: frame.base)
        guard parts.count >= 2 else { throw syntaxError() }
        let match = Expression.PatternMatch(
            parts[0], dialect, isNegated: isNegated, pattern: parts[1], escape: parts.count > 2 ? parts[2] : nil)
        try push(Expression(.like(match), at: frame.position), height: height + 1)
    }

    private mutating func reduceTimeZone(_ frame: Frame) throws(SQLError) {
        let (parts, height) = popOperands(from: frame.base)
        guard parts.count == 2 else { throw syntaxError() }
        let call = FunctionCall("timezone", [parts[1], parts[0]], at: frame.position)
        try push(Expression(.call(call), at: frame.position), height: height + 1)
    }

    /// A sign before a number is part of the number.
    private static func unary(_ symbol: Expression.UnaryOperator, _ operand: Expression) -> Expression.Kind {
        if symbol == .minus, case .literal(let literal) = operand.kind, let negative = negated(literal) {
            return .literal(negative)
        }
        return .unary(symbol, operand)
    }

    private static func negated(_ literal: Expression.Literal) -> Expression.Literal? {
        switch literal {
        case .integer(let value) where value >= 0: .integer(-value)
        case .decimal(let value) where value.scale == 0 && value.unscaled == Int128(Int64.max) + 1: .integer(.min)
        case .decimal(let value) where value.unscaled >= 0:
            .decimal(Decimal(unscaled: -value.unscaled, scale: value.scale))
        case .double(let value) where value.sign == .plus: .double(-value)
        default: nil
        }
    }
}
