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
    /// UNION ALL; output columns are `columns`, each input's are listed with it in the same order and types.
    case union([UnionInput], columns: [Int])
    /// One use of a WITH query that is computed once for all of them.
    case shared(SharedUse)
    /// Adds a column for each call to those of the input.
    case window(LogicalWindow, LogicalNode)
    /// Each row as often as a function of it gives rows; adds their columns to those of the input.
    case expand(LogicalExpansion, LogicalNode)
    /// A subquery of an expression, computed for each row of the first input, whose columns the second may read. Only
    /// between binder and rewriter, which turns it into joins.
    case apply(SubqueryUse, LogicalNode, LogicalNode)
    /// The rows of a table that row-level security leaves: a barrier, which only conditions cross that are `isLeakproof`.
    case secured(relation: Int, LogicalNode)
}

struct SharedUse {
    /// In `ColumnRegistry.sharedQueries`.
    var number: Int
    /// Each of the query's columns, and what it is called here. The first use keeps the numbers, so that the query can
    /// take its place if there is no other.
    var sources: [Int]
    var columns: [Int]
}

struct LogicalWindow {
    struct Call {
        var column: Int
        var function: String
        var arguments: [Int]
        var frame: WindowFrame
        var ignoresNulls: Bool
        var parameter: SQLValue?
        var result: SQLType
    }
    var partition: [Int]
    var order: [SortColumn]
    var calls: [Call]

    var reads: ColumnSet { ColumnSet(partition + order.map(\.column) + calls.flatMap(\.arguments)) }
}

/// A call of a function that gives a set of rows; only the leader has such.
struct LogicalExpansion {
    var function: String
    var arguments: [BoundExpression]
    /// One for each column of the function.
    var columns: [Int]
}

struct UnionInput {
    var node: LogicalNode
    var columns: [Int]
}

/// What an expression wants of its subquery.
enum SubqueryUse {
    /// The one row's `value` as a new column, `result`; null if there is no row, an error if there are several.
    case scalar(value: Int, result: Int)
    /// Rows of the first input for which a row of the second satisfies all conditions: EXISTS, IN, = ANY.
    case exists(on: [BoundExpression])
    case notExists
    /// NOT IN, <> ALL: each pair is one of the operand's items and what it is compared with.
    case notIn([(operand: BoundExpression, item: BoundExpression)])

    var expressions: [BoundExpression] {
        switch self {
        case .scalar, .notExists: []
        case .exists(let on): on
        case .notIn(let pairs): pairs.flatMap { [$0.operand, $0.item] }
        }
    }
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
        var orderedSet: OrderedSet?
        var result: SQLType

