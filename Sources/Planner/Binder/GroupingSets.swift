import QueryPlan
import SQLSyntax
import SQLTypes

enum GroupingSets {
    /// GROUPING and GROUPING_ID until `GroupingCheck` knows the sets.
    static let function = "grouping"
}

extension GroupingElement {
    var makesSets: Bool {
        switch self {
        case .expression, .set: false
        case .rollup, .cube, .sets: true
        }
    }
}

extension Grouping {
    mutating func nameGroups(_ registry: ColumnRegistry) {
        for column in groups {
            shown[column] = registry.add(
                name: registry.columns[column].name, type: registry.type(column),
                origin: registry.columns[column].origin)
        }
        setNumber = registry.add(name: "grouping set", type: .integer, origin: .constant)
    }
}

/// GROUPING SETS, ROLLUP and CUBE: every row is grouped once for each set, with null for the columns that the set
/// lacks.
///
///     aggregate(shown columns, set number)
///         project(CASE WHEN set IN (…) THEN column END)
///             input × (0), (1), …                          one row for each set
///
/// The empty set has a row even of no input: that row is added to what the aggregation makes, and where there are both,
/// they become one.
/// - Source: Redshift developer guide, "GROUP BY clause".
extension Binder {
    static let maximumGroupingSets = 1_024

    func groupingSets(
        _ element: GroupingElement, _ grouping: inout Grouping,
        _ bind: (SQLSyntax.Expression) throws(SQLError) -> BoundExpression
    ) throws(SQLError) -> [[Int]] {
        switch element {
        case .expression(let expression): return [(add(try bind(expression), to: &grouping)).map { [$0] } ?? []]
        case .set(let list):
            var columns: [Int] = []
            for expression in list {
                if let column = add(try bind(expression), to: &grouping) { columns.append(column) }
            }
            return [columns]
        case .rollup(let elements):
            let parts = try parts(elements, &grouping, bind)
            return (0...parts.count).reversed().map { Array(parts.prefix($0).joined()) }
        case .cube(let elements):
            let parts = try parts(elements, &grouping, bind)
            guard parts.count <= 10 else {
                throw SQLError(.statementTooComplex, "CUBE of more than 10 elements")
            }
            return (0..<1 << parts.count).reversed().map { mask in
                parts.indices.filter { mask >> (parts.count - 1 - $0) & 1 == 1 }.flatMap { parts[$0] }
            }
        case .sets(let elements):
            var result: [[Int]] = []
            for element in elements { result += try groupingSets(element, &grouping, bind) }
            return result
        }
    }

    private func parts(
        _ elements: [GroupingElement], _ grouping: inout Grouping,
        _ bind: (SQLSyntax.Expression) throws(SQLError) -> BoundExpression
    ) throws(SQLError) -> [[Int]] {
        var result: [[Int]] = []
        for element in elements { result += try groupingSets(element, &grouping, bind) }
        return result
    }

