import QueryPlan
import SQLTypes

/// The general way to unnest: the distinct values of the outer columns, D, are joined into the subquery at the lowest
/// place that reads them, so that it answers for all outer rows at once; the answer is joined back on those values,
/// nulls being equal.
/// - Source: Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015.
extension Rewriter {
    mutating func dependent(
        _ node: LogicalNode, on outer: ColumnSet, of left: LogicalNode
    ) throws(SQLError) -> UncorrelatedQuery {
        fired.insert("DependentJoin")
        let domain = Domain(columns: outer.elements, source: left, neverNull: left.neverNull(registry))
        let (pushed, copies) = try pushed(domain, into: node)
        var conditions: [BoundExpression] = []
        for column in domain.columns { conditions += same(column, copies[column] ?? column, domain) }
        return UncorrelatedQuery(node: pushed, conditions: conditions)
    }

    /// D.
    struct Domain {
        var columns: [Int]
        var source: LogicalNode
        var neverNull: ColumnSet
    }

    /// Equal, or both null.
    private func same(_ left: Int, _ right: Int, _ domain: Domain) -> [BoundExpression] {
        let (a, b) = (registry.expression(left), registry.expression(right))
        // `left` is a column of D or a copy of one, and copies are null where their original is.
        if domain.neverNull.contains(left) { return [.comparison(.equal, a, b)] }
        func flag(_ value: BoundExpression) -> BoundExpression {
            .caseWhen(
                [BoundExpression.CaseBranch(condition: .isNull(value, isNegated: false), result: Self.number(1))],
                otherwise: Self.number(0), .integer)
        }
        func filled(_ value: BoundExpression) -> BoundExpression {
            .caseWhen(
                [BoundExpression.CaseBranch(condition: .isNull(value, isNegated: true), result: value)],
                otherwise: .literal(Self.filler(value.type), value.type), value.type)
        }
        return [.comparison(.equal, filled(a), filled(b)), .comparison(.equal, flag(a), flag(b))]
    }

    private static func number(_ value: Int64) -> BoundExpression { .literal(.integer(value), .integer) }

    /// Some value of the type.
    private static func filler(_ type: SQLType) -> SQLValue {
        switch type {
        case .boolean: .boolean(false)
        case .smallint, .integer, .bigint: .integer(0)
        case .decimal(_, let scale): .decimal(Decimal(unscaled: 0, scale: scale))
        case .real: .real(0)
        case .double: .double(0)
        case .char, .varchar, .unknown: .string([])
        case .date: .date(0)
        case .time: .time(0)
        case .timestamp: .timestamp(0)
        case .timestamptz: .timestamptz(0)
        case .catalog(let type): type.storage == .bytes ? .string([]) : .integer(0)
        case .timetz, .intervalYearToMonth, .intervalDayToSecond, .varbyte: .null
        }
    }

