import QueryPlan
import SQLTypes

/// `a LEFT JOIN b ON … WHERE b.x = 1` never shows a row that the join filled with nulls: it is an inner join. The
/// same on one side of a full join leaves a left join.
extension Rewriter {
    mutating func makeInner(_ inputs: [LogicalNode], _ conditions: inout [BoundExpression]) -> [LogicalNode] {
        var result: [LogicalNode] = []
        var pending = Array(inputs.reversed())
        while let node = pending.popLast() {
            guard case .join(let kind, let left, let right, let on) = node, kind == .left || kind == .full else {
                result.append(node)
                continue
            }
            let rejectsRight = Self.rejectsNulls(of: right.columns(registry), conditions)
            let rejectsLeft = kind == .full && Self.rejectsNulls(of: left.columns(registry), conditions)
            switch (kind, rejectsLeft, rejectsRight) {
            case (.left, _, true), (.full, true, true):
                fired.insert("OuterToInner")
                conditions += factored(on)
                pending.append(right)
                pending.append(left)
                flattenPending(&pending, &conditions)
            case (.full, true, false):
                fired.insert("OuterToInner")
                pending.append(.join(.left, left, right, on: on))
            case (.full, false, true):
                fired.insert("OuterToInner")
                pending.append(.join(.left, right, left, on: on))
            default: result.append(node)
            }
        }
        return result
    }

    /// The new inputs may be inner joins themselves.
    private func flattenPending(_ pending: inout [LogicalNode], _ conditions: inout [BoundExpression]) {
        var flat: [LogicalNode] = []
        for node in pending {
            if case .innerJoin(let nodes, let on) = node {
                conditions += on
                flat += nodes.reversed()
            } else {
                flat.append(node)
            }
        }
        pending = flat
    }

    private static func rejectsNulls(of columns: ColumnSet, _ conditions: [BoundExpression]) -> Bool {
        conditions.contains { $0.rejectsNulls(of: columns) }
    }
}

extension BoundExpression {
    /// Whether the condition cannot be true when all of `columns` are null.
    func rejectsNulls(of columns: ColumnSet) -> Bool {
        switch self {
        case .comparison(_, let left, let right): left.isNullIfNull(columns) || right.isNullIfNull(columns)
        case .match(let operand, let pattern, _, _): operand.isNullIfNull(columns) || pattern.isNullIfNull(columns)
        case .inList(let operand, _, _): operand.isNullIfNull(columns)
        case .isNull(let operand, isNegated: true): operand.isNullIfNull(columns)
        case .and(let terms): terms.contains { $0.rejectsNulls(of: columns) }
        case .or(let terms): terms.allSatisfy { $0.rejectsNulls(of: columns) }
        case .not(let operand): operand.isNullIfNull(columns)
        case .column(let number, _): columns.contains(number)
        default: false
        }
    }

    private func isNullIfNull(_ columns: ColumnSet) -> Bool {
        switch self {
        case .column(let number, _): columns.contains(number)
        case .arithmetic(_, let left, let right, _): left.isNullIfNull(columns) || right.isNullIfNull(columns)
        case .arithmeticChain: operands.contains { $0.isNullIfNull(columns) }
        case .negate(let operand), .cast(let operand, _, _): operand.isNullIfNull(columns)
        default: false
        }
    }
}
