import Catalog
import QueryPlan
import SQLTypes

/// Finds the cheapest order in which the inputs of an inner join meet: dynamic programming over connected sets, bushy
/// trees included, up to a dozen inputs; beyond that the pair with the smallest result is joined first, again and
/// again.
///
/// For each set of inputs the cheapest candidate of every placement is kept, because a dearer one may spare a
/// movement above. Of two sides the one with more rows is the outer, as in Redshift: a hash table is built of the
/// smaller.
/// - Source: Selinger and others, "Access Path Selection in a Relational Database Management System", SIGMOD 1979;
///   Moerkotte and Neumann, "Analysis of Two Existing and One New Dynamic Programming Algorithm", VLDB 2006.
struct JoinOrder {
    static let exhaustiveLimit = 12

    struct Candidate {
        var inputs: UInt64
        var side: JoinSide
        /// Indices of candidates; -1 for a single input.
        var outer: Int
        var inner: Int
        var choice: JoinChoice?
    }

    private let graph: JoinGraph
    private let equivalences: EquivalenceClasses
    private let estimator: Estimator
    private let pricing: JoinPricing
    /// For each column that somebody reads: its width, its input, and the inputs of the conditions that read it (all
    /// bits set if it is needed above the join).
    private var columnUses: [(input: UInt64, width: Double, users: UInt64)] = []
    private(set) var candidates: [Candidate] = []
    private var best: InputSetTable<[Int]>
    private var rowCounts: InputSetTable<Double>
    /// What is asked of an edge for every pair of sets.
    private struct EdgeFigures {
        /// As the edge stands, and turned: conditions that both ends share are judged by the first one's statistics.
        var selectivity: Double
        var turnedSelectivity: Double
        var isLeftUnique: Bool
        var isRightUnique: Bool
    }
    private let edges: [EdgeFigures]

    init(
        _ graph: JoinGraph, needed: ColumnSet, equivalences: EquivalenceClasses, estimator: Estimator, mergeKeys: [Int?]
    ) {
        self.graph = graph
        self.equivalences = equivalences
        self.estimator = estimator
        pricing = JoinPricing(equivalences: equivalences, estimator: estimator)
        best = InputSetTable(inputCount: graph.inputs.count)
        rowCounts = InputSetTable(inputCount: graph.inputs.count)
        edges = graph.edges.map { edge in
            EdgeFigures(
                selectivity: estimator.joinSelectivity(edge.left, edge.right),
                turnedSelectivity: estimator.joinSelectivity(edge.right, edge.left),
                isLeftUnique: estimator.isUnique(edge.left), isRightUnique: estimator.isUnique(edge.right))
        }
        collectUses(needed)
        for (index, node) in graph.inputs.enumerated() {
            let mask: UInt64 = 1 << UInt64(index)
            let side = JoinSide(
                rows: node.rows, width: width(mask), cost: node.cost, placement: node.placement,
                mergeKey: mergeKeys[index])
            candidates.append(Candidate(inputs: mask, side: side, outer: -1, inner: -1, choice: nil))
            best[mask] = [index]
            rowCounts[mask] = node.rows
        }
    }

    /// The index of the best candidate for all inputs.
    /// - Parameter interruption: asked once for each set of inputs; what it throws ends the search.
    mutating func run(askingBetween interruption: (@Sendable () throws(SQLError) -> Void)?) throws(SQLError) -> Int {
        var components: [UInt64] = []
        for component in connectedComponents() {
            let count = component.nonzeroBitCount
            if count > Self.exhaustiveLimit {
                components.append(try joinGreedily(component, interruption))
            } else if count > 1 {
                try joinExhaustively(component, interruption)
                components.append(component)
            } else {
                components.append(component)
            }
        }
        // Nothing connects these: nested loops, the biggest first.
        components.sort { (rowCounts[$0] ?? 0, $1) > (rowCounts[$1] ?? 0, $0) }
        var all = components[0]
        for next in components.dropFirst() {
            join(all, next)
            all |= next
        }
        return cheapest(all)
    }

