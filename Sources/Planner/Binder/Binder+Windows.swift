import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// The window function calls of one SELECT block; equal calls are computed once.
final class WindowCollector {
    struct Call {
        var function: String
        var arguments: [BoundExpression]
        var partition: [BoundExpression]
        var order: [Binder.SortKey]
        var frame: WindowFrame
        var ignoresNulls: Bool
        var parameter: SQLValue?
        var result: SQLType
        /// Stands for the call's value.
        var column: Int
    }
    var calls: [Call] = []
}

/// Window functions are computed after grouping, HAVING and subqueries, before QUALIFY, DISTINCT and ORDER BY.
extension Binder {
    func bindWindow(
        _ call: FunctionCall, _ name: String, _ clause: WindowClause, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        if OrderedSetRules.names.contains(name) {
            return try bindOrderedSetWindow(call, name, clause, at: position, in: scope)
        }
        try refuseOrderedSetClauses(call, name, at: position)
        guard let rule = WindowRules.rules[name] else {
            if AggregateRules.names[name] == nil, !context.functions.signatures(named: name).isEmpty {
                throw SQLError(
                    .wrongObjectType, "OVER specified, but \(name) is not a window function nor an aggregate function",
                    position: position.character)
            }
            throw SQLError.unsupported("window function \(name)", at: position.character)
        }
        let windows = try windows(of: scope, for: call, at: position)
        if call.nullTreatment != nil, !rule.takesNullTreatment {
            throw SQLError(
                .syntaxError, "function \(name) does not accept IGNORE NULLS or RESPECT NULLS",
                position: position.character)
        }
        scope.isInWindow = true
        defer { scope.isInWindow = false }
        let (types, result) = try resolve(call, name, rule, at: position, in: scope)
        var made = WindowCollector.Call(
            function: AggregateRules.names[name] ?? name, arguments: types,
            partition: try clause.partitionBy.map { item throws(SQLError) in try windowItem(item, in: scope) },
            order: try clause.orderBy.map { item throws(SQLError) in
                SortKey(
                    expression: try windowItem(item.expression, in: scope), isDescending: item.isDescending,
                    nullsFirst: item.nullsFirst ?? item.isDescending, position: item.expression.position)
            }, frame: .wholePartition, ignoresNulls: call.nullTreatment == .ignore, result: result, column: -1)
        made.frame = try frame(clause, rule.frame, name, at: position)
        return add(made, named: name, to: windows)
    }

    /// Where a window function may stand.
    func windows(
        of scope: ExpressionScope, for call: FunctionCall, at position: SourcePosition
    ) throws(SQLError) -> WindowCollector {
        if scope.isInAggregate || scope.isInWindow {
            throw SQLError.groupingError(
                scope.isInWindow
                    ? "window function calls may not be nested"
                    : "aggregate function calls may not contain window function calls", at: position)
        }
        guard let windows = scope.windows else {
            throw SQLError.groupingError("window functions not allowed in \(scope.clause) clause", at: position)
        }
        if call.isDistinct { throw SQLError.unsupported("DISTINCT in a window function", at: position.character) }
        return windows
    }

    /// The call's value; equal calls are one.
    func add(
        _ call: WindowCollector.Call, named name: String, to windows: WindowCollector
    ) -> BoundExpression {
        if let known = windows.calls.first(where: { $0.isSameCall(as: call) }) {
            return .column(known.column, known.result)
        }
        var made = call
        made.column = registry.add(name: name, type: call.result, origin: .constant)
        windows.calls.append(made)
        return .column(made.column, made.result)
    }

