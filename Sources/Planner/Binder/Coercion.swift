import QueryPlan
import SQLSyntax
import SQLTypes

/// Brings expressions to the types that operators want; literals are converted here, everything else gets a cast.
struct Coercion {
    /// What texts of dates and times mean in this statement.
    let dateTime: DateTimeContext
    /// Only while a statement's parameters get their types.
    var inference: ParameterInference?
    var clockUse: ClockUse?

    /// - Throws: 42846 if the conversion is not allowed in `context`; what the conversion of a literal says otherwise.
    func cast(
        _ expression: BoundExpression, to target: SQLType, _ context: CastContext, at position: SourcePosition,
        isTry: Bool = false
    ) throws(SQLError) -> BoundExpression {
        let source = expression.type
        if let parameter = inference?.resolve(expression, as: target) { return parameter }
        if case .literal(.null, _) = expression { return .literal(.null, target) }
        if source == target { return expression }
        if target == .unknown { return expression }
        guard SQLType.canCast(from: source, to: target, context: context) else {
            throw SQLError.cannotCast(source, to: target).at(position.character)
        }
        if let call = Self.catalogNames(expression, to: target) { return call }
        if case .literal(let value, _) = expression {
            return try literal(value, source, target, context, at: position, isTry: isTry)
        }
        if context == .implicit, Self.needsNoCast(from: source, to: target) { return expression }
        return .cast(expression, to: target, isTry: isTry)
    }

    /// Between an oid and the name that it shows: the leader looks it up when the query runs.
    private static func catalogNames(_ expression: BoundExpression, to target: SQLType) -> BoundExpression? {
        if case .catalog(let alias) = expression.type, alias.isAlias, target.isString {
            return .cast(
                .call("\(alias)out", [expression], .varchar(length: SQLType.maximumVarcharLength)), to: target,
                isTry: false)
        }
        guard case .catalog(let alias) = target, alias.isAlias, expression.type.isString else { return nil }
        if case .literal(let value, _) = expression,
            (try? value.cast(from: .unknown, to: target, context: .explicit)) != nil
        {
            return nil
        }
        let text = SQLType.varchar(length: SQLType.maximumVarcharLength)
        return .call(
            "\(alias)in", [expression.type == text ? expression : .cast(expression, to: text, isTry: false)], target)
    }

    private func literal(
        _ value: SQLValue, _ source: SQLType, _ target: SQLType, _ context: CastContext, at position: SourcePosition,
        isTry: Bool
    ) throws(SQLError) -> BoundExpression {
        if case .string(let text) = value { clockUse?.note(parsing: text, as: target) }
        do {
            return .literal(
                try value.cast(from: source, to: target, context: context, dateTime: dateTime), target)
        } catch {
            if isTry { return .literal(.null, target) }
            throw error.at(position.character)
        }
    }

    /// Strings of any length are one type to a kernel.
    private static func needsNoCast(from source: SQLType, to target: SQLType) -> Bool {
        switch (source, target) {
        case (.char, .char), (.char, .varchar), (.varchar, .varchar): true
        default: false
        }
    }

    /// Both operands in one comparable type.
    func comparable(
        _ left: BoundExpression, _ right: BoundExpression, operator name: String, at position: SourcePosition,
        operands: (SourcePosition, SourcePosition)
    ) throws(SQLError) -> (BoundExpression, BoundExpression) {
        let (a, b) = (left.type, right.type)
        if Self.isSameForComparison(a, b) { return (left, right) }
        if let text = wholeText(right, beside: a) { return (left, text) }
        if let text = wholeText(left, beside: b) { return (text, right) }
        if let adapted = Self.exact(right, as: a) { return (left, adapted) }
        if let adapted = Self.exact(left, as: b) { return (adapted, right) }
        // PostgreSQL 8.0 makes a number of the catalog a text beside one.
        let asText = a.isString && b == .oid || a == .oid && b.isString
        let shared = asText ? SQLType.varchar(length: SQLType.maximumVarcharLength) : SQLType.comparison(a, b)
        guard var common = shared else {
            throw SQLError.undefinedOperator(name, a, b, at: position)
        }
        if common == .unknown { common = .varchar(length: SQLType.maximumVarcharLength) }
        if Self.isSameForComparison(a, common), case .literal = right {
            return (left, try explicitly(right, common, operands.1))
        }
        return (try explicitly(left, common, operands.0), try explicitly(right, common, operands.1))
    }

