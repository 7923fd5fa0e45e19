package import SQLTypes

/// An expression whose names, types and functions are resolved. Data only: Execution compiles it, EXPLAIN prints it.
///
/// A column is a number. While a query is being planned it is the query-wide number of a column that the binder gave
/// out; in a step it is a position (from 0) in the step's input batch. `mapColumns` goes from one to the other.
package indirect enum BoundExpression: Hashable, Sendable {
    case column(Int, SQLType)
    case literal(SQLValue, SQLType)
    /// `isTry`: NULL where the value does not fit (TRY_CAST).
    case cast(BoundExpression, to: SQLType, isTry: Bool)
    /// Both operands already have the types that the operator works on; a decimal result follows Redshift's rules.
    case arithmetic(ArithmeticOperator, BoundExpression, BoundExpression, SQLType)
    /// `first op₁ x₁ op₂ x₂ …` from left to right, every result of `type`: a sum of ten thousand terms is no nest of ten
    /// thousand levels.
    case arithmeticChain(BoundExpression, [ChainTerm], SQLType)
    case negate(BoundExpression)
    /// Both sides have one comparable type (two strings, two decimals of one scale, …).
    case comparison(ComparisonOperator, BoundExpression, BoundExpression)
    /// At least two terms, none of them an `and` itself.
    case and([BoundExpression])
    case or([BoundExpression])
    case not(BoundExpression)
    case isNull(BoundExpression, isNegated: Bool)
    /// IS TRUE, IS FALSE; `isNegated`: IS NOT …
    case isBoolean(BoundExpression, Bool, isNegated: Bool)
    /// Constants of the operand's type, none null (a null in the list is an `or` with NULL).
    case inList(BoundExpression, [SQLValue], isNegated: Bool)
    case match(BoundExpression, pattern: BoundExpression, MatchKind, isNegated: Bool)
    case caseWhen([CaseBranch], otherwise: BoundExpression?, SQLType)
    /// A function of `VectorEngine/Functions` by its canonical name; arguments have the resolution's types.
    case call(String, [BoundExpression], SQLType)

    package struct CaseBranch: Hashable, Sendable {
        package var condition: BoundExpression
        package var result: BoundExpression
        package init(condition: BoundExpression, result: BoundExpression) {
            self.condition = condition
            self.result = result
        }
    }

    /// One operator of a chain and what stands on its right.
    package struct ChainTerm: Hashable, Sendable {
        package var operation: ArithmeticOperator
        package var operand: BoundExpression
        package init(_ operation: ArithmeticOperator, _ operand: BoundExpression) {
            self.operation = operation
            self.operand = operand
        }
    }

    package enum MatchKind: Hashable, Sendable {
        /// `escape`: nil for none (ESCAPE ''); the default is the backslash.
        case like(escape: UInt8?), ilike(escape: UInt8?), similarTo(escape: UInt8?)
        case posix(isCaseInsensitive: Bool)
    }
}

package enum ComparisonOperator: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The operator with its sides exchanged: `a < b` is `b > a`.
    package var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// True where this one is false, for operands that are not null.
    package var negated: ComparisonOperator {
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

extension BoundExpression {
    package var type: SQLType {
        switch self {
        case .column(_, let type), .literal(_, let type), .arithmetic(_, _, _, let type), .call(_, _, let type),
            .caseWhen(_, _, let type), .arithmeticChain(_, _, let type):
            type
        case .cast(_, let type, _): type
        case .negate(let operand): operand.type
        case .comparison, .and, .or, .not, .isNull, .isBoolean, .inList, .match: .boolean
        }
    }

    /// The direct operands, in the order they are written.
    package var operands: [BoundExpression] {
        switch self {
        case .column, .literal: []
        case .cast(let operand, _, _), .negate(let operand), .not(let operand), .isNull(let operand, _),
            .isBoolean(let operand, _, _), .inList(let operand, _, _):
            [operand]
        case .arithmetic(_, let left, let right, _), .comparison(_, let left, let right): [left, right]
        case .arithmeticChain(let first, let terms, _): [first] + terms.map(\.operand)
        case .match(let operand, let pattern, _, _): [operand, pattern]
        case .and(let terms), .or(let terms), .call(_, let terms, _): terms
        case .caseWhen(let branches, let otherwise, _):
            branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
        }
    }

    /// The same expression over other operands, given in the order of `operands`.
    package func withOperands(_ new: [BoundExpression]) -> BoundExpression {
        assert(new.count == operands.count, "\(new.count) operands for \(operands.count)")
        switch self {
        case .column, .literal: return self
        case .cast(_, let type, let isTry): return .cast(new[0], to: type, isTry: isTry)
        case .arithmetic(let op, _, _, let type): return .arithmetic(op, new[0], new[1], type)
        case .arithmeticChain(_, let terms, let type):
            return .arithmeticChain(new[0], zip(terms, new.dropFirst()).map { ChainTerm($0.operation, $1) }, type)
        case .negate: return .negate(new[0])
        case .comparison(let op, _, _): return .comparison(op, new[0], new[1])
        case .and: return .and(new)
        case .or: return .or(new)
        case .not: return .not(new[0])
        case .isNull(_, let isNegated): return .isNull(new[0], isNegated: isNegated)
        case .isBoolean(_, let value, let isNegated): return .isBoolean(new[0], value, isNegated: isNegated)
        case .inList(_, let values, let isNegated): return .inList(new[0], values, isNegated: isNegated)
        case .match(_, _, let kind, let isNegated): return .match(new[0], pattern: new[1], kind, isNegated: isNegated)
        case .caseWhen(let branches, let otherwise, let type):
            let replaced = branches.indices.map { CaseBranch(condition: new[2 * $0], result: new[2 * $0 + 1]) }
            return .caseWhen(replaced, otherwise: otherwise == nil ? nil : new[new.count - 1], type)
        case .call(let name, _, let type): return .call(name, new, type)
        }
    }

    /// The same expression with every column number replaced.
    package func mapColumns(_ transform: (Int) -> Int) -> BoundExpression {
        if case .column(let number, let type) = self { return .column(transform(number), type) }
        return withOperands(operands.map { $0.mapColumns(transform) })
    }

    /// Column numbers that occur, each once, ascending.
    package var columns: [Int] {
        var found: Set<Int> = []
        collectColumns(into: &found)
        return found.sorted()
    }

    private func collectColumns(into found: inout Set<Int>) {
        if case .column(let number, _) = self { found.insert(number) }
        for operand in operands { operand.collectColumns(into: &found) }
    }
}
