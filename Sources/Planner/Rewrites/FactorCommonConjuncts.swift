import QueryPlan
import SQLTypes

/// `(a ∧ b) ∨ (a ∧ c)` becomes `a ∧ (b ∨ c)`: so TPC-H Q19's join condition comes out of its three branches.
///
/// What is left of a disjunction also implies something of each table by itself: if every branch restricts table t, the
/// disjunction of those parts is added as a filter on t.
extension Rewriter {
    mutating func factored(_ conjuncts: [BoundExpression]) -> [BoundExpression] {
        var result: [BoundExpression] = []
        for conjunct in conjuncts {
            guard case .or(let branches) = conjunct else {
                result.append(conjunct)
                continue
            }
            let lists = branches.map { branch -> [BoundExpression] in
                if case .and(let terms) = branch { terms } else { [branch] }
            }
            let common = lists[0].filter { term in lists.dropFirst().allSatisfy { $0.contains(term) } }
            let rests = lists.map { list in list.filter { !common.contains($0) } }
            result += common
            if !common.isEmpty { fired.insert("FactorCommonConjuncts") }
            if rests.contains(where: \.isEmpty) { continue }
            result.append(
                common.isEmpty ? conjunct : .or(rests.map { $0.count == 1 ? $0[0] : .and($0) }))
            result += singleTableParts(of: rests)
        }
        return result
    }

    /// One disjunction for each relation that every branch restricts.
    private func singleTableParts(of branches: [[BoundExpression]]) -> [BoundExpression] {
        guard branches.count <= 64 else { return [] }
        func relation(_ term: BoundExpression) -> Int? {
            var found: Int?
            var isSingle = true
            term.visitColumns { column, _ in
                guard case .table(let relation, _) = registry.columns[column].origin else {
                    isSingle = false
                    return
                }
                if found == nil { found = relation } else if found != relation { isSingle = false }
            }
            return isSingle ? found : nil
        }
        let owners = branches.map { $0.map(relation) }
        // With one relation only, the disjunction itself goes down.
        let all = Set(owners.joined())
        if all.count == 1 { return [] }
        var result: [BoundExpression] = []
        for relation in Set(owners[0].compactMap { $0 }).sorted() {
            var parts: [BoundExpression] = []
            for (branch, names) in zip(branches, owners) {
                let own = zip(branch, names).filter { $0.1 == relation }.map(\.0)
                if own.isEmpty { break }
                parts.append(own.count == 1 ? own[0] : .and(own))
            }
            guard parts.count == branches.count else { continue }
            var different: [BoundExpression] = []
            for part in parts where !different.contains(part) { different.append(part) }
            result.append(different.count == 1 ? different[0] : .or(different))
        }
        return result
    }
}
