import QueryPlan
import SQLTypes

/// `a = b ∧ a < 5` gives `b < 5`, and `a = b ∧ b = c` gives `a = c`: so each side of a join is filtered, and
/// relations that are joined through a third can be joined directly (`JoinGraph` adds those edges). Where `a` and `c`
/// are of one input, `a = c` is a filter on that input, and has to be said: of edges between two sets of inputs that
/// tell the same, a join keeps one.
extension Rewriter {
    /// - Parameter inputs: the columns of each input of the inner join.
    mutating func inferred(_ conditions: [BoundExpression], among inputs: [ColumnSet]) -> [BoundExpression] {
        var equivalences = EquivalenceClasses()
        var members: [Int] = []
        for condition in conditions {
            guard let (left, right) = condition.columnEquality else { continue }
            _ = equivalences.join(left, right)
            for column in [left, right] where !members.contains(column) { members.append(column) }
        }
        if members.isEmpty { return conditions }
        var result = conditions + equalities(of: members, equivalences, within: inputs, beside: conditions)
        for condition in conditions {
            guard let column = condition.singleColumnRestriction else { continue }
            for other in members where other != column && equivalences.areEqual(other, column) {
                guard registry.type(other) == registry.type(column) else { continue }
                let copy = condition.mapColumns { $0 == column ? other : $0 }
                if result.contains(copy) { continue }
                fired.insert("InferPredicates")
                result.append(copy)
            }
        }
        return result
    }

    /// `a = c` for columns of one input that only columns of other inputs make equal.
    private mutating func equalities(
        of members: [Int], _ equivalences: EquivalenceClasses, within inputs: [ColumnSet],
        beside conditions: [BoundExpression]
    ) -> [BoundExpression] {
        var result: [BoundExpression] = []
        for input in inputs {
            var known = EquivalenceClasses()
            for condition in conditions {
                guard let (left, right) = condition.columnEquality, input.contains(left), input.contains(right) else {
                    continue
                }
                _ = known.join(left, right)
            }
            let own = members.filter { input.contains($0) }
            for (position, column) in own.enumerated() {
                guard let other = own[..<position].first(where: { equivalences.areEqual($0, column) }),
                    known.join(other, column)
                else { continue }
                fired.insert("InferPredicates")
                result.append(
                    .comparison(
                        .equal, .column(other, registry.type(other)), .column(column, registry.type(column))))
            }
        }
        return result
    }
}

extension BoundExpression {
    /// The column of a comparison with a constant, or of a list: what can be copied to an equal column.
    var singleColumnRestriction: Int? {
        switch self {
        case .comparison(let operation, .column(let column, _), .literal): operation == .notEqual ? nil : column
        case .inList(.column(let column, _), _, isNegated: false): column
        default: nil
        }
    }
}
