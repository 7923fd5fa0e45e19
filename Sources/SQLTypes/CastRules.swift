/// Where a conversion is asked for.
public enum CastContext: UInt8, Hashable, Sendable, CaseIterable {
    /// Inside an expression: operands, function arguments.
    case implicit
    /// Into a column: INSERT, UPDATE, COPY.
    case assignment
    /// `CAST(x AS t)`, `x::t`, `CONVERT(t, x)`.
    case explicit
}

/// The kind of a type, whatever its length or precision: the rows and columns of the conversion matrix.
enum TypeFamily: UInt8, Hashable, Sendable, CaseIterable {
    case boolean, smallint, integer, bigint, decimal, real, double, char, varchar
    case date, time, timetz, timestamp, timestamptz, intervalYearToMonth, intervalDayToSecond, varbyte, unknown
}

extension SQLType {
    var family: TypeFamily {
        switch self {
        case .boolean: .boolean
        case .smallint: .smallint
        case .integer: .integer
        case .bigint: .bigint
        case .decimal: .decimal
        case .real: .real
        case .double: .double
        case .char: .char
        case .varchar: .varchar
        case .date: .date
        case .time: .time
        case .timetz: .timetz
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .intervalYearToMonth: .intervalYearToMonth
        case .intervalDayToSecond: .intervalDayToSecond
        case .varbyte: .varbyte
        case .unknown: .unknown
        }
    }

    /// Whether a value of one type may become one of another. A family always converts to itself, whatever the lengths; an
    /// untyped literal converts to everything.
    /// - Source: Redshift developer guide, "Type compatibility and conversion".
    public static func canCast(from source: SQLType, to target: SQLType, context: CastContext) -> Bool {
        let (from, to) = (source.family, target.family)
        if from == to || from == .unknown { return true }
        if implicitTargets(of: from).contains(to) { return true }
        switch context {
        case .implicit: return false
        case .assignment: return from == .varchar && to == .char
        case .explicit: return explicitTargets(of: from).contains(to)
        }
    }

    private static let numbers: [TypeFamily] = [.smallint, .integer, .bigint, .decimal, .real, .double]

    /// The documented matrix.
    private static func implicitTargets(of family: TypeFamily) -> [TypeFamily] {
        switch family {
        case .smallint, .integer, .bigint: numbers + [.boolean, .char, .varchar]
        case .decimal, .real, .double: numbers + [.char, .varchar]
        case .char: [.varchar]
        case .date: [.char, .varchar, .timestamp, .timestamptz]
        case .timestamp: [.char, .varchar, .date, .time, .timestamptz]
        case .timestamptz: [.char, .varchar, .date, .timestamp, .timetz]
        case .time: [.varchar, .timetz]
        case .timetz: [.varchar, .time]
        case .varchar, .boolean, .varbyte, .intervalYearToMonth, .intervalDayToSecond, .unknown: []
        }
    }

    /// What CAST allows beyond the matrix. PostgreSQL 8.0, and Redshift with it, has no cast between BOOLEAN and the string
    /// types; `'true'::boolean` works because the literal has no type yet.
    private static func explicitTargets(of family: TypeFamily) -> [TypeFamily] {
        switch family {
        case .char, .varchar:
            numbers + [
                .char, .varchar, .date, .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth,
                .intervalDayToSecond, .varbyte,
            ]
        case .boolean: [.smallint, .integer, .bigint]
        case .time, .timetz: [.char]
        case .timestamptz: [.time]
        case .varbyte, .intervalYearToMonth, .intervalDayToSecond: [.char, .varchar]
        case .smallint, .integer, .bigint, .decimal, .real, .double, .date, .timestamp, .unknown: []
        }
    }

    /// The one type that CASE, COALESCE, UNION and the operands of a comparison take; nil if there is none.
    ///
    /// - An untyped literal takes the type of the others; nothing but untyped literals stays `unknown`.
    /// - Integers take the wider type, integers and decimals `DecimalRules.union`, and a float beside another number makes
    ///   FLOAT8.
    /// - CHAR with CHAR stays CHAR of the longer length; with VARCHAR it becomes VARCHAR.
    /// - DATE < TIMESTAMP < TIMESTAMPTZ, and TIME < TIMETZ.
    public static func common(of types: [SQLType]) -> SQLType? {
        var result = SQLType.unknown
        for type in types {
            guard let next = common(result, type) else { return nil }
            result = next
        }
        return result
    }

    public static func common(_ left: SQLType, _ right: SQLType) -> SQLType? {
        if left == right || right == .unknown { return left }
        if left == .unknown { return right }
        if left.isNumeric, right.isNumeric {
            if left.isFloat || right.isFloat { return .double }
            if left.isInteger, right.isInteger { return wider(left, right) }
            guard let a = left.asDecimal, let b = right.asDecimal else { return nil }
            return SQLType(DecimalRules.union(a, b))
        }
        switch (left, right) {
        case (.char(let a), .char(let b)): return .char(length: max(a, b))
        case (.char(let a), .varchar(let b)), (.varchar(let a), .char(let b)), (.varchar(let a), .varchar(let b)):
            return .varchar(length: max(a, b))
        case (.varbyte(let a), .varbyte(let b)): return .varbyte(length: max(a, b))
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        case (.date, .timestamptz), (.timestamptz, .date): return .timestamptz
        case (.timestamp, .timestamptz), (.timestamptz, .timestamp): return .timestamptz
        case (.time, .timetz), (.timetz, .time): return .timetz
        default: return nil
        }
    }

    /// The type in which two operands are compared: as `common`, but a string beside a DECIMAL becomes that DECIMAL, beside
    /// any other number makes both strings, and beside a date or time becomes one.
    /// - Source: Redshift developer guide, "Type compatibility and conversion".
    public static func comparison(_ left: SQLType, _ right: SQLType) -> SQLType? {
        if let type = common(left, right) { return type }
        guard left.isString != right.isString else { return nil }
        let (string, other) = left.isString ? (left, right) : (right, left)
        if other.isDecimal || other.isDateOrTime { return other }
        guard other.isNumeric, let length = string.length else { return nil }
        return .varchar(length: max(length, 32))
    }

    /// Bytes of a CHAR, VARCHAR or VARBYTE; nil for the others.
    public var length: Int? {
        switch self {
        case .char(let length), .varchar(let length), .varbyte(let length): length
        default: nil
        }
    }
}

extension SQLError {
    package static func cannotCast(_ source: SQLType, to target: SQLType) -> SQLError {
        func name(_ type: SQLType) -> String {
            let name = type.description
            return name.split(separator: "(").first.map(String.init) ?? name
        }
        return SQLError(.cannotCoerce, "cannot cast type \(name(source)) to \(name(target))")
    }
}