    /// The node for every row of D at once; the map tells which of its columns are D's.
    private mutating func pushed(
        _ domain: Domain, into node: LogicalNode
    ) throws(SQLError) -> (node: LogicalNode, copies: [Int: Int]) {
        let outer = ColumnSet(domain.columns)
        if node.freeColumns(registry).isDisjoint(with: outer) {
            let (copy, copies) = domainCopy(domain)
            return (.innerJoin([copy, node], on: []), copies)
        }
        switch node {
        case .filter(let conjuncts, let input):
            let (below, copies) = try pushed(domain, into: input)
            return (.filter(conjuncts.map { $0.renumbered(copies) }, below), copies)
        case .project(let computed, let input):
            let (below, copies) = try pushed(domain, into: input)
            let own = computed.map { item in
                let expression = item.expression.renumbered(copies)
                registry.setOrigin(of: item.column, .expression(expression))
                return ComputedColumn(column: item.column, expression: expression)
            }
            return (.project(own, below), copies)
        case .sort(_, let input): return try pushed(domain, into: input)
        case .distinct(let columns, let input):
            let (below, copies) = try pushed(domain, into: input)
            return (.distinct(columns + domain.columns.compactMap { copies[$0] }, below), copies)
        case .aggregate(let aggregate, let input): return try pushed(domain, into: aggregate, over: input)
        case .innerJoin(let inputs, let on): return try pushed(domain, into: inputs, on: on)
        case .join(let kind, let left, let right, let on):
            return try pushed(domain, intoJoin: kind, left, right, on)
        case .window(let window, let input):
            let (below, copies) = try pushed(domain, into: input)
            var own = window.renumbered(copies)
            own.partition += domain.columns.compactMap { copies[$0] }
            return (.window(own, below), copies)
        case .expand(let expansion, let input):
            let (below, copies) = try pushed(domain, into: input)
            return (.expand(expansion.renumbered(copies), below), copies)
        case .union(let inputs, let columns):
            var own: [UnionInput] = []
            for input in inputs {
                let (below, copies) = try pushed(domain, into: input.node)
                own.append(UnionInput(node: below, columns: input.columns + domain.columns.compactMap { copies[$0] }))
            }
            var copies: [Int: Int] = [:]
            for column in domain.columns { copies[column] = newColumn(like: column) }
            return (.union(own, columns: columns + domain.columns.compactMap { copies[$0] }), copies)
        case .limit(let count, let offset, let input):
            return try pushed(domain, into: input, count: count, offset: offset)
        case .constants(let rows, _) where rows.count != 1:
            throw SQLError.unsupported("a list of rows in a correlated subquery")
        case .constants(let rows, let columns):
            let (copy, copies) = domainCopy(domain)
            let computed = zip(columns, rows[0]).map { column, value in
                ComputedColumn(column: column, expression: value.renumbered(copies))
            }
            return (.project(computed, copy), copies)
        // What guards a table reads nothing of the query around it.
        case .scan, .shared, .apply, .secured:
            throw SQLError.internalError("a dependent join that cannot be pushed down")
        }
    }

    /// LIMIT for each row of D: rows are numbered within it.
    private mutating func pushed(
        _ domain: Domain, into input: LogicalNode, count: Int64?, offset: Int64
    ) throws(SQLError) -> (node: LogicalNode, copies: [Int: Int]) {
        var order: [SortColumn] = []
        if case .sort(let keys, _) = input { order = keys }
        let (below, copies) = try pushed(domain, into: input)
        let number = registry.add(name: "row_number", type: .bigint, origin: .constant)
        let call = LogicalWindow.Call(
            column: number, function: "row_number", arguments: [], frame: .wholePartition, ignoresNulls: false,
            result: .bigint)
        let window = LogicalWindow(
            partition: domain.columns.compactMap { copies[$0] }, order: order.map { $0.renumbered(copies) },
            calls: [call])
        func compare(_ comparison: ComparisonOperator, _ value: Int64) -> BoundExpression {
            .comparison(comparison, registry.expression(number), .literal(.integer(value), .bigint))
        }
        // Both are at most 2³¹.
        var conditions: [BoundExpression] = []
        if let count { conditions.append(compare(.lessOrEqual, offset + count)) }
        if offset > 0 { conditions.append(compare(.greater, offset)) }
        let numbered = LogicalNode.window(window, below)
        return (conditions.isEmpty ? numbered : .filter(conditions, numbered), copies)
    }

    private func newColumn(like column: Int) -> Int {
        registry.add(name: registry.columns[column].name, type: registry.type(column), origin: .constant)
    }

    private func domainCopy(_ domain: Domain) -> (LogicalNode, [Int: Int]) {
        var copies: [Int: Int] = [:]
        let source = domain.source.copied(registry, &copies)
        let own = Dictionary(uniqueKeysWithValues: domain.columns.map { ($0, copies[$0] ?? $0) })
        return (.distinct(domain.columns.map { copies[$0] ?? $0 }, source), own)
    }