    /// GROUPING(e) is 0 where the row's set has e, else 1; several make a binary number, the first one highest.
    func bindGrouping(
        _ call: FunctionCall, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        guard scope.aggregates != nil else {
            throw SQLError.groupingError("grouping operations not allowed in \(scope.clause) clause", at: position)
        }
        guard !call.arguments.isEmpty, call.arguments.count < 32 else {
            throw SQLError.undefinedFunction(call.name.name.name, [], at: position)
        }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument, in: scope)) }
        return .call(GroupingSets.function, arguments, .bigint)
    }

    func aggregated(_ node: LogicalNode, _ grouping: Grouping) -> LogicalNode {
        let calls = grouping.aggregates.calls
        guard let sets = grouping.sets else {
            return .aggregate(LogicalAggregate(groups: grouping.groups, calls: calls), node)
        }
        let output = grouping.groups.map { grouping.shown[$0] ?? $0 } + [grouping.setNumber]
        guard sets.contains(where: \.isEmpty) else { return grouped(node, grouping, sets, calls, as: output) }
        let own = output.map(newColumn)
        let renamed = calls.map { call in
            var own = call
            own.column = registry.add(name: call.function, type: call.result, origin: .constant)
            registry.setOrigin(of: own.column, .aggregate(own))
            return own
        }
        let found = UnionInput(
            node: grouped(node, grouping, sets, renamed, as: own), columns: own + renamed.map(\.column))
        let values = calls.map { newColumn($0.column) }
        let union = LogicalNode.union([found, rowsOfNothing(sets, output, calls)], columns: output + values)
        // At most one row of a group has values.
        let merged = zip(calls, values).map { call, value in
            var own = LogicalAggregate.Call(
                column: call.column, function: "any_value", arguments: [value], isDistinct: false, result: call.result)
            if call.function == "count" { own.function = "max" }
            return own
        }
        return .aggregate(LogicalAggregate(groups: output, calls: merged), union)
    }

    private func newColumn(_ column: Int) -> Int {
        registry.add(name: registry.columns[column].name, type: registry.type(column), origin: .constant)
    }

    /// For each empty set what it shows of no input.
    private func rowsOfNothing(
        _ sets: [[Int]], _ output: [Int], _ calls: [LogicalAggregate.Call]
    ) -> UnionInput {
        let columns = (output + calls.map(\.column)).map(newColumn)
        let rows = sets.indices.filter { sets[$0].isEmpty }.map { number in
            output.dropLast().map { BoundExpression.literal(.null, registry.type($0)) }
                + [.literal(.integer(Int64(number)), .integer)]
                + calls.map { .literal($0.function == "count" ? .integer(0) : .null, $0.result) }
        }
        return UnionInput(node: .constants(rows: rows, columns: columns), columns: columns)
    }

    private func grouped(
        _ node: LogicalNode, _ grouping: Grouping, _ sets: [[Int]], _ calls: [LogicalAggregate.Call], as output: [Int]
    ) -> LogicalNode {
        let number = output[output.count - 1]
        let literals = sets.indices.map { [BoundExpression.literal(.integer(Int64($0)), .integer)] }
        let expanded = LogicalNode.innerJoin([node, .constants(rows: literals, columns: [number])], on: [])
        let computed = zip(grouping.groups, output).map { column, shown in
            let value = registry.expression(column)
            let numbers = sets.indices.filter { sets[$0].contains(column) }.map { SQLValue.integer(Int64($0)) }
            let expression = BoundExpression.caseWhen(
                [
                    BoundExpression.CaseBranch(
                        condition: .inList(registry.expression(number), numbers, isNegated: false), result: value)
                ], otherwise: nil, value.type)
            registry.setOrigin(of: shown, .expression(expression))
            return ComputedColumn(column: shown, expression: expression)
        }
        return .aggregate(LogicalAggregate(groups: output, calls: calls), .project(computed, expanded))
    }
}

extension GroupingCheck {
    func groupingNumber(
        _ arguments: [BoundExpression], positions: [Int: SourcePosition]
    ) throws(SQLError) -> BoundExpression {
        var result = BoundExpression.literal(.integer(0), .bigint)
        for (place, argument) in arguments.reversed().enumerated() {
            guard let group = grouping.expressions.first(where: { $0.expression == argument }) else {
                throw SQLError.groupingError(
                    "arguments to GROUPING must be grouping expressions of the associated query level",
                    at: argument.columns.first.flatMap { positions[$0] } ?? .unknown)
            }
            guard let sets = grouping.sets else { continue }
            let lacking = sets.indices.filter { !sets[$0].contains(group.column) }.map { SQLValue.integer(Int64($0)) }
            if lacking.isEmpty { continue }
            let bit = BoundExpression.caseWhen(
                [
                    BoundExpression.CaseBranch(
                        condition: .inList(registry.expression(grouping.setNumber), lacking, isNegated: false),
                        result: .literal(.integer(1 << Int64(place)), .bigint))
                ], otherwise: .literal(.integer(0), .bigint), .bigint)
            if case .literal(.integer(0), _) = result {
                result = bit
            } else {
                result = .arithmetic(.add, result, bit, .bigint)
            }
        }
        return result
    }
}
