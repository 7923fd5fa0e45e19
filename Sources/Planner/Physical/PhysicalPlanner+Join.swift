import Catalog
import QueryPlan
import SQLTypes

extension PhysicalPlanner {
    func planInnerJoin(
        _ inputs: [LogicalNode], _ on: [BoundExpression], _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        guard inputs.count <= 64 else {
            throw SQLError(.statementTooComplex, "a join of more than 64 tables is not supported")
        }
        let used = needed.union(on.columnSet)
        var nodes: [PhysicalNode] = []
        for input in inputs {
            nodes.append(replicated(try plan(input, used.intersection(input.columns(registry)))))
        }
        for condition in on {
            if let (left, right) = condition.columnEquality { _ = equivalences.join(left, right) }
        }
        let graph = JoinGraph(nodes, on, equivalences: equivalences, estimator: estimator)
        var order = JoinOrder(
            graph, needed: needed, equivalences: equivalences, estimator: estimator, mergeKeys: nodes.map(mergeKey))
        let root = try order.run(askingBetween: interruption)
        let joined = build(root, order, graph)
        // Conditions without columns, and those that one input alone decides after all.
        let rest = graph.conditions.filter { $0.inputs.nonzeroBitCount < 2 }.map(\.expression)
        return rest.isEmpty ? joined : filter(joined, rest, needed)
    }

    /// The first sort column of a table that is distributed on it and mostly sorted.
    private func mergeKey(_ node: PhysicalNode) -> Int? {
        guard case .scan(let number, _, .ownPartition) = node.operation,
            let table = registry.relations[number].table, let first = table.sortKey.columns.first,
            table.distribution.keyColumn == first,
            (catalog.unsortedFractions[table.id] ?? 0) < CostModel.mergeableUnsorted
        else { return nil }
        if case .interleaved = table.sortKey { return nil }
        return registry.relations[number].firstColumn + first
    }

    private func build(_ index: Int, _ order: JoinOrder, _ graph: JoinGraph) -> PhysicalNode {
        let candidate = order.candidates[index]
        guard let choice = candidate.choice else {
            let node = graph.inputs[candidate.inputs.trailingZeroBitCount]
            node.width = candidate.side.width
            return node
        }
        let (outer, inner) = (order.candidates[candidate.outer], order.candidates[candidate.inner])
        let pairs = order.pairs(outer.inputs, inner.inputs)
        let residual = order.conditions(joining: outer.inputs, inner.inputs).map(\.expression)
        return join(
            .inner, build(candidate.outer, order, graph), build(candidate.inner, order, graph), pairs, residual, choice,
            rows: candidate.side.rows, width: candidate.side.width)
    }

    /// The join with the exchanges, and the projections of computed keys, that the choice asks for.
    private func join(
        _ kind: JoinKind, _ outer: PhysicalNode, _ inner: PhysicalNode, _ pairs: [JoinPair],
        _ residual: [BoundExpression], _ choice: JoinChoice, rows: Double, width: Int
    ) -> PhysicalNode {
        var (outerKeys, innerKeys): ([Int], [Int]) = ([], [])
        var (outerComputed, innerComputed): ([ComputedColumn], [ComputedColumn]) = ([], [])
        for pair in pairs {
            outerKeys.append(column(pair.outer, &outerComputed))
            innerKeys.append(column(pair.inner, &innerComputed))
        }
        var left = project(outerComputed, over: outer)
        var right = project(innerComputed, over: inner)
        func moved(_ keys: [Int], _ indices: [Int]) -> PhysicalNode.Exchange { .distribute(indices.map { keys[$0] }) }
        switch choice.movement {
        case .none: break
        case .outer(let indices): left = exchange(moved(outerKeys, indices), left)
        case .inner(let indices): right = exchange(moved(innerKeys, indices), right)
        case .both(let indices):
            left = exchange(moved(outerKeys, indices), left)
            right = exchange(moved(innerKeys, indices), right)
        case .broadcastInner:
            left = readOnce(left)
            right = exchange(.broadcast, right)
        case .allInner:
            left = exchange(.oneSlice, left)
            right = exchange(.oneSlice, right)
        }
        if kind == .right || kind == .full { right = readOnce(right) }
        if choice.algorithm == .nestedLoop { hasNestedLoop = true }
        var columns = left.columns
        if kind != .semi, kind != .anti, kind != .nullAwareAnti { columns.formUnion(right.columns) }
        return PhysicalNode(
            .join(
                PhysicalNode.Join(
                    kind: kind, algorithm: choice.algorithm, keys: zip(outerKeys, innerKeys).map { ($0, $1) },
                    residual: residual)),
            [left, right], columns: columns, rows: rows, width: width, cost: choice.cost, placement: choice.placement)
    }