    /// An untyped string literal beside a string keeps all its characters, however short the other's type is:
    /// `char_3 = 'abcd'` is false. What no CHAR can hold is a VARCHAR.
    func wholeText(_ expression: BoundExpression, beside type: SQLType) -> BoundExpression? {
        if type.isString, let parameter = inference?.resolve(expression, as: type) { return parameter }
        guard type.isString, case .literal(.string(let bytes), .unknown) = expression else { return nil }
        let length = min(max(bytes.count, type.length ?? 1), SQLType.maximumVarcharLength)
        if case .char = type, length <= SQLType.maximumCharLength,
            let value = try? SQLValue.string(bytes).cast(
                from: .unknown, to: .char(length: length), context: .explicit)
        {
            return .literal(value, .char(length: length))
        }
        return .literal(.string(bytes), .varchar(length: length))
    }

    private func explicitly(
        _ expression: BoundExpression, _ type: SQLType, _ position: SourcePosition
    ) throws(SQLError) -> BoundExpression {
        if Self.isSameForComparison(expression.type, type), expression.type != .unknown { return expression }
        return try cast(expression, to: type, .explicit, at: position)
    }

    /// One kernel compares the two as they are.
    static func isSameForComparison(_ left: SQLType, _ right: SQLType) -> Bool {
        if left == right { return true }
        switch (left, right) {
        case (.decimal(_, let a), .decimal(_, let b)): return a == b && left.storage == right.storage
        case (.varbyte, .varbyte): return true
        case (.unknown, _), (_, .unknown): return false
        default: return left.isString && right.isString
        }
    }

    /// A number literal as a value of `type`, if it is exactly one: `l_quantity < 24` compares decimals, `id = 7`
    /// smallints.
    private static func exact(_ expression: BoundExpression, as type: SQLType) -> BoundExpression? {
        // A midnight is a date: `l_shipdate < date '1994-01-01' + interval '1 year'` compares dates.
        if case .literal(.timestamp(let time), .timestamp) = expression, type == .date,
            CivilDate.floorRemainder(time, TimeOfDay.microsecondsPerDay) == 0
        {
            return .literal(.date(Int32(clamping: CivilDate.floorDivide(time, TimeOfDay.microsecondsPerDay))), .date)
        }
        guard case .literal(let value, let source) = expression, source.isNumeric, type.isNumeric, !value.isNull else {
            return nil
        }
        if type.isFloat, source.isFloat || type == .real { return nil }
        guard let converted = try? value.cast(from: source, to: type, context: .explicit),
            SQLValue.compare(converted, value) == .equal
        else { return nil }
        return .literal(converted, type)
    }

    /// Both operands as two numbers of the types that `operation` works on, and its result; nil if they are not
    /// numbers.
    func numeric(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at position: SourcePosition
    ) throws(SQLError) -> BoundExpression? {
        guard let result = SQLType.arithmetic(operation, left.type, right.type) else { return nil }
        func operand(_ expression: BoundExpression) throws(SQLError) -> BoundExpression {
            if result.isDecimal {
                guard let shape = expression.type.asDecimal, !expression.type.isDecimal else { return expression }
                return try cast(
                    expression, to: .decimal(precision: shape.precision, scale: shape.scale), .implicit, at: position)
            }
            return try cast(expression, to: result, .implicit, at: position)
        }
        return .arithmetic(operation, try operand(left), try operand(right), result)
    }
}

extension SQLError {
    static func undefinedOperator(
        _ name: String, _ left: SQLType, _ right: SQLType, at position: SourcePosition
    ) -> SQLError {
        SQLError(
            .undefinedFunction, "operator does not exist: \(left.baseName) \(name) \(right.baseName)",
            hint: "No operator matches the given name and argument type(s). You may need to add explicit type casts.",
            position: position.character)
    }

    static func undefinedOperator(_ name: String, _ operand: SQLType, at position: SourcePosition) -> SQLError {
        SQLError(
            .undefinedFunction, "operator does not exist: \(name) \(operand.baseName)", position: position.character)
    }

    static func undefinedFunction(
        _ name: String, _ arguments: [SQLType], at position: SourcePosition
    ) -> SQLError {
        SQLError(
            .undefinedFunction,
            "function \(name)(\(arguments.map(\.baseName).joined(separator: ", "))) does not exist",
            hint: "No function matches the given name and argument types. You may need to add explicit type casts.",
            position: position.character)
    }
}

extension SQLType {
    /// Without length or precision: how messages name a type.
    var baseName: String {
        guard let parenthesis = description.firstIndex(of: "(") else { return description }
        return String(description[..<parenthesis])
    }
}
