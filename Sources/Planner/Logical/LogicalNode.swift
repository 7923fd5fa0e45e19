import QueryPlan
import SQLTypes

/// A query as relational algebra: what is wanted, not yet where and in which order. Columns are numbers of a
/// `ColumnRegistry`. Predicates are lists of conjuncts.
indirect enum LogicalNode {
    case scan(relation: Int)
    /// Literal rows; one row without columns is the source of `SELECT 1`.
    case constants(rows: [[BoundExpression]], columns: [Int])
    case filter([BoundExpression], LogicalNode)
    /// The inner join of all inputs, at least two.
    case innerJoin([LogicalNode], on: [BoundExpression])
    /// left, full, semi, anti; a right join is a left join with its sides exchanged.
    case join(JoinKind, LogicalNode, LogicalNode, on: [BoundExpression])
    /// Adds columns to those of the input.
    case project([ComputedColumn], LogicalNode)
    case aggregate(LogicalAggregate, LogicalNode)
    case distinct([Int], LogicalNode)
    case sort([SortColumn], LogicalNode)
    case limit(count: Int64?, offset: Int64, LogicalNode)
}

struct ComputedColumn {
    let column: Int
    let expression: BoundExpression
}

struct LogicalAggregate {
    struct Call: Hashable {
        var column: Int
        /// Canonical name; without arguments it is count(*).
        var function: String
        var arguments: [Int]
        var isDistinct: Bool
        var result: SQLType
    }
    var groups: [Int]
    var calls: [Call]
}

/// A query with names and types resolved.
struct BoundQuery {
    var root: LogicalNode
    /// What the query hands out, in order; a column may occur twice.
    var output: [(name: String, column: Int)]
}

extension LogicalNode {
    /// All columns that the node can hand up.
    func columns(_ registry: ColumnRegistry) -> ColumnSet {
        var result = ColumnSet()
        collectColumns(registry, into: &result)
        return result
    }

    private func collectColumns(_ registry: ColumnRegistry, into result: inout ColumnSet) {
        switch self {
        case .scan(let relation): for column in registry.relations[relation].columns { result.insert(column) }
        case .constants(_, let columns): for column in columns { result.insert(column) }
        case .filter(_, let input), .sort(_, let input), .limit(_, _, let input):
            input.collectColumns(registry, into: &result)
        case .innerJoin(let inputs, _): for input in inputs { input.collectColumns(registry, into: &result) }
        case .join(let kind, let left, let right, _):
            left.collectColumns(registry, into: &result)
            if kind != .semi, kind != .anti, kind != .nullAwareAnti { right.collectColumns(registry, into: &result) }
        case .project(let computed, let input):
            input.collectColumns(registry, into: &result)
            for item in computed { result.insert(item.column) }
        case .aggregate(let aggregate, _):
            for column in aggregate.groups { result.insert(column) }
            for call in aggregate.calls { result.insert(call.column) }
        case .distinct(let columns, _): for column in columns { result.insert(column) }
        }
    }
}

extension BoundExpression {
    var columnSet: ColumnSet {
        var result = ColumnSet()
        visitColumns { column, _ in result.insert(column) }
        return result
    }

    func visitColumns(_ visit: (Int, SQLType) -> Void) {
        switch self {
        case .column(let number, let type): visit(number, type)
        case .literal: break
        case .comparison(_, let left, let right), .arithmetic(_, let left, let right, _):
            left.visitColumns(visit)
            right.visitColumns(visit)
        default: for operand in operands { operand.visitColumns(visit) }
        }
    }

    /// Top-level AND terms.
    var conjuncts: [BoundExpression] {
        switch self {
        case .and(let terms): terms
        case .literal(.boolean(true), _): []
        default: [self]
        }
    }

    /// The same expression with some columns replaced by expressions of the same type.
    func substituting(_ replacement: (Int) -> BoundExpression?) -> BoundExpression {
        switch self {
        case .column(let number, _): return replacement(number) ?? self
        case .literal: return self
        default: return withOperands(operands.map { $0.substituting(replacement) })
        }
    }
}

extension Sequence where Element == BoundExpression {
    /// All of them at once; nil for none.
    func conjunction() -> BoundExpression? {
        var terms: [BoundExpression] = []
        for term in self { terms.append(contentsOf: term.conjuncts) }
        return terms.isEmpty ? nil : terms.count == 1 ? terms[0] : .and(terms)
    }

    var columnSet: ColumnSet {
        var result = ColumnSet()
        for expression in self { expression.visitColumns { column, _ in result.insert(column) } }
        return result
    }
}
