import Catalog
import QueryPlan
import SQLTypes

/// Replaces operations on literals by their value, as the binder builds them: an expression that reaches the plan has
/// no constant part left that could be computed before the query runs.
///
/// An error (division by zero, overflow) is left in the expression and raised when a row gets there: a CASE branch may
/// never be reached.
struct ConstantFolding {
    let functions: FunctionDirectory
    let dateTime: DateTimeContext
    let clockUse: ClockUse?

    func fold(_ expression: BoundExpression) -> BoundExpression {
        switch expression {
        case .cast(.literal(let value, let source), let target, _):
            if case .string(let text) = value { clockUse?.note(parsing: text, as: target) }
            guard let result = try? value.cast(from: source, to: target, context: .explicit, dateTime: dateTime)
            else { return expression }
            return .literal(result, target)
        case .arithmetic(let operation, .literal(let left, _), .literal(let right, _), let type):
            return arithmetic(operation, left, right, type).map { .literal($0, type) } ?? expression
        case .negate(.literal(let value, let type)):
            return negated(value, type).map { .literal($0, type) } ?? expression
        case .comparison(let operation, .literal(let left, _), .literal(let right, _)):
            guard let order = SQLValue.compare(left, right) else { return .literal(.null, .boolean) }
            return .literal(.boolean(operation.holds(order)), .boolean)
        case .comparison(_, .literal(.null, _), _), .comparison(_, _, .literal(.null, _)):
            return .literal(.null, .boolean)
        case .and(let terms): return conjunction(terms)
        case .or(let terms): return disjunction(terms)
        case .not(.literal(let value, _)):
            if case .boolean(let flag) = value { return .literal(.boolean(!flag), .boolean) }
            return .literal(.null, .boolean)
        case .isNull(.literal(let value, _), let isNegated):
            return .literal(.boolean(value.isNull != isNegated), .boolean)
        case .isBoolean(.literal(let value, _), let wanted, let isNegated):
            return .literal(.boolean((value == .boolean(wanted)) != isNegated), .boolean)
        case .inList(.literal(let value, _), let values, let isNegated):
            if value.isNull { return .literal(.null, .boolean) }
            let isThere = values.contains { SQLValue.compare($0, value) == .equal }
            return .literal(.boolean(isThere != isNegated), .boolean)
        default: return expression
        }
    }

    /// An immutable function of constants.
    func call(
        _ signature: FunctionSignature, _ arguments: [BoundExpression], _ resolution: FunctionSignature.Resolution
    )
        -> BoundExpression
    {
        let expression = BoundExpression.call(signature.name, arguments, resolution.result)
        guard signature.volatility == .immutable else { return expression }
        var values: [SQLValue] = []
        for argument in arguments {
            guard case .literal(let value, _) = argument else { return expression }
            values.append(value)
        }
        if signature.isStrict, values.contains(where: \.isNull) { return .literal(.null, resolution.result) }
        guard let result = try? functions.evaluate(signature.name, values, resolution) else { return expression }
        return .literal(result, resolution.result)
    }

    /// Whether two evaluations may differ: such an expression is neither copied nor moved.
    func isVolatile(_ expression: BoundExpression) -> Bool {
        if case .call(let name, _, _) = expression,
            functions.signatures(named: name).contains(where: { $0.volatility == .volatile })
        {
            return true
        }
        return expression.operands.contains(where: isVolatile)
    }

    private func conjunction(_ terms: [BoundExpression]) -> BoundExpression {
        var kept: [BoundExpression] = []
        for term in terms {
            if case .literal(.boolean(let flag), _) = term {
                if flag { continue }
                return .literal(.boolean(false), .boolean)
            }
            if case .and(let inner) = term { kept += inner } else { kept.append(term) }
        }
        return kept.isEmpty ? .literal(.boolean(true), .boolean) : kept.count == 1 ? kept[0] : .and(kept)
    }

    private func disjunction(_ terms: [BoundExpression]) -> BoundExpression {
        var kept: [BoundExpression] = []
        for term in terms {
            if case .literal(.boolean(let flag), _) = term {
                if !flag { continue }
                return .literal(.boolean(true), .boolean)
            }
            if case .or(let inner) = term { kept += inner } else { kept.append(term) }
        }
        return kept.isEmpty ? .literal(.boolean(false), .boolean) : kept.count == 1 ? kept[0] : .or(kept)
    }

    private func negated(_ value: SQLValue, _ type: SQLType) -> SQLValue? {
        switch value {
        case .null: return .null
        case .integer(let number):
            guard number != .min, type.integerRange.contains(-number) else { return nil }
            return .integer(-number)
        case .decimal(let number):
            guard number.unscaled != .min else { return nil }
            return .decimal(Decimal(unscaled: -number.unscaled, scale: number.scale))
        case .real(let number): return .real(-number)
        case .double(let number): return .double(-number)
        default: return nil
        }
    }

    /// nil: left for the run, which raises the error.
    private func arithmetic(
        _ operation: ArithmeticOperator, _ left: SQLValue, _ right: SQLValue, _ type: SQLType
    ) -> SQLValue? {
        if left.isNull || right.isNull { return .null }
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return integer(operation, a, b, type)
        case (.decimal(let a), .decimal(let b)):
            guard case .decimal(let precision, let scale) = type,
                let result = try? Decimal.apply(operation, a, b, result: (precision, scale))
            else { return nil }
            return .decimal(result)
        case (.double(let a), .double(let b)): return double(operation, a, b)
        case (.date(let a), .integer(let b)): return day(operation, a, b)
        case (.date(let a), .date(let b)): return .integer(Int64(a) - Int64(b))
        default: return nil
        }
    }

    private func day(_ operation: ArithmeticOperator, _ date: Int32, _ days: Int64) -> SQLValue? {
        guard days.magnitude < 10_000_000 else { return nil }
        let result = operation == .add ? Int(date) + Int(days) : Int(date) - Int(days)
        return (try? DateRange.checked(days: result)).map { .date($0) }
    }

    private func integer(_ operation: ArithmeticOperator, _ a: Int64, _ b: Int64, _ type: SQLType) -> SQLValue? {
        let (result, overflow): (Int64, Bool)
        switch operation {
        case .add: (result, overflow) = a.addingReportingOverflow(b)
        case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide: (result, overflow) = a.dividedReportingOverflow(by: b)
        case .modulo: (result, overflow) = b == -1 ? (0, false) : a.remainderReportingOverflow(dividingBy: b)
        }
        return overflow || !type.integerRange.contains(result) ? nil : .integer(result)
    }

    private func double(_ operation: ArithmeticOperator, _ a: Double, _ b: Double) -> SQLValue? {
        let result: Double
        switch operation {
        case .add: result = a + b
        case .subtract: result = a - b
        case .multiply: result = a * b
        case .divide:
            if b == 0 { return nil }
            result = a / b
        case .modulo: return nil
        }
        return result.isFinite ? .double(result) : nil
    }
}

extension ComparisonOperator {
    /// Whether two values in that order satisfy it.
    func holds(_ order: SQLOrdering) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .less: order == .less
        case .lessOrEqual: order != .greater
        case .greater: order == .greater
        case .greaterOrEqual: order != .less
        }
    }
}
