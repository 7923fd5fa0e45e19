import Catalog
import QueryPlan
import SQLTypes

/// What the price of a join depends on, of one side.
struct JoinSide {
    var rows: Double
    var width: Int
    var cost: Cost
    var placement: Placement
    /// The column in whose order every slice's rows come, if they come straight from a sorted table that is
    /// distributed on it.
    var mergeKey: Int?
}

/// A pair of equal expressions; the columns are nil where the expression must be computed first.
struct JoinPair {
    var outer: BoundExpression
    var inner: BoundExpression
    var isInnerUnique: Bool

    var outerColumn: Int? { if case .column(let column, _) = outer { column } else { nil } }
    var innerColumn: Int? { if case .column(let column, _) = inner { column } else { nil } }
}

/// One way to carry a join out.
struct JoinChoice {
    /// Positions in the list of pairs: what rows are moved by.
    enum Movement: Hashable {
        case none
        case outer([Int])
        case inner([Int])
        case both([Int])
        case broadcastInner
        /// Both to one slice: the outer side is on every node, the inner is not.
        case allInner
    }
    var movement: Movement
    var algorithm: PhysicalNode.Join.Algorithm
    var cost: Cost
    var placement: Placement
    var mergeKey: Int?
}

/// Lists the ways to join two sides, with Redshift's formulas for their cost.
struct JoinPricing {
    let equivalences: EquivalenceClasses
    let estimator: Estimator

    func choices(
        _ kind: JoinKind, _ outer: JoinSide, _ inner: JoinSide, _ pairs: [JoinPair], rows: Double,
        residualOperators: Int
    ) -> [JoinChoice] {
        if pairs.isEmpty { return nestedLoops(kind, outer, inner, rows: rows, operators: residualOperators) }
        let cost = hashCost(outer, inner, pairs, rows: rows, operators: residualOperators)
        var result: [JoinChoice] = []
        let keepsInnerRows = kind == .right || kind == .full
        func add(_ movement: JoinChoice.Movement, _ placement: Placement, moved: Double) {
            var own = cost
            own.total += moved
            result.append(
                JoinChoice(movement: movement, algorithm: .hash, cost: own, placement: placement, mergeKey: nil))
        }
        func placed(_ onOuter: Placement, _ onInner: Placement) -> Placement {
            switch kind {
            case .right: onInner
            case .full: .arbitrary
            default: onOuter
            }
        }
        switch (outer.placement, inner.placement) {
        case (.leader, _), (_, .leader), (.oneSlice, .oneSlice):
            add(.none, outer.placement, moved: 0)
            return result
        case (.replicated, .replicated):
            keepsInnerRows ? add(.allInner, .oneSlice, moved: 0) : add(.none, .replicated, moved: 0)
            return result
        case (_, .replicated) where !keepsInnerRows:
            add(.none, outer.placement, moved: 0)
            return result
        case (.replicated, _) where kind == .nullAwareAnti:
            add(.broadcastInner, .arbitrary, moved: broadcast(inner))
            return result
        case (.replicated, _):
            add(.allInner, .oneSlice, moved: redistribution(inner))
            return result
        default: break
        }
        // Every slice must know of every null, and whether there are rows at all.
        if kind == .nullAwareAnti {
            add(.broadcastInner, outer.placement, moved: broadcast(inner))
            return result
        }
        let onOuter = matching(outer.placement, pairs.map(\.outerColumn))
        let onInner = matching(inner.placement, pairs.map(\.innerColumn))
        if let a = onOuter, let b = onInner, a == b {
            if let merged = mergeJoin(kind, outer, inner, pairs, rows: rows, operators: residualOperators) {
                return [merged]
            }
            add(.none, placed(outer.placement, inner.placement), moved: 0)
            return result
        }
        if let keys = onOuter {
            add(
                .inner(keys), placed(outer.placement, hashed(keys, pairs.map(\.innerColumn))),
                moved: redistribution(inner))
        }
        if let keys = onInner {
            add(
                .outer(keys), placed(hashed(keys, pairs.map(\.outerColumn)), inner.placement),
                moved: redistribution(outer))
        }
        if onOuter == nil, onInner == nil {
            let keys = Array(pairs.indices)
            let placement = placed(hashed(keys, pairs.map(\.outerColumn)), hashed(keys, pairs.map(\.innerColumn)))
            let factor = CostModel.redistributeBothByte / CostModel.redistributeByte
            add(.both(keys), placement, moved: (redistribution(outer) + redistribution(inner)) * factor)
        }
        if !keepsInnerRows { add(.broadcastInner, outer.placement, moved: broadcast(inner)) }
        return result
    }

