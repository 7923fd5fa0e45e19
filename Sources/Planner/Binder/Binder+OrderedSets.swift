import QueryPlan
import SQLSyntax
import SQLTypes

/// LISTAGG, MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC: functions of values in order.
/// - Source: Redshift developer guide, "LISTAGG", "MEDIAN", "PERCENTILE_CONT", "APPROXIMATE PERCENTILE_DISC".
enum OrderedSetRules {
    static let names: Set<String> = ["listagg", "median", "percentile_cont", "percentile_disc"]

    /// Of a fraction, behind the point: more than any group has rows.
    static let fractionDigits = 18

    /// Argument and result; nil: not for this type. An interpolated number has the digits of both the value and the
    /// fraction, so that it is exact.
    static func resolve(_ name: String, _ type: SQLType, _ fraction: Decimal) -> (argument: SQLType, result: SQLType)? {
        if name == "listagg" {
            let text = SQLType.varchar(length: SQLType.maximumVarcharLength)
            return (text, text)
        }
        let own: SQLType = type == .unknown ? .double : type
        if name == "percentile_disc" { return own.isNumeric || own.isDateOrTimestamp ? (own, own) : nil }
        if own.isFloat { return (own, .double) }
        if own.isNumeric {
            let scale = min(own.scale + fraction.scale, SQLType.maximumDecimalPrecision - 1)
            return (own, .decimal(precision: SQLType.maximumDecimalPrecision, scale: scale))
        }
        return own.isDateOrTimestamp ? (own, own) : nil
    }
}

extension SQLType {
    fileprivate var isDateOrTimestamp: Bool {
        switch self {
        case .date, .timestamp, .timestamptz: true
        default: false
        }
    }
}

extension Binder {
    /// A call before it is known where its rows come from.
    private struct OrderedSetCall {
        /// Constants apart: of LISTAGG without WITHIN GROUP the value alone.
        var value: BoundExpression
        var order: [SortKey]
        var parameter: SQLValue
        var result: SQLType
    }

    /// What only those functions, and COUNT(DISTINCT), take.
    func refuseOrderedSetClauses(
        _ call: FunctionCall, _ name: String, at position: SourcePosition
    ) throws(SQLError) {
        if !call.withinGroup.isEmpty {
            throw SQLError(
                .wrongObjectType, "WITHIN GROUP specified, but \(name) is not an ordered-set aggregate function",
                position: position.character)
        }
        // An exact count is as close as an approximate one has to be.
        if call.isApproximate, name != "count" || !call.isDistinct || call.window != nil {
            throw SQLError(
                .syntaxError, "APPROXIMATE is only supported for COUNT(DISTINCT) and PERCENTILE_DISC",
                position: position.character)
        }
    }

