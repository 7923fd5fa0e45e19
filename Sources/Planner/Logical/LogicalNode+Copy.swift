import QueryPlan

extension LogicalNode {
    /// The same tree with columns of its own; `renumbered` tells which became which. What it reads of queries around it
    /// stays.
    func copied(_ registry: ColumnRegistry, _ renumbered: inout [Int: Int]) -> LogicalNode {
        switch self {
        case .scan(let relation):
            let copy = registry.addCopy(ofRelation: relation)
            for (old, new) in zip(registry.relations[relation].columns, registry.relations[copy].columns) {
                renumbered[old] = new
            }
            return .scan(relation: copy)
        case .constants(let rows, let columns):
            return .constants(rows: rows, columns: columns.map { Self.copy($0, registry, &renumbered) })
        case .shared(let use):
            var own = use
            own.columns = use.columns.map { Self.copy($0, registry, &renumbered) }
            return .shared(own)
        default: break
        }
        var copies: [LogicalNode] = []
        for input in inputs { copies.append(input.copied(registry, &renumbered)) }
        let node = withInputs(copies)
        switch node {
        case .project(let computed, let input):
            return .project(
                computed.map { item in
                    let expression = item.expression.renumbered(renumbered)
                    let column = Self.copy(item.column, registry, &renumbered)
                    registry.setOrigin(of: column, .expression(expression))
                    return ComputedColumn(column: column, expression: expression)
                }, input)
        case .aggregate(let aggregate, let input):
            var result = LogicalAggregate(groups: aggregate.groups.map { renumbered[$0] ?? $0 }, calls: [])
            for call in aggregate.calls {
                var own = call
                own.arguments = call.arguments.map { renumbered[$0] ?? $0 }
                own.column = Self.copy(call.column, registry, &renumbered)
                registry.setOrigin(of: own.column, .aggregate(own))
                result.calls.append(own)
            }
            return .aggregate(result, input)
        case .apply(let use, let left, let right):
            let own: SubqueryUse
            switch use {
            case .scalar(let value, let result):
                own = .scalar(
                    value: renumbered[value] ?? value, result: Self.copy(result, registry, &renumbered))
            case .exists(let on): own = .exists(on: on.map { $0.renumbered(renumbered) })
            case .notExists: own = .notExists
            case .notIn(let pairs):
                own = .notIn(
                    pairs.map { ($0.operand.renumbered(renumbered), $0.item.renumbered(renumbered)) })
            }
            return .apply(own, left, right)
        case .window(let window, let input):
            var own = window.renumbered(renumbered)
            for index in own.calls.indices {
                own.calls[index].column = Self.copy(own.calls[index].column, registry, &renumbered)
            }
            return .window(own, input)
        case .expand(let expansion, let input):
            var own = expansion.renumbered(renumbered)
            own.columns = own.columns.map { Self.copy($0, registry, &renumbered) }
            return .expand(own, input)
        case .union(let inputs, let columns):
            let own = inputs.map { UnionInput(node: $0.node, columns: $0.columns.map { renumbered[$0] ?? $0 }) }
            return .union(own, columns: columns.map { Self.copy($0, registry, &renumbered) })
        default: return node.readingRenumbered(renumbered)
        }
    }

    private static func copy(_ column: Int, _ registry: ColumnRegistry, _ renumbered: inout [Int: Int]) -> Int {
        let old = registry.columns[column]
        let new = registry.add(name: old.name, type: old.type, origin: old.origin)
        if registry.masks.contains(column) { registry.masks.insert(new) }
        renumbered[column] = new
        return new
    }

    /// The node's own expressions over other columns; its inputs stay. For nodes that make no columns.
    private func readingRenumbered(_ columns: [Int: Int]) -> LogicalNode {
        switch self {
        case .filter(let conjuncts, let input): return .filter(conjuncts.map { $0.renumbered(columns) }, input)
        case .innerJoin(let inputs, let on): return .innerJoin(inputs, on: on.map { $0.renumbered(columns) })
        case .join(let kind, let left, let right, let on):
            return .join(kind, left, right, on: on.map { $0.renumbered(columns) })
        case .distinct(let own, let input): return .distinct(own.map { columns[$0] ?? $0 }, input)
        case .sort(let keys, let input):
            return .sort(keys.map { $0.renumbered(columns) }, input)
        default: return self
        }
    }
}

extension SortColumn {
    func renumbered(_ columns: [Int: Int]) -> SortColumn {
        SortColumn(column: columns[column] ?? column, isDescending: isDescending, nullsFirst: nullsFirst)
    }
}

extension LogicalExpansion {
    /// Reads other columns; its own stay.
    func renumbered(_ columns: [Int: Int]) -> LogicalExpansion {
        var result = self
        result.arguments = arguments.map { $0.renumbered(columns) }
        return result
    }
}

extension LogicalWindow {
    /// Reads other columns; the calls' own stay.
    func renumbered(_ columns: [Int: Int]) -> LogicalWindow {
        var result = self
        result.partition = partition.map { columns[$0] ?? $0 }
        result.order = order.map { $0.renumbered(columns) }
        for index in calls.indices {
            result.calls[index].arguments = calls[index].arguments.map { columns[$0] ?? $0 }
        }
        return result
    }
}

extension BoundExpression {
    func renumbered(_ columns: [Int: Int]) -> BoundExpression { mapColumns { columns[$0] ?? $0 } }
}