    private mutating func pushed(
        _ domain: Domain, into aggregate: LogicalAggregate, over input: LogicalNode
    ) throws(SQLError) -> (node: LogicalNode, copies: [Int: Int]) {
        let (below, copies) = try pushed(domain, into: input)
        let keys = domain.columns.compactMap { copies[$0] }
        var grouped = aggregate
        grouped.groups += keys
        if !aggregate.groups.isEmpty { return (.aggregate(grouped, below), copies) }
        // Every row of D has an answer, of nothing if need be.
        let (all, outer) = domainCopy(domain)
        var counts: [ComputedColumn] = []
        for index in grouped.calls.indices where grouped.calls[index].function == "count" {
            let column = grouped.calls[index].column
            grouped.calls[index].column = newColumn(like: column)
            registry.setOrigin(of: grouped.calls[index].column, .aggregate(grouped.calls[index]))
            let found = registry.expression(grouped.calls[index].column)
            let value = BoundExpression.caseWhen(
                [BoundExpression.CaseBranch(condition: .isNull(found, isNegated: true), result: found)],
                otherwise: .literal(.integer(0), .bigint), .bigint)
            registry.setOrigin(of: column, .expression(value))
            counts.append(ComputedColumn(column: column, expression: value))
        }
        var on: [BoundExpression] = []
        for column in domain.columns { on += equal(column, outer, copies, domain) }
        let joined = LogicalNode.join(.left, all, .aggregate(grouped, below), on: on)
        return (counts.isEmpty ? joined : .project(counts, joined), outer)
    }

    /// Two copies of one column of D.
    private func equal(
        _ column: Int, _ left: [Int: Int], _ right: [Int: Int], _ domain: Domain
    ) -> [BoundExpression] {
        guard let a = left[column], let b = right[column] else { return [] }
        if domain.neverNull.contains(column) {
            return [.comparison(.equal, registry.expression(a), registry.expression(b))]
        }
        return same(a, b, domain)
    }

    private mutating func pushed(
        _ domain: Domain, into inputs: [LogicalNode], on: [BoundExpression]
    ) throws(SQLError) -> (node: LogicalNode, copies: [Int: Int]) {
        let outer = ColumnSet(domain.columns)
        var nodes = inputs
        var conditions = on
        var copies: [Int: Int]?
        for index in inputs.indices where !inputs[index].freeColumns(registry).isDisjoint(with: outer) {
            let (below, own) = try pushed(domain, into: inputs[index])
            nodes[index] = below
            if let copies {
                for column in domain.columns { conditions += equal(column, copies, own, domain) }
            } else {
                copies = own
            }
        }
        if let copies { return (.innerJoin(nodes, on: conditions.map { $0.renumbered(copies) }), copies) }
        // Only the conditions read it.
        let (copy, own) = domainCopy(domain)
        return (.innerJoin([copy] + nodes, on: conditions.map { $0.renumbered(own) }), own)
    }

    private mutating func pushed(
        _ domain: Domain, intoJoin kind: JoinKind, _ left: LogicalNode, _ right: LogicalNode, _ on: [BoundExpression]
    ) throws(SQLError) -> (node: LogicalNode, copies: [Int: Int]) {
        if kind == .full { throw SQLError.unsupported("FULL JOIN in a correlated subquery") }
        let outer = ColumnSet(domain.columns)
        let (newLeft, copies) = try pushed(domain, into: left)
        var conditions = on.map { $0.renumbered(copies) }
        if right.freeColumns(registry).isDisjoint(with: outer) {
            return (.join(kind, newLeft, right, on: conditions), copies)
        }
        if kind == .nullAwareAnti { throw SQLError.unsupported("NOT IN over a subquery of two outer queries") }
        let (newRight, own) = try pushed(domain, into: right)
        for column in domain.columns { conditions += equal(column, copies, own, domain) }
        return (.join(kind, newLeft, newRight, on: conditions), copies)
    }
}