    private func cheapest(_ mask: UInt64) -> Int {
        let list = best[mask] ?? []
        return list.min { (candidates[$0].side.cost.total, $0) < (candidates[$1].side.cost.total, $1) } ?? 0
    }

    // MARK: Enumeration

    private func connectedComponents() -> [UInt64] {
        var rest: UInt64 = graph.inputs.count == 64 ? .max : (1 << UInt64(graph.inputs.count)) - 1
        var result: [UInt64] = []
        while rest != 0 {
            var component = rest & (~rest + 1)
            var frontier = component
            while frontier != 0 {
                let input = frontier.trailingZeroBitCount
                frontier &= frontier - 1
                let new = graph.neighbours[input] & ~component
                component |= new
                frontier |= new
            }
            result.append(component)
            rest &= ~component
        }
        return result
    }

    private func neighbours(_ mask: UInt64) -> UInt64 {
        var result: UInt64 = 0
        var rest = mask
        while rest != 0 {
            result |= graph.neighbours[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return result & ~mask
    }

    private mutating func joinExhaustively(
        _ component: UInt64, _ interruption: (@Sendable () throws(SQLError) -> Void)?
    ) throws(SQLError) {
        // All subsets, smaller ones first: a subset is a smaller number than any set that contains it.
        var mask: UInt64 = 0
        while true {
            mask = (mask &- component) & component
            if mask.nonzeroBitCount > 1 {
                try interruption?()
                joinSplits(of: mask)
            }
            if mask == component { break }
        }
    }

    private mutating func joinSplits(of mask: UInt64) {
        let lowest = mask & (~mask + 1)
        var part = (mask &- 1) & mask
        while part != 0 {
            // Each split once.
            if part & lowest != 0, best[part] != nil, best[mask & ~part] != nil, neighbours(part) & mask & ~part != 0 {
                join(part, mask & ~part)
            }
            part = (part &- 1) & mask
        }
    }

    private mutating func joinGreedily(
        _ component: UInt64, _ interruption: (@Sendable () throws(SQLError) -> Void)?
    ) throws(SQLError) -> UInt64 {
        var parts: [UInt64] = []
        var rest = component
        while rest != 0 {
            parts.append(rest & (~rest + 1))
            rest &= rest - 1
        }
        while parts.count > 1 {
            try interruption?()
            var choice: (first: Int, second: Int, rows: Double)?
            for first in parts.indices {
                for second in parts.indices where second > first && neighbours(parts[first]) & parts[second] != 0 {
                    let rows = joinedRows(parts[first], parts[second])
                    if rows < choice?.rows ?? .infinity { choice = (first, second, rows) }
                }
            }
            let (first, second) = choice.map { ($0.first, $0.second) } ?? (0, 1)
            join(parts[first], parts[second])
            let joined = parts[first] | parts[second]
            parts.remove(at: second)
            parts[first] = joined
        }
        return parts[0]
    }

    private mutating func join(_ first: UInt64, _ second: UInt64) {
        let mask = first | second
        let rows = rowCounts[mask] ?? joinedRows(first, second)
        rowCounts[mask] = rows
        let (a, b) = (rowCounts[first] ?? 1, rowCounts[second] ?? 1)
        if a >= b { add(mask, outer: first, inner: second, rows) }
        if b >= a { add(mask, outer: second, inner: first, rows) }
    }

    private mutating func add(_ mask: UInt64, outer: UInt64, inner: UInt64, _ rows: Double) {
        let pairs = self.pairs(outer, inner)
        let operators = conditions(joining: outer, inner).reduce(0) { $0 + $1.expression.operatorCount }
        let width = width(mask)
        for left in best[outer] ?? [] {
            for right in best[inner] ?? [] {
                let choices = pricing.choices(
                    .inner, candidates[left].side, candidates[right].side, pairs, rows: rows,
                    residualOperators: operators)
                for choice in choices {
                    let side = JoinSide(
                        rows: rows, width: width, cost: choice.cost, placement: choice.placement,
                        mergeKey: choice.mergeKey)
                    keep(Candidate(inputs: mask, side: side, outer: left, inner: right, choice: choice))
                }
            }
        }
    }

    /// Drops a candidate that is no cheaper than one of the same placement.
    private mutating func keep(_ candidate: Candidate) {
        let list = best[candidate.inputs] ?? []
        for (position, index) in list.enumerated() where isSame(candidates[index].side, candidate.side) {
            if candidate.side.cost.total < candidates[index].side.cost.total {
                candidates.append(candidate)
                best[candidate.inputs]?[position] = candidates.count - 1
            }
            return
        }
        candidates.append(candidate)
        best[candidate.inputs] = list + [candidates.count - 1]
    }

    private func isSame(_ left: JoinSide, _ right: JoinSide) -> Bool {
        if (left.mergeKey == nil) != (right.mergeKey == nil) { return false }
        switch (left.placement, right.placement) {
        case (.hashed(let a), .hashed(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { equivalences.areEqual($0, $1) }
        default: return left.placement == right.placement
        }
    }

    // MARK: Properties of a set

    func pairs(_ outer: UInt64, _ inner: UInt64) -> [JoinPair] {
        // A unique column stays unique only while its table is alone.
        let isAlone = inner.nonzeroBitCount == 1
        return graph.edges(between: outer, and: inner, equivalences).map { pair in
            let known = edges[pair.edge]
            let isUnique = isAlone && (pair.isTurned ? known.isLeftUnique : known.isRightUnique)
            return JoinPair(outer: pair.outer, inner: pair.inner, isInnerUnique: isUnique)
        }
    }

    /// Conditions that can be checked for the first time when the two sets meet; `a.x = b.y + c.z` is one where b comes
    /// with a, so that it connects nothing.
    func conditions(joining outer: UInt64, _ inner: UInt64) -> [JoinGraph.Condition] {
        func isFirst(_ inputs: UInt64) -> Bool {
            inputs & ~(outer | inner) == 0 && inputs & ~outer != 0 && inputs & ~inner != 0
        }
        var result = graph.conditions.filter { isFirst($0.inputs) }
        for (position, edge) in graph.edges.enumerated() where isFirst(edge.leftInputs | edge.rightInputs) {
            if edge.leftInputs & ~outer == 0 && edge.rightInputs & ~inner == 0 { continue }
            if edge.rightInputs & ~outer == 0 && edge.leftInputs & ~inner == 0 { continue }
            result.append(
                JoinGraph.Condition(
                    expression: .comparison(.equal, edge.left, edge.right),
                    inputs: edge.leftInputs | edge.rightInputs,
                    selectivity: edges[position].selectivity))
        }
        return result
    }

    private func joinedRows(_ first: UInt64, _ second: UInt64) -> Double {
        var rows = (rowCounts[first] ?? 1) * (rowCounts[second] ?? 1)
        let connecting = graph.edges(between: first, and: second, equivalences)
        let shares = connecting.map { edge in
            let known = edges[edge.edge]
            return edge.isTurned ? known.turnedSelectivity : known.selectivity
        }
        rows *= estimator.joinSelectivity(connecting.map { (left: $0.outer, right: $0.inner) }, each: shares)
        for condition in conditions(joining: first, second) { rows *= condition.selectivity }
        return Estimator.clamped(rows)
    }

    private mutating func collectUses(_ needed: ColumnSet) {
        var users: [Int: UInt64] = [:]
        for edge in graph.edges where !edge.isInferred {
            let inputs = edge.leftInputs | edge.rightInputs
            edge.left.visitColumns { column, _ in users[column, default: 0] |= inputs }
            edge.right.visitColumns { column, _ in users[column, default: 0] |= inputs }
        }
        for condition in graph.conditions {
            condition.expression.visitColumns { column, _ in users[column, default: 0] |= condition.inputs }
        }
        for column in needed.elements { users[column] = .max }
        for column in users.keys.sorted() {
            guard let input = graph.inputs.firstIndex(where: { $0.columns.contains(column) }) else { continue }
            columnUses.append((1 << UInt64(input), estimator.width(column), users[column] ?? 0))
        }
    }

    private func width(_ mask: UInt64) -> Int {
        var result = 0.0
        for use in columnUses where use.input & mask != 0 && use.users & ~mask != 0 { result += use.width }
        return Estimator.bytes(result)
    }
}

extension Estimator {
    /// Share of all pairs that are equal; a null equals nothing.
    func joinSelectivity(_ left: BoundExpression, _ right: BoundExpression) -> Double {
        func present(_ expression: BoundExpression) -> Double {
            guard case .column(let column, _) = expression else { return 1 }
            return 1 - (statistics(column)?.nullFraction ?? 0)
        }
        let pairs = present(left) * present(right) / max(1, distinctCount(left), distinctCount(right))
        return min(1, pairs / sharedRestriction(left, right))
    }

    /// Share of all pairs that are equal in all of these. Where one table refers to a key of several columns of another, they
    /// are not independent: all of them equal is one row of the key's table.
    /// - Parameter each: what is equal in each alone.
    func joinSelectivity(_ pairs: [(left: BoundExpression, right: BoundExpression)], each: [Double]) -> Double {
        guard each.count > 1 else { return each.first ?? 1 }
        let ends = pairs.map { (left: position(in: $0.left), right: position(in: $0.right)) }
        var result = each.reduce(1, *)
        var isCounted = each.map { _ in false }
        for first in ends.indices {
            guard let left = ends[first].left, let right = ends[first].right, !isCounted[first] else { continue }
            let own = ends.indices.filter {
                ends[$0].left?.relation == left.relation && ends[$0].right?.relation == right.relation
            }
            for index in own { isCounted[index] = true }
            for (relation, columns) in [
                (left.relation, own.map { ends[$0].left?.column ?? -1 }),
                (right.relation, own.map { ends[$0].right?.column ?? -1 }),
            ] {
                guard let key = declaredKey(relation, among: columns) else { continue }
                let members = own.indices.filter { key.contains(columns[$0]) }
                let product = members.reduce(1) { $0 * each[own[$1]] }
                let share = 1 / max(1, tableRows(relation))
                if product > 0, product < share { result *= share / product }
                break
            }
        }
        return result
    }

    private func position(in expression: BoundExpression) -> (relation: Int, column: Int)? {
        guard case .column(let column, _) = expression,
            case .table(let relation, let position) = registry.columns[column].origin
        else { return nil }
        return (relation, position)
    }

    /// A primary or unique key of several columns, all of which are among these; the planner believes it, as Redshift's does.
    private func declaredKey(_ relation: Int, among columns: [Int]) -> [Int]? {
        registry.relations[relation].table?.constraints.lazy.compactMap { constraint in
            switch constraint {
            case .primaryKey(_, let columns), .unique(_, let columns): columns
            case .foreignKey: nil
            }
        }.first { $0.count > 1 && Set($0).isSubset(of: columns) }
    }

    /// Both sides may have been filtered by one condition, which was copied from one to the other: rows that it took
    /// from one side had no partner left. Counting it on both sides would count it twice.
    private func sharedRestriction(_ left: BoundExpression, _ right: BoundExpression) -> Double {
        guard case .column(let a, _) = left, case .column(let b, _) = right, let own = restrictions[a],
            let other = restrictions[b]
        else { return 1 }
        let common = own.filter { condition in other.contains(condition.mapColumns { $0 == a ? b : $0 }) }
        return common.isEmpty ? 1 : max(selectivity(common), 1e-10)
    }
}
