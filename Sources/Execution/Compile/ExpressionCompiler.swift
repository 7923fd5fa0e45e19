import QueryPlan
import SQLTypes
import VectorEngine

/// The plan's expressions as the engine's, case by case.
enum ExpressionCompiler {
    /// One evaluator per expression and task: it holds scratch memory.
    static func evaluator(
        _ expression: BoundExpression, _ context: EvaluationContext
    ) throws(SQLError) -> ExpressionEvaluator {
        ExpressionEvaluator(try program(expression), context: context)
    }

    static func program(_ expression: BoundExpression) throws(SQLError) -> ExpressionProgram {
        try ExpressionProgram(node(expression))
    }

    /// All in one, so that what they have in common is computed once.
    static func evaluator(
        _ expressions: [BoundExpression], _ context: EvaluationContext
    ) throws(SQLError) -> ExpressionEvaluator {
        ExpressionEvaluator(try ExpressionProgram(expressions.map(node)), context: context)
    }

    /// The parser bounds how deep expressions nest, so recursion is bounded, too.
    static func node(_ expression: BoundExpression) -> ExpressionNode {
        switch expression {
        case .column(let number, let type): .column(number, type)
        case .literal(let value, let type): .literal(value, type)
        case .cast(let operand, let type, let isTry): .cast(node(operand), to: type, isTry: isTry)
        case .arithmetic(let op, let left, let right, let type):
            .arithmetic(arithmetic(op), node(left), node(right), type)
        case .arithmeticChain(let first, let terms, let type):
            .arithmeticChain(
                node(first), terms.map { ExpressionNode.ChainTerm(arithmetic($0.operation), node($0.operand)) }, type)
        case .negate(let operand): .negate(node(operand))
        case .comparison(let op, let left, let right): .comparison(comparison(op), node(left), node(right))
        case .and(let terms): .and(terms.map(node))
        case .or(let terms): .or(terms.map(node))
        case .not(let operand): .not(node(operand))
        case .isNull(let operand, let isNegated): .isNull(node(operand), isNegated: isNegated)
        case .isBoolean(let operand, let value, let isNegated):
            .isBoolean(node(operand), value, isNegated: isNegated)
        case .inList(let operand, let values, let isNegated): .inList(node(operand), values, isNegated: isNegated)
        case .match(let operand, let pattern, let kind, let isNegated):
            .match(node(operand), pattern: node(pattern), match(kind), isNegated: isNegated)
        case .caseWhen(let branches, let otherwise, let type):
            .caseWhen(
                branches.map { ExpressionNode.Branch(condition: node($0.condition), result: node($0.result)) },
                otherwise: otherwise.map(node), type)
        case .call(let name, let arguments, let type): .call(name, arguments.map(node), type)
        }
    }

    private static func arithmetic(_ op: ArithmeticOperator) -> ExpressionNode.Arithmetic {
        switch op {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .modulo: .modulo
        }
    }

    private static func comparison(_ op: ComparisonOperator) -> ExpressionNode.Comparison {
        switch op {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        }
    }

    private static func match(_ kind: BoundExpression.MatchKind) -> ExpressionNode.Match {
        switch kind {
        case .like(let escape): .like(escape: escape)
        case .ilike(let escape): .ilike(escape: escape)
        case .similarTo(let escape): .similarTo(escape: escape)
        case .posix(let isCaseInsensitive): .posix(isCaseInsensitive: isCaseInsensitive)
        }
    }
}