    private func resolve(
        _ call: FunctionCall, _ name: String, _ rule: WindowRules.Rule, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> ([BoundExpression], SQLType) {
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument, in: scope)) }
        guard call.isStar ? name == "count" : !arguments.isEmpty || AggregateRules.names[name] == nil,
            let resolution = rule.resolve(arguments.map(\.type))
        else { throw SQLError.undefinedFunction(name, arguments.map(\.type), at: position) }
        var cast: [BoundExpression] = []
        for (argument, type) in zip(arguments, resolution.arguments) {
            cast.append(folding.fold(try coercion.cast(argument, to: type, .explicit, at: position)))
        }
        return (cast, resolution.result)
    }

    func windowItem(
        _ expression: SQLSyntax.Expression, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        if case .literal = expression.kind {
            throw SQLError(
                .syntaxError, "constants are not allowed in PARTITION BY or ORDER BY of a window",
                position: expression.position.character)
        }
        return try bind(expression, in: scope)
    }

    private func frame(
        _ clause: WindowClause, _ rule: WindowRules.Rule.Frame, _ name: String, at position: SourcePosition
    ) throws(SQLError) -> WindowFrame {
        switch rule {
        case .none, .partitionOnly:
            if let frame = clause.frame {
                throw SQLError(
                    .syntaxError, "window function \(name) does not take a frame clause",
                    position: frame.position.character)
            }
            if rule == .partitionOnly, !clause.orderBy.isEmpty {
                throw SQLError(
                    .syntaxError, "window function \(name) does not take an ORDER BY clause",
                    position: position.character)
            }
            return .wholePartition
        case .withOrder:
            guard let frame = clause.frame else {
                if clause.orderBy.isEmpty { return .wholePartition }
                throw SQLError(
                    .syntaxError, "Aggregate window functions with an ORDER BY clause require a frame clause",
                    position: position.character)
            }
            if frame.unit == .range {
                throw SQLError.unsupported("RANGE in a window frame", at: frame.position.character)
            }
            let (start, end) = (try bound(frame.start, isStart: true), try bound(frame.end, isStart: false))
            if (start ?? .min) > (end ?? .max) {
                throw SQLError(
                    .syntaxError, "frame start must not come after frame end", position: frame.position.character)
            }
            return WindowFrame(start: start, end: end)
        }
    }

    /// nil: the partition's own end.
    private func bound(_ bound: FrameClause.Bound, isStart: Bool) throws(SQLError) -> Int64? {
        switch bound {
        case .unboundedPreceding: return isStart ? nil : .min
        case .unboundedFollowing: return isStart ? .max : nil
        case .currentRow: return 0
        case .preceding(let expression): return try -offset(expression)
        case .following(let expression): return try offset(expression)
        }
    }

    private func offset(_ expression: SQLSyntax.Expression) throws(SQLError) -> Int64 {
        guard let count = try rowCount(expression, "ROWS") else {
            throw SQLError(
                .invalidParameterValue, "frame offset must not be null", position: expression.position.character)
        }
        return count
    }

    /// The calls over `node`; those of one partition and order share a window.
    func windowed(_ node: LogicalNode, _ calls: [WindowCollector.Call]) -> LogicalNode {
        var computed: [ComputedColumn] = []
        var windows: [LogicalWindow] = []
        for call in calls {
            var partition: [Int] = []
            for item in call.partition {
                let number = column(for: item, in: &computed)
                if !partition.contains(number) { partition.append(number) }
            }
            var order: [SortColumn] = []
            for key in call.order {
                let number = column(for: key.expression, in: &computed)
                if order.contains(where: { $0.column == number }) { continue }
                order.append(SortColumn(column: number, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
            }
            let made = LogicalWindow.Call(
                column: call.column, function: call.function,
                arguments: call.arguments.map { column(for: $0, in: &computed) }, frame: call.frame,
                ignoresNulls: call.ignoresNulls, parameter: call.parameter, result: call.result)
            if let index = windows.firstIndex(where: { $0.partition == partition && $0.order == order }) {
                windows[index].calls.append(made)
            } else {
                windows.append(LogicalWindow(partition: partition, order: order, calls: [made]))
            }
        }
        let input = computed.isEmpty ? node : LogicalNode.project(computed, node)
        return windows.reduce(input) { .window($1, $0) }
    }
}

extension WindowCollector.Call {
    func isSameCall(as other: WindowCollector.Call) -> Bool {
        function == other.function && arguments == other.arguments && partition == other.partition
            && frame == other.frame && parameter == other.parameter && ignoresNulls == other.ignoresNulls
            && order.count == other.order.count
            && zip(order, other.order).allSatisfy {
                $0.expression == $1.expression && $0.isDescending == $1.isDescending && $0.nullsFirst == $1.nullsFirst
            }
    }
}

extension GroupingCheck {
    func replace(_ call: inout WindowCollector.Call) throws(SQLError) {
        for index in call.arguments.indices { call.arguments[index] = try replace(call.arguments[index]) }
        for index in call.partition.indices { call.partition[index] = try replace(call.partition[index]) }
        for index in call.order.indices { call.order[index].expression = try replace(call.order[index].expression) }
    }
}