        /// Its value is not made of partial values: all rows of a group have to come together.
        var needsWholeGroups: Bool { isDistinct || orderedSet != nil }
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
        case .filter(_, let input), .sort(_, let input), .limit(_, _, let input), .secured(_, let input):
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
        case .shared(let use): for column in use.columns { result.insert(column) }
        case .distinct(let columns, _), .union(_, let columns): for column in columns { result.insert(column) }
        case .window(let window, let input):
            input.collectColumns(registry, into: &result)
            for call in window.calls { result.insert(call.column) }
        case .expand(let expansion, let input):
            input.collectColumns(registry, into: &result)
            for column in expansion.columns { result.insert(column) }
        case .apply(let use, let left, _):
            left.collectColumns(registry, into: &result)
            if case .scalar(_, let column) = use { result.insert(column) }
        }
    }

    /// The direct inputs, in order.
    var inputs: [LogicalNode] {
        switch self {
        case .scan, .constants, .shared: []
        case .filter(_, let input), .sort(_, let input), .limit(_, _, let input), .project(_, let input),
            .aggregate(_, let input), .distinct(_, let input), .window(_, let input), .expand(_, let input),
            .secured(_, let input):
            [input]
        case .innerJoin(let inputs, _): inputs
        case .join(_, let left, let right, _), .apply(_, let left, let right): [left, right]
        case .union(let inputs, _): inputs.map(\.node)
        }
    }

    /// The same node over other inputs, given in the order of `inputs`.
    func withInputs(_ new: [LogicalNode]) -> LogicalNode {
        assert(new.count == inputs.count, "\(new.count) inputs for \(inputs.count)")
        switch self {
        case .scan, .constants, .shared: return self
        case .filter(let conjuncts, _): return .filter(conjuncts, new[0])
        case .sort(let keys, _): return .sort(keys, new[0])
        case .limit(let count, let offset, _): return .limit(count: count, offset: offset, new[0])
        case .project(let computed, _): return .project(computed, new[0])
        case .aggregate(let aggregate, _): return .aggregate(aggregate, new[0])
        case .distinct(let columns, _): return .distinct(columns, new[0])
        case .window(let window, _): return .window(window, new[0])
        case .expand(let expansion, _): return .expand(expansion, new[0])
        case .innerJoin(_, let on): return .innerJoin(new, on: on)
        case .join(let kind, _, _, let on): return .join(kind, new[0], new[1], on: on)
        case .apply(let use, _, _): return .apply(use, new[0], new[1])
        case .secured(let relation, _): return .secured(relation: relation, new[0])
        case .union(let inputs, let columns):
            return .union(zip(inputs, new).map { UnionInput(node: $1, columns: $0.columns) }, columns: columns)
        }
    }

    /// Columns that the node itself reads, of its inputs or of a query around it.
    var ownReads: ColumnSet {
        switch self {
        case .scan, .shared, .secured: return ColumnSet()
        case .constants(let rows, _): return rows.joined().columnSet
        case .filter(let conjuncts, _): return conjuncts.columnSet
        case .innerJoin(_, let on), .join(_, _, _, let on): return on.columnSet
        case .project(let computed, _): return computed.map(\.expression).columnSet
        case .aggregate(let aggregate, _):
            return ColumnSet(aggregate.groups + aggregate.calls.flatMap(\.arguments))
        case .distinct(let columns, _): return ColumnSet(columns)
        case .sort(let keys, _): return ColumnSet(keys.map(\.column))
        case .limit: return ColumnSet()
        case .window(let window, _): return window.reads
        case .expand(let expansion, _): return expansion.arguments.columnSet
        case .union(let inputs, _): return ColumnSet(inputs.flatMap(\.columns))
        case .apply(let use, _, _):
            var result = use.expressions.columnSet
            if case .scalar(let value, _) = use { result.insert(value) }
            return result
        }
    }

    /// Columns of queries around this one that are read somewhere below: what correlates it.
    func freeColumns(_ registry: ColumnRegistry) -> ColumnSet {
        var (reads, made) = (ColumnSet(), ColumnSet())
        collect(registry, reads: &reads, made: &made)
        return ColumnSet(reads.elements.filter { !made.contains($0) })
    }

    private func collect(_ registry: ColumnRegistry, reads: inout ColumnSet, made: inout ColumnSet) {
        reads.formUnion(ownReads)
        switch self {
        case .scan(let relation): for column in registry.relations[relation].columns { made.insert(column) }
        case .constants(_, let columns), .union(_, let columns): for column in columns { made.insert(column) }
        case .shared(let use): for column in use.columns { made.insert(column) }
        case .project(let computed, _): for item in computed { made.insert(item.column) }
        case .aggregate(let aggregate, _): for call in aggregate.calls { made.insert(call.column) }
        case .window(let window, _): for call in window.calls { made.insert(call.column) }
        case .expand(let expansion, _): for column in expansion.columns { made.insert(column) }
        case .apply(.scalar(_, let result), _, _): made.insert(result)
        default: break
        }
        for input in inputs { input.collect(registry, reads: &reads, made: &made) }
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

extension BoundExpression {
    /// Neither fails nor shows a value, whatever its columns hold: comparisons of columns with each other and with
    /// constants. Row-level security lets such conditions alone be tried on rows that the user may not see.
    /// - Source: Redshift developer guide, "Safety of operators and functions": arithmetic, LIKE and most casts are unsafe.
    var isLeakproof: Bool {
        switch self {
        case .column, .literal: true
        case .comparison, .and, .or, .not, .isNull, .isBoolean, .inList: operands.allSatisfy(\.isLeakproof)
        case .cast(let operand, let type, _): operand.isLeakproof && Self.isWidening(operand.type, to: type)
        case .arithmetic, .arithmeticChain, .negate, .match, .caseWhen, .call: false
        }
    }

    private static func isWidening(_ type: SQLType, to wider: SQLType) -> Bool {
        switch (type, wider) {
        case (.smallint, .integer), (.smallint, .bigint), (.integer, .bigint): true
        default: false
        }
    }
}
