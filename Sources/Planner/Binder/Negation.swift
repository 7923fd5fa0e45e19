import QueryPlan
import SQLTypes

extension BoundExpression {
    /// True where this is false, false where it is true, unknown where it is unknown. Negations go down to the
    /// leaves, so that a filter never has to look at an unknown.
    var negated: BoundExpression {
        switch self {
        case .literal(.boolean(let flag), _): .literal(.boolean(!flag), .boolean)
        case .literal(.null, _): self
        case .comparison(let operation, let left, let right): .comparison(operation.negated, left, right)
        case .and(let terms): .or(terms.map(\.negated))
        case .or(let terms): .and(terms.map(\.negated))
        case .not(let inner): inner
        case .isNull(let operand, let isNegated): .isNull(operand, isNegated: !isNegated)
        case .isBoolean(let operand, let value, let isNegated): .isBoolean(operand, value, isNegated: !isNegated)
        case .inList(let operand, let values, let isNegated): .inList(operand, values, isNegated: !isNegated)
        case .match(let operand, let pattern, let kind, let isNegated):
            .match(operand, pattern: pattern, kind, isNegated: !isNegated)
        default: .not(self)
        }
    }
}
