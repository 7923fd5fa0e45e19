import Catalog
import QueryPlan
import SQLTypes

extension LogicalNode {
    /// Columns of the output that hold no null for certain.
    func neverNull(_ registry: ColumnRegistry) -> ColumnSet {
        switch self {
        case .scan(let relation):
            guard let table = registry.relations[relation].table else { return ColumnSet() }
            let first = registry.relations[relation].firstColumn
            return ColumnSet(table.columns.indices.filter { !table.columns[$0].isNullable }.map { first + $0 })
        case .constants, .union, .shared: return ColumnSet()
        case .filter(let conjuncts, let input):
            var result = input.neverNull(registry)
            for column in conjuncts.columnSet.elements where !result.contains(column) {
                if conjuncts.contains(where: { $0.rejectsNulls(of: ColumnSet([column])) }) { result.insert(column) }
            }
            return result
        case .sort(_, let input), .limit(_, _, let input), .window(_, let input),
            .expand(_, let input), .secured(_, let input):
            return input.neverNull(registry)
        case .distinct(let columns, let input): return input.neverNull(registry).intersection(ColumnSet(columns))
        case .innerJoin(let inputs, _):
            return inputs.reduce(ColumnSet()) { $0.union($1.neverNull(registry)) }
        case .join(.full, _, _, _), .join(.right, _, _, _): return ColumnSet()
        case .join(.inner, let left, let right, _): return left.neverNull(registry).union(right.neverNull(registry))
        case .join(_, let left, _, _), .apply(_, let left, _): return left.neverNull(registry)
        case .project(let computed, let input):
            var result = input.neverNull(registry)
            for item in computed where item.expression.isNeverNull(result) { result.insert(item.column) }
            return result
        case .aggregate(let aggregate, let input):
            var result = input.neverNull(registry).intersection(ColumnSet(aggregate.groups))
            for call in aggregate.calls where call.function == "count" { result.insert(call.column) }
            return result
        }
    }
}

extension BoundExpression {
    /// Whether the value cannot be null, given columns that are not. Calls may give null of anything.
    func isNeverNull(_ columns: ColumnSet) -> Bool {
        switch self {
        case .column(let number, _): columns.contains(number)
        case .literal(let value, _): !value.isNull
        case .cast(let operand, _, let isTry): !isTry && operand.isNeverNull(columns)
        case .arithmetic(_, let left, let right, _), .comparison(_, let left, let right):
            left.isNeverNull(columns) && right.isNeverNull(columns)
        case .arithmeticChain: operands.allSatisfy { $0.isNeverNull(columns) }
        case .negate(let operand), .not(let operand): operand.isNeverNull(columns)
        case .isNull, .isBoolean: true
        case .caseWhen(let branches, let otherwise?, _):
            branches.allSatisfy { $0.result.isNeverNull(columns) } && otherwise.isNeverNull(columns)
        default: false
        }
    }
}
