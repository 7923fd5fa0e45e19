extension SQLType {
    /// The one type that CASE, COALESCE, UNION and the operands of a comparison take; nil if there is none.
    ///
    /// - An untyped literal takes the type of the others; nothing but untyped literals stays `unknown`.
    /// - Integers take the wider type, integers and decimals `DecimalRules.union`, and a float beside another number
    ///   makes FLOAT8.
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
        default: return catalogCommon(left, right)
        }
    }

    /// NAME and "char" are strings beside other strings; whatever tells a row of the catalog is an oid.
    private static func catalogCommon(_ left: SQLType, _ right: SQLType) -> SQLType? {
        guard left.isLeaderOnly || right.isLeaderOnly else { return nil }
        if left.isString, right.isString {
            return .varchar(length: max(left.length ?? 1, right.length ?? 1))
        }
        func tellsRow(_ type: SQLType) -> Bool { type.isInteger || type.family == .oid || type.family == .alias }
        if tellsRow(left), tellsRow(right) { return .oid }
        switch (left.family, right.family) {
        case (.vector, .array): return right
        case (.array, .vector): return left
        default: return nil
        }
    }

    /// The type in which two operands are compared: as `common`, but decimals keep all their digits, a string beside a DECIMAL becomes that DECIMAL,
    /// beside any other number makes both strings, and beside a date or time becomes one.
    /// - Source: Redshift developer guide, "Type compatibility and conversion".
    public static func comparison(_ left: SQLType, _ right: SQLType) -> SQLType? {
        if left.isDecimal || right.isDecimal, let a = left.asDecimal, let b = right.asDecimal, left != right {
            return SQLType(DecimalRules.comparison(a, b))
        }
        if let type = common(left, right) { return type }
        guard left.isString != right.isString else { return nil }
        let (string, other) = left.isString ? (left, right) : (right, left)
        if other.isDecimal || other.isDateOrTime { return other }
        guard other.isNumeric, let length = string.length else { return nil }
        return .varchar(length: max(length, 32))
    }

    /// Bytes of a CHAR, VARCHAR, VARBYTE or NAME at most; nil for the others.
    public var length: Int? {
        switch self {
        case .char(let length), .varchar(let length), .varbyte(let length): length
        case .catalog(.name): CatalogType.maximumNameLength
        case .catalog(.char): 1
        default: nil
        }
    }
}