    /// A key that is computed for the join has no name above it: then nobody can tell where a row lies.
    private func hashed(_ keys: [Int], _ names: [Int?]) -> Placement {
        let columns = keys.compactMap { names[$0] }
        return columns.count == keys.count ? .hashed(columns) : .arbitrary
    }

    /// The pairs, in the order of the distribution's columns, that a side is distributed on; nil if it is not.
    private func matching(_ placement: Placement, _ columns: [Int?]) -> [Int]? {
        guard case .hashed(let keys) = placement, !keys.isEmpty else { return nil }
        var result: [Int] = []
        for key in keys {
            guard let index = columns.firstIndex(where: { $0.map { equivalences.areEqual($0, key) } ?? false }) else {
                return nil
            }
            result.append(index)
        }
        return result
    }

    private func redistribution(_ side: JoinSide) -> Double {
        side.rows * CostModel.sentWidth(side.width) * CostModel.redistributeByte
    }

    private func broadcast(_ side: JoinSide) -> Double {
        side.rows * CostModel.sentWidth(side.width) * CostModel.broadcastByte
    }

    private func hashCost(
        _ outer: JoinSide, _ inner: JoinSide, _ pairs: [JoinPair], rows: Double, operators: Int
    ) -> Cost {
        let bucket = pairs.contains { $0.isInnerUnique } ? CostModel.uniqueBucket : CostModel.otherBucket
        // In PostgreSQL's order of additions: what is printed is rounded from the same binary value.
        let startup = outer.cost.startup + inner.cost.total + CostModel.operation * inner.rows
        var run = outer.cost.total - outer.cost.startup
        run += CostModel.operation * outer.rows
        run += CostModel.operation * outer.rows * bucket
        run += (CostModel.tuple + CostModel.operation * Double(operators)) * rows
        return Cost(startup: startup, total: startup + run)
    }

    // MARK: Merge join

    /// Both tables are distributed and sorted on the join column. The part of an input past the other's last key is
    /// not read.
    private func mergeJoin(
        _ kind: JoinKind, _ outer: JoinSide, _ inner: JoinSide, _ pairs: [JoinPair], rows: Double, operators: Int
    ) -> JoinChoice? {
        guard kind == .inner || kind == .left, let a = outer.mergeKey, let b = inner.mergeKey,
            equivalences.areEqual(a, b),
            pairs.contains(where: { $0.outerColumn.map { equivalences.areEqual($0, a) } ?? false })
        else { return nil }
        let outerShare = kind == .left ? 1 : share(of: a, upTo: b)
        let innerShare = share(of: b, upTo: a)
        let read = (outer.rows * outerShare).rounded() + (inner.rows * innerShare).rounded()
        let total =
            outer.cost.total * outerShare + inner.cost.total * innerShare + CostModel.operation * read
            + CostModel.tuple * rows + CostModel.operation * Double(operators) * rows
        return JoinChoice(
            movement: .none, algorithm: .merge, cost: Cost(startup: 0, total: total), placement: outer.placement,
            mergeKey: a)
    }

    private func share(of column: Int, upTo other: Int) -> Double {
        guard let own = estimator.statistics(column), let limit = estimator.statistics(other)?.maximum,
            let maximum = own.maximum, SQLValue.compare(limit, maximum) == .less, let share = own.shareBelow(limit)
        else { return 1 }
        return max(share, 1e-6)
    }

    // MARK: Nested loop

    private func nestedLoops(
        _ kind: JoinKind, _ outer: JoinSide, _ inner: JoinSide, rows: Double, operators: Int
    ) -> [JoinChoice] {
        let pairs = outer.rows * inner.rows
        let materialized = inner.cost.total
        let rescan = CostModel.tuple * inner.rows
        let cost = Cost(
            startup: outer.cost.startup + materialized,
            total: outer.cost.total + materialized + outer.rows * rescan + CostModel.tuple * pairs
                + CostModel.operation * Double(operators) * pairs)
        func choice(_ movement: JoinChoice.Movement, _ placement: Placement, _ moved: Double) -> [JoinChoice] {
            [
                JoinChoice(
                    movement: movement, algorithm: .nestedLoop,
                    cost: Cost(startup: cost.startup, total: cost.total + moved), placement: placement, mergeKey: nil)
            ]
        }
        if outer.placement == .leader || inner.placement == .leader { return choice(.none, .leader, 0) }
        if kind == .right || kind == .full {
            return choice(.allInner, .oneSlice, redistribution(outer) + redistribution(inner))
        }
        switch (outer.placement, inner.placement) {
        case (.oneSlice, .oneSlice): return choice(.none, .oneSlice, 0)
        case (_, .replicated): return choice(.none, outer.placement, 0)
        case (.replicated, _): return choice(.broadcastInner, .arbitrary, broadcast(inner))
        default: return choice(.broadcastInner, outer.placement, broadcast(inner))
        }
    }
}
