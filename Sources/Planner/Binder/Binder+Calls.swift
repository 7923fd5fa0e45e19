import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

extension Binder {
    func bind(
        _ call: FunctionCall, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let name = call.name.name.name
        if let window = call.window { return try bindWindow(call, name, window, at: position, in: scope) }
        if OrderedSetRules.names.contains(name) { return try bindOrderedSet(call, name, at: position, in: scope) }
        try refuseOrderedSetClauses(call, name, at: position)
        if AggregateRules.names[name] != nil { return try bindAggregate(call, name, at: position, in: scope) }
        if name == GroupingSets.function || name == "grouping_id" {
            return try bindGrouping(call, at: position, in: scope)
        }
        if WindowRules.rules[name] != nil {
            throw SQLError(
                .wrongObjectType, "window function \(name) requires an OVER clause", position: position.character)
        }
        if call.isStar || call.isDistinct {
            throw SQLError(
                .wrongObjectType,
                "\(call.isStar ? "*" : "DISTINCT") specified, but \(name) is not an aggregate function",
                position: position.character)
        }
        if let value = try bindExpansion(call, at: position, in: scope) { return value }
        if call.arguments.isEmpty, let value = clockValue(name) { return value }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument, in: scope)) }
        if let result = try conditional(name, arguments, at: position) { return result }
        return try function(name, arguments, at: position)
    }

    /// A function of the directory.
    /// - Parameter shown: the operator's sign, where the SQL text has one instead of the name.
    func function(
        _ name: String, _ arguments: [BoundExpression], shown: String? = nil, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        let types = arguments.map(\.type)
        let literals = arguments.map { argument -> SQLValue? in
            if case .literal(let value, _) = argument { value } else { nil }
        }
        for signature in context.functions.signatures(named: name) {
            guard signature.kind == .scalar,
                let resolution = signature.resolveWithLiterals?(types, literals) ?? signature.resolve(types)
            else { continue }
            guard resolution.arguments.count == arguments.count else { continue }
            if signature.isLeaderOnly { noteLeaderOnly(name, resolution.arguments) }
            var cast: [BoundExpression] = []
            let coercion = coercion
            for (argument, type) in zip(arguments, resolution.arguments) {
                if let text = coercion.wholeText(argument, beside: type) {
                    cast.append(text)
                } else {
                    cast.append(folding.fold(try coercion.cast(argument, to: type, .explicit, at: position)))
                }
            }
            return folding.call(signature, cast, resolution)
        }
        if let shown {
            throw types.count == 2
                ? SQLError.undefinedOperator(shown, types[0], types[1], at: position)
                : SQLError.undefinedOperator(shown, types[0], at: position)
        }
        // A type's name with one argument is a cast.
        if arguments.count == 1, let type = Self.type(named: name, of: types[0]) {
            return folding.fold(try coercion.cast(arguments[0], to: type, .explicit, at: position))
        }
        throw SQLError.undefinedFunction(name, types, at: position)
    }

    private static func type(named name: String, of argument: SQLType) -> SQLType? {
        switch name {
        case "text": .varchar(length: SQLType.maximumVarcharLength)
        case "bpchar": .char(length: 256)
        case "numeric": argument.isDecimal ? argument : .decimal(precision: 18, scale: 0)
        default: SQLType(postgreSQLName: name)
        }
    }

    /// Functions that read the clock are constants of the statement.
    private func clockValue(_ name: String) -> BoundExpression? {
        let clock = context.clock
        let value: BoundExpression? =
            switch name {
            case "getdate": .literal(.timestamp(clock.statementStart / 1_000_000 * 1_000_000), .timestamp)
            case "sysdate": .literal(.timestamp(clock.transactionStart), .timestamp)
            case "current_date":
                .literal(
                    .date(Int32(clamping: CivilDate.floorDivide(clock.transactionStart, 86_400_000_000))), .date)
            default: nil
            }
        if value != nil { context.clockUse?.note() }
        return value
    }

    /// COALESCE and its relatives are CASE: what is not needed is not evaluated.
    private func conditional(
        _ name: String, _ arguments: [BoundExpression], at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        switch name {
        case "coalesce", "nvl":
            guard !arguments.isEmpty else { return nil }
            let type = try commonType(arguments, name.uppercased(), at: position)
            var branches: [BoundExpression.CaseBranch] = []
            for argument in arguments.dropLast() {
                let result = try coercion.cast(argument, to: type, .explicit, at: position)
                let test = folding.fold(.isNull(argument, isNegated: true))
                if case .literal(.boolean(let isThere), _) = test {
                    if !isThere { continue }
                    return branches.isEmpty ? result : .caseWhen(branches, otherwise: result, type)
                }
                branches.append(BoundExpression.CaseBranch(condition: test, result: result))
            }
            let last = try coercion.cast(arguments[arguments.count - 1], to: type, .explicit, at: position)
            return branches.isEmpty ? last : .caseWhen(branches, otherwise: last, type)
        case "nullif":
            guard arguments.count == 2 else { return nil }
            let test = try compare(arguments[0], .equal, arguments[1], at: position)
            let value = text(arguments[0])
            return .caseWhen(
                [BoundExpression.CaseBranch(condition: test, result: .literal(.null, value.type))], otherwise: value,
                value.type)
        case "nvl2":
            guard arguments.count == 3 else { return nil }
            let type = try commonType(Array(arguments[1...]), "NVL2", at: position)
            let result = try coercion.cast(arguments[1], to: type, .explicit, at: position)
            let otherwise = try coercion.cast(arguments[2], to: type, .explicit, at: position)
            return .caseWhen(
                [BoundExpression.CaseBranch(condition: .isNull(arguments[0], isNegated: true), result: result)],
                otherwise: otherwise, type)
        case "decode": return try decode(arguments, at: position)
        default: return nil
        }
    }

    /// DECODE(e, search, result, …[, default]): here NULL matches NULL.
    private func decode(
        _ arguments: [BoundExpression], at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        guard arguments.count >= 3 else { return nil }
        let results = stride(from: 2, to: arguments.count, by: 2).map { arguments[$0] }
        let last = arguments.count % 2 == 0 ? arguments[arguments.count - 1] : nil
        let type = try commonType(results + (last.map { [$0] } ?? []), "DECODE", at: position)
        var branches: [BoundExpression.CaseBranch] = []
        for index in stride(from: 1, to: arguments.count - 1, by: 2) {
            let isNull: Bool = if case .literal(.null, _) = arguments[index] { true } else { false }
            let test: BoundExpression =
                isNull
                ? folding.fold(.isNull(arguments[0], isNegated: false))
                : try compare(arguments[0], .equal, arguments[index], at: position)
            let result = try coercion.cast(arguments[index + 1], to: type, .explicit, at: position)
            branches.append(BoundExpression.CaseBranch(condition: test, result: result))
        }
        var otherwise: BoundExpression?
        if let last { otherwise = try coercion.cast(last, to: type, .explicit, at: position) }
        return .caseWhen(branches, otherwise: otherwise, type)
    }

    private func bindAggregate(
        _ call: FunctionCall, _ name: String, at position: SourcePosition, in scope: ExpressionScope
    ) throws(SQLError) -> BoundExpression {
        let aggregates = try enterAggregate(at: position, in: scope)
        defer { scope.isInAggregate = false }
        var arguments: [BoundExpression] = []
        for argument in call.arguments { arguments.append(try bind(argument, in: scope)) }
        guard call.isStar ? name == "count" : arguments.count == 1,
            let resolution = AggregateRules.resolve(name, arguments.map(\.type))
        else {
            if call.isStar { throw SQLError.undefinedFunction(name, [], at: position) }
            throw SQLError.undefinedFunction(name, arguments.map(\.type), at: position)
        }
        var columns: [Int] = []
        for (argument, type) in zip(arguments, resolution.arguments) {
            let operand = folding.fold(try coercion.cast(argument, to: type, .implicit, at: position))
            columns.append(column(for: operand, in: &aggregates.computed))
        }
        let aggregate = LogicalAggregate.Call(
            column: -1, function: AggregateRules.names[name] ?? name, arguments: columns,
            isDistinct: call.isDistinct && !AggregateRules.sameOfDistinct.contains(name), result: resolution.result)
        return add(aggregate, named: name, to: aggregates)
    }

    /// The caller leaves the aggregate again.
    func enterAggregate(at position: SourcePosition, in scope: ExpressionScope) throws(SQLError) -> AggregateCollector {
        if scope.isInAggregate {
            throw SQLError.groupingError("aggregate function calls may not be nested", at: position)
        }
        guard let aggregates = scope.aggregates else {
            throw SQLError.groupingError("aggregates not allowed in \(scope.clause) clause", at: position)
        }
        scope.isInAggregate = true
        return aggregates
    }

    /// The call's value; equal calls are one.
    func add(
        _ call: LogicalAggregate.Call, named name: String, to aggregates: AggregateCollector
    ) -> BoundExpression {
        if let known = aggregates.calls.first(where: { $0.isSameCall(as: call) }) {
            return .column(known.column, known.result)
        }
        var made = call
        made.column = registry.add(name: name, type: call.result, origin: .constant)
        registry.setOrigin(of: made.column, .aggregate(made))
        aggregates.calls.append(made)
        return .column(made.column, made.result)
    }

    /// The number of a column that has the expression's value: its own, or one computed in `computed`.
    ///
    /// A column of a query around this one is copied: groups, arguments and outputs are columns of their own query, so
    /// that only expressions have to be looked at when the subquery is unnested.
    func column(for expression: BoundExpression, named name: String = "?column?", in computed: inout [ComputedColumn])
        -> Int
    {
        if case .column(let number, _) = expression, !outerScopes.contains(where: { $0.has(number) }) { return number }
        if let known = computed.first(where: { $0.expression == expression }) { return known.column }
        let number = registry.add(name: name, type: expression.type, origin: .expression(expression))
        computed.append(ComputedColumn(column: number, expression: expression))
        return number
    }
}

extension LogicalAggregate.Call {
    func isSameCall(as other: LogicalAggregate.Call) -> Bool {
        function == other.function && arguments == other.arguments && isDistinct == other.isDistinct
            && orderedSet == other.orderedSet
    }
}