    private func column(_ expression: BoundExpression, _ computed: inout [ComputedColumn]) -> Int {
        if case .column(let number, _) = expression { return number }
        let number = registry.add(
            name: "derived_col\(computed.count + 1)", type: expression.type, origin: .expression(expression))
        computed.append(ComputedColumn(column: number, expression: expression))
        return number
    }

    // MARK: Outer joins

    /// The preserved side probes (Hash Left Join), or is the build side if it is the smaller (Hash Right Join).
    func planOuterJoin(
        _ kind: JoinKind, _ left: LogicalNode, _ right: LogicalNode, _ on: [BoundExpression], _ needed: ColumnSet
    ) throws(SQLError) -> PhysicalNode {
        let used = needed.union(on.columnSet)
        let a = replicated(try plan(left, used.intersection(left.columns(registry))))
        let b = replicated(try plan(right, used.intersection(right.columns(registry))))
        var pairs: [(left: BoundExpression, right: BoundExpression)] = []
        var residual: [BoundExpression] = []
        for condition in on {
            guard case .comparison(.equal, let x, let y) = condition, condition.isEquijoin(a.columns, b.columns) else {
                residual.append(condition)
                continue
            }
            pairs.append(x.columnSet.isSubset(of: a.columns) ? (x, y) : (y, x))
        }
        if kind == .full, pairs.isEmpty {
            throw SQLError(.featureNotSupported, "FULL JOIN is only supported with merge-joinable join conditions")
        }
        var rows = a.rows * b.rows * estimator.selectivity(residual)
        rows *= estimator.joinSelectivity(
            pairs, each: pairs.map { estimator.joinSelectivity($0.left, $0.right) })
        switch kind {
        case .full: rows = Estimator.clamped(max(rows, a.rows + b.rows))
        case .semi: rows = Estimator.clamped(min(rows, a.rows))
        case .anti, .nullAwareAnti: rows = Estimator.clamped(a.rows - min(rows, a.rows))
        default: rows = Estimator.clamped(max(rows, a.rows))
        }
        let width = estimator.width(needed.intersection(a.columns.union(b.columns)))
        let operators = residual.reduce(0) { $0 + $1.operatorCount }
        let pricing = JoinPricing(equivalences: equivalences, estimator: estimator)
        var options: [(JoinKind, JoinChoice)] = []
        let ahead = pairs.map {
            JoinPair(outer: $0.left, inner: $0.right, isInnerUnique: estimator.isUnique($0.right))
        }
        let back = pairs.map {
            JoinPair(outer: $0.right, inner: $0.left, isInnerUnique: estimator.isUnique($0.left))
        }
        func side(_ node: PhysicalNode) -> JoinSide {
            JoinSide(
                rows: node.rows, width: node.width, cost: node.cost, placement: node.placement,
                mergeKey: mergeKey(node))
        }
        for choice in pricing.choices(kind, side(a), side(b), ahead, rows: rows, residualOperators: operators) {
            options.append((kind, choice))
        }
        // The rows of a copy are preserved on each node only while they probe.
        if kind == .left, !pairs.isEmpty, a.rows < b.rows, replicatedTarget == nil {
            for choice in pricing.choices(.right, side(b), side(a), back, rows: rows, residualOperators: operators) {
                options.append((.right, choice))
            }
        }
        let smaller = options.filter { $0.0 == .right || a.rows >= b.rows }
        let list = smaller.isEmpty ? options : smaller
        var best = list[0]
        for option in list where option.1.cost.total < best.1.cost.total { best = option }
        if best.0 == .right {
            return join(.right, b, a, back, residual, best.1, rows: rows, width: width)
        }
        return join(kind, a, b, ahead, residual, best.1, rows: rows, width: width)
    }
}
