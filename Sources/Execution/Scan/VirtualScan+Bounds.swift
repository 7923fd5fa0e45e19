package import QueryPlan
import SQLTypes
package import VectorEngine

extension VirtualScan {
    /// What the filter says of columns of integers, where it compares one with something that is the same for all rows: a
    /// constant, `pg_last_query_id()`. What cannot be computed is left to the filter, which will say why.
    package func bounds(_ context: EvaluationContext) -> ColumnBounds {
        var bounds = ColumnBounds()
        guard let filter else { return bounds }
        for term in ZoneFilter.conjuncts(filter) {
            switch term {
            case .comparison(let op, let left, let right):
                if let column = column(left), let value = value(of: right, context) {
                    bounds.limit(columns[column], to: VirtualScan.range(op, value))
                } else if let column = column(right), let value = value(of: left, context) {
                    bounds.limit(columns[column], to: VirtualScan.range(op.mirrored, value))
                }
            case .inList(let operand, let values, isNegated: false):
                guard let column = column(operand) else { continue }
                let numbers = values.compactMap { value -> Int64? in
                    if case .integer(let number) = value { number } else { nil }
                }
                guard numbers.count == values.count, let least = numbers.min(), let most = numbers.max() else {
                    continue
                }
                bounds.limit(columns[column], to: least...most)
            default: continue
            }
        }
        return bounds
    }

    /// A column of integers, or one that is made wider for the comparison.
    private func column(_ expression: BoundExpression) -> Int? {
        switch expression {
        case .column(let column, let type) where type.isInteger: column
        case .cast(let operand, let type, isTry: false) where type.isInteger: column(operand)
        default: nil
        }
    }

    private func value(of expression: BoundExpression, _ context: EvaluationContext) -> Int64? {
        guard expression.type.isInteger, isSteady(expression) else { return nil }
        do throws(SQLError) {
            let value = try ExpressionEvaluator.value(of: ExpressionCompiler.node(expression), context: context)
            guard case .integer(let number) = value else { return nil }
            return number
        } catch {
            // The filter itself fails in the same way, and tells.
            return nil
        }
    }

    /// It may be computed once more than the filter does: each time it is the same, and nothing happens.
    private func isSteady(_ expression: BoundExpression) -> Bool {
        switch expression {
        case .literal: true
        case .call(let name, let arguments, _): arguments.isEmpty && VirtualScan.steadyFunctions.contains(name)
        case .cast, .negate, .arithmetic: expression.operands.allSatisfy(isSteady)
        default: false
        }
    }

    private static let steadyFunctions: Set<String> = [
        "pg_backend_pid", "pg_last_copy_id", "pg_last_query_id", "pg_last_unload_id",
    ]

    /// nil: no number.
    private static func range(_ op: ComparisonOperator, _ value: Int64) -> ClosedRange<Int64>? {
        switch op {
        case .equal: value...value
        case .lessOrEqual: Int64.min...value
        case .greaterOrEqual: value...Int64.max
        case .less: value > .min ? Int64.min...value - 1 : nil
        case .greater: value < .max ? value + 1...Int64.max : nil
        case .notEqual: Int64.min...Int64.max
        }
    }
}
