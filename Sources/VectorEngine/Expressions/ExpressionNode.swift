package import SQLTypes

/// The engine's own form of a bound expression: what Execution makes from the plan's `BoundExpression`, case by case,
/// and hands to `ExpressionProgram`. Names, types and functions are resolved; nothing here knows the plan or the
/// catalog.
package indirect enum ExpressionNode: Hashable, Sendable {
    /// A column of the input batch, by position from 0.
    case column(Int, SQLType)
    case literal(SQLValue, SQLType)
    /// `isTry`: NULL where the value does not fit (TRY_CAST).
    case cast(ExpressionNode, to: SQLType, isTry: Bool)
    /// The operands have the types that the operator works on; the result has the type given.
    case arithmetic(Arithmetic, ExpressionNode, ExpressionNode, SQLType)
    /// `first op₁ x₁ op₂ x₂ …` from left to right; every intermediate result has the type given.
    case arithmeticChain(ExpressionNode, [ChainTerm], SQLType)
    case negate(ExpressionNode)
    /// Both sides have one comparable type.
    case comparison(Comparison, ExpressionNode, ExpressionNode)
    case and([ExpressionNode])
    case or([ExpressionNode])
    case not(ExpressionNode)
    case isNull(ExpressionNode, isNegated: Bool)
    /// IS TRUE, IS FALSE; `isNegated`: IS NOT …
    case isBoolean(ExpressionNode, Bool, isNegated: Bool)
    /// Constants of the operand's type, none null.
    case inList(ExpressionNode, [SQLValue], isNegated: Bool)
    case match(ExpressionNode, pattern: ExpressionNode, Match, isNegated: Bool)
    case caseWhen([Branch], otherwise: ExpressionNode?, SQLType)
    /// A function of `BuiltinFunctions.scalar` by its canonical name; arguments have the resolution's types.
    case call(String, [ExpressionNode], SQLType)

    package struct Branch: Hashable, Sendable {
        package var condition: ExpressionNode
        package var result: ExpressionNode
        package init(condition: ExpressionNode, result: ExpressionNode) {
            self.condition = condition
            self.result = result
        }
    }

    package struct ChainTerm: Hashable, Sendable {
        package var operation: Arithmetic
        package var operand: ExpressionNode
        package init(_ operation: Arithmetic, _ operand: ExpressionNode) {
            self.operation = operation
            self.operand = operand
        }
    }

    package enum Arithmetic: Hashable, Sendable, CaseIterable { case add, subtract, multiply, divide, modulo }

    package enum Comparison: Hashable, Sendable, CaseIterable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

        /// The operator with its sides exchanged: `a < b` is `b > a`.
        package var mirrored: Comparison {
            switch self {
            case .equal, .notEqual: self
            case .less: .greater
            case .lessOrEqual: .greaterOrEqual
            case .greater: .less
            case .greaterOrEqual: .lessOrEqual
            }
        }

        /// True where this one is false, for operands that are not null.
        package var negated: Comparison {
            switch self {
            case .equal: .notEqual
            case .notEqual: .equal
            case .less: .greaterOrEqual
            case .lessOrEqual: .greater
            case .greater: .lessOrEqual
            case .greaterOrEqual: .less
            }
        }
    }

    package enum Match: Hashable, Sendable {
        /// `escape`: one byte, nil for none (ESCAPE '').
        case like(escape: UInt8?), ilike(escape: UInt8?), similarTo(escape: UInt8?)
        case posix(isCaseInsensitive: Bool)
    }
}

extension ExpressionNode {
    package var type: SQLType {
        switch self {
        case .column(_, let type), .literal(_, let type), .arithmetic(_, _, _, let type), .call(_, _, let type),
            .caseWhen(_, _, let type), .cast(_, let type, _), .arithmeticChain(_, _, let type):
            return type
        case .negate(let operand): return operand.type
        case .comparison, .and, .or, .not, .isNull, .isBoolean, .inList, .match: return .boolean
        }
    }

    /// The direct operands, in the order they are written; a CASE gives condition, result, …, otherwise.
    package var operands: [ExpressionNode] {
        switch self {
        case .column, .literal: []
        case .cast(let operand, _, _), .negate(let operand), .not(let operand), .isNull(let operand, _),
            .isBoolean(let operand, _, _), .inList(let operand, _, _):
            [operand]
        case .arithmetic(_, let left, let right, _), .comparison(_, let left, let right),
            .match(let left, let right, _, _):
            [left, right]
        case .arithmeticChain(let first, let terms, _): [first] + terms.map(\.operand)
        case .and(let terms), .or(let terms), .call(_, let terms, _): terms
        case .caseWhen(let branches, let otherwise, _):
            branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
        }
    }
}