    func bindOrderedSet(
        _ call: FunctionCall, _ name: String, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let aggregates = try enterAggregate(at: position, in: scope)
        defer { scope.isInAggregate = false }
        let bound = try resolve(call, name, at: position, in: scope)
        var arguments = [column(for: bound.value, in: &aggregates.computed)]
        var order: [SortColumn] = []
        for key in bound.order {
            let number = column(for: key.expression, in: &aggregates.computed)
            let place = arguments.firstIndex(of: number) ?? arguments.count
            if place == arguments.count { arguments.append(number) }
            order.append(SortColumn(column: place, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        let made = LogicalAggregate.Call(
            column: -1, function: name, arguments: arguments, isDistinct: call.isDistinct,
            orderedSet: OrderedSet(order: order, parameter: bound.parameter), result: bound.result)
        for other in aggregates.calls where !made.hasSameOrder(as: other) {
            throw SQLError(
                .featureNotSupported, "within group ORDER BY clauses for aggregate functions must be the same",
                position: position.character)
        }
        return add(made, named: name, to: aggregates)
    }

    /// OVER has PARTITION BY alone: the window's order is that of WITHIN GROUP, its frame the partition.
    func bindOrderedSetWindow(
        _ call: FunctionCall, _ name: String, _ clause: WindowClause, at position: SourcePosition,
        in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let windows = try windows(of: scope, for: call, at: position)
        guard clause.orderBy.isEmpty, clause.frame == nil else {
            throw SQLError(
                .syntaxError, "window function \(name) takes neither ORDER BY nor a frame clause in OVER",
                position: clause.position.character)
        }
        scope.isInWindow = true
        defer { scope.isInWindow = false }
        let bound = try resolve(call, name, at: position, in: scope)
        let made = WindowCollector.Call(
            function: name, arguments: [bound.value],
            partition: try clause.partitionBy.map { item throws(SQLError) in try windowItem(item, in: scope) },
            order: bound.order, frame: .wholePartition, ignoresNulls: false, parameter: bound.parameter,
            result: bound.result, column: -1)
        return add(made, named: name, to: windows)
    }

    private func resolve(
        _ call: FunctionCall, _ name: String, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> OrderedSetCall {
        noteComputeOnly(at: position)
        if call.nullTreatment != nil || call.isApproximate && name != "percentile_disc" {
            throw SQLError(.syntaxError, "\(name) does not take this clause", position: position.character)
        }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(folding.fold(try bind(argument, in: scope))) }
        let given = arguments.map(\.type)
        var order: [SortKey] = []
        for item in call.withinGroup {
            order.append(
                SortKey(
                    expression: try windowItem(item.expression, in: scope), isDescending: item.isDescending,
                    nullsFirst: item.nullsFirst ?? item.isDescending, position: item.expression.position))
        }
        let value: BoundExpression
        var parameter: SQLValue = .string([])
        var fraction = Decimal(unscaled: 5, scale: 1)
        switch name {
        case "listagg":
            guard arguments.count == 1 || arguments.count == 2 else {
                throw SQLError.undefinedFunction(name, given, at: position)
            }
            value = arguments[0]
            if arguments.count == 2 { parameter = try delimiter(arguments[1], at: position) }
        case "median":
            guard arguments.count == 1, order.isEmpty else {
                throw SQLError.undefinedFunction(name, given, at: position)
            }
            value = arguments[0]
            order = [SortKey(expression: value, isDescending: false, nullsFirst: false, position: position)]
            parameter = .decimal(fraction)
        default:
            guard arguments.count == 1, order.count == 1 else {
                throw SQLError.undefinedFunction(name, given, at: position)
            }
            fraction = try self.fraction(arguments[0], at: position)
            value = order[0].expression
            parameter = .decimal(fraction)
        }
        guard let resolution = OrderedSetRules.resolve(name, value.type, fraction) else {
            throw SQLError.undefinedFunction(name, [value.type], at: position)
        }
        let operand = folding.fold(try coercion.cast(value, to: resolution.argument, .explicit, at: position))
        return OrderedSetCall(value: operand, order: order, parameter: parameter, result: resolution.result)
    }

    private func delimiter(_ expression: BoundExpression, at position: SourcePosition) throws(SQLError) -> SQLValue {
        switch expression {
        case .literal(.string(let bytes), _): return .string(bytes)
        case .literal(.null, _): return .string([])
        default:
            throw SQLError(
                .invalidParameterValue, "the delimiter of LISTAGG must be a string constant",
                position: position.character)
        }
    }

    private func fraction(_ expression: BoundExpression, at position: SourcePosition) throws(SQLError) -> Decimal {
        let error = SQLError(
            .invalidParameterValue, "percentile value must be a constant between 0 and 1", position: position.character)
        let digits = OrderedSetRules.fractionDigits
        let type = SQLType.decimal(precision: digits + 19, scale: digits)
        guard case .literal(let value, let own) = expression, own.isNumeric,
            case .literal(.decimal(let cast), _) = folding.fold(
                try coercion.cast(.literal(value, own), to: type, .explicit, at: position))
        else { throw error }
        var number = cast
        // 0.5 is five tenths: digits that say nothing would be digits of the result.
        while number.scale > 0, number.unscaled % 10 == 0 {
            number = Decimal(unscaled: number.unscaled / 10, scale: number.scale - 1)
        }
        guard number.unscaled >= 0, number.unscaled <= PowersOfTen.int128[number.scale] else { throw error }
        return number
    }
}

extension LogicalAggregate.Call {
    /// Calls in one block are sorted once: those that name an order name the same.
    fileprivate func hasSameOrder(as other: LogicalAggregate.Call) -> Bool {
        func keys(_ call: LogicalAggregate.Call) -> [SortColumn] {
            (call.orderedSet?.order ?? []).map {
                SortColumn(column: call.arguments[$0.column], isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
            }
        }
        let (own, others) = (keys(self), keys(other))
        return own.isEmpty || others.isEmpty || own == others
    }
}
