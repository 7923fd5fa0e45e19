import SQLTypes

/// Type names and interval qualifiers.
extension Parser {
    /// - Source: Redshift developer guide, "Data types".
    mutating func typeName() throws(SQLError) -> TypeName {
        let start = current
        guard start.kind == .word || start.kind == .quotedName else { throw syntaxError() }
        var name = start
        let isQualified = token(1).kind == .point
        if isQualified {
            guard TokenText.name(start, bytes) == "pg_catalog" else { throw unknownSchema(start) }
            advance()
            advance()
            name = current
            guard name.kind == .word || name.kind == .quotedName else { throw syntaxError() }
        }
        // With its schema even a keyword is PG_TYPE's name: this one is no CHAR(1).
        if isQualified, name.keyword == .char {
            advance()
            return TypeName(try arrayType(of: .catalog(.char), name), at: start.source)
        }
        var type = try type(name)
        // TEXT of the catalog has no limit; Redshift's own TEXT is VARCHAR(256).
        if isQualified, name.keyword == .text { type = .varchar(length: SQLType.maximumVarcharLength) }
        return TypeName(try arrayType(of: type, name), at: start.source)
    }

    private func unknownSchema(_ schema: Token) -> SQLError {
        SQLError(
            .invalidSchemaName, "schema \"\(TokenText.name(schema, bytes))\" does not exist",
            position: Int(schema.position))
    }

    /// `[]` or `[3]` after a type's name: the length is not kept, as in PostgreSQL.
    private mutating func arrayType(of type: SQLType, _ name: Token) throws(SQLError) -> SQLType {
        guard at(.leftBracket) else { return type }
        let position = Int(current.position)
        advance()
        if !at(.rightBracket) { _ = try integer() }
        try expect(.rightBracket)
        if at(.leftBracket) { throw unsupported("arrays of more than one dimension") }
        guard let element = ArrayElement(type) else { throw .unsupported("arrays of \(type)", at: position) }
        return .array(element == .text && name.keyword != .text ? .varchar : element)
    }

    private mutating func type(_ start: Token) throws(SQLError) -> SQLType {
        advance()
        if start.kind == .quotedName { return try catalogType(start) }
        switch start.keyword {
        case .smallint, .int2: return .smallint
        case .integer, .int, .int4: return .integer
        case .bigint, .int8: return .bigint
        case .decimal, .numeric, .dec: return try decimalType()
        case .real, .float4: return .real
        case .float8: return .double
        case .float: return try floatType()
        case .double:
            _ = take(.precision)
            return .double
        case .boolean, .bool: return .boolean
        case .char, .character, .nchar: return try characterType()
        case .varchar, .nvarchar: return try varcharType()
        case .bpchar: return .char(length: 256)
        case .text: return .text
        case .date: return .date
        case .datetime: return .timestamp
        case .time: return try takeZone() ? .timetz : .time
        case .timetz: return .timetz
        case .timestamp: return try takeZone() ? .timestamptz : .timestamp
        case .timestamptz: return .timestamptz
        case .interval: return Self.intervalType(try intervalQualifier())
        case .varbyte, .varbinary: return try varbyteType()
        case .binary where take(.varying): return try varbyteType()
        default: return try catalogType(start)
        }
    }

    /// A type by the name that PG_TYPE has for it: `oid`, `regclass`, `_int4`; in quotes also `"char"`.
    private func catalogType(_ start: Token) throws(SQLError) -> SQLType {
        guard let type = SQLType(postgreSQLName: TokenText.name(start, bytes)) else { throw unknownType(start) }
        return type
    }

    private func unknownType(_ start: Token) -> SQLError {
        let name = TokenText.name(start, bytes)
        switch start.keyword {
        case .`super`, .geometry, .geography, .hllsketch:
            return .unsupported("type \(name)", at: Int(start.position))
        default:
            if start.isReserved { return syntaxError(at: start) }
            return SQLError(.undefinedObject, "type \"\(name)\" does not exist", position: Int(start.position))
        }
    }

    /// `WITH TIME ZONE` is true, `WITHOUT TIME ZONE` and nothing are false; a precision before it is ignored, as all
    /// times have microseconds.
    private mutating func takeZone() throws(SQLError) -> Bool {
        _ = try length()
        if take(.with, .time, .zone) { return true }
        _ = take(.without, .time, .zone)
        return false
    }

    /// `(n)`, or nil. `(MAX)` is `maximum`.
    private mutating func length(maximum: Int? = nil) throws(SQLError) -> Int? {
        guard at(.leftParenthesis) else { return nil }
        advance()
        if let maximum, take(.max) {
            try expect(.rightParenthesis)
            return maximum
        }
        let value = try integer()
        try expect(.rightParenthesis)
        return Int(value)
    }

    private func checked(
        _ length: Int, _ type: String, maximum: Int, at position: SourcePosition
    ) throws(SQLError) -> Int {
        if length < 1 {
            throw SQLError(
                .invalidParameterValue, "length for type \(type) must be at least 1", position: position.character)
        }
        if length > maximum {
            throw SQLError(
                .invalidParameterValue, "length for type \(type) cannot exceed \(maximum)",
                position: position.character)
        }
        return length
    }

    private mutating func characterType() throws(SQLError) -> SQLType {
        if take(.varying) { return try varcharType() }
        let start = position
        let length = try length(maximum: SQLType.maximumCharLength) ?? 1
        return .char(length: try checked(length, "character", maximum: SQLType.maximumCharLength, at: start))
    }

    private mutating func varcharType() throws(SQLError) -> SQLType {
        let start = position
        guard let length = try length(maximum: SQLType.maximumVarcharLength) else { return .text }
        return .varchar(
            length: try checked(length, "character varying", maximum: SQLType.maximumVarcharLength, at: start))
    }

    private mutating func varbyteType() throws(SQLError) -> SQLType {
        let start = position
        let length = try length(maximum: SQLType.maximumVarbyteLength) ?? 64_000
        return .varbyte(length: try checked(length, "binary varying", maximum: SQLType.maximumVarbyteLength, at: start))
    }

    private mutating func floatType() throws(SQLError) -> SQLType {
        let start = position
        guard let precision = try length() else { return .double }
        guard precision >= 1, precision <= 53 else {
            throw SQLError(
                .invalidParameterValue, "precision for type float must be between 1 and 53",
                position: start.character)
        }
        return precision <= 24 ? .real : .double
    }

    private mutating func decimalType() throws(SQLError) -> SQLType {
        let start = position
        guard take(.leftParenthesis) else { return .decimal(precision: 18, scale: 0) }
        let precision = try integer()
        let scale = take(.comma) ? try integer() : 0
        try expect(.rightParenthesis)
        let most = Int64(SQLType.maximumDecimalPrecision)
        guard precision >= 1, precision <= most else {
            throw SQLError(
                .invalidParameterValue, "DECIMAL precision \(precision) must be between 1 and \(most)",
                position: start.character)
        }
        guard scale >= 0, scale <= precision, scale < most else {
            throw SQLError(
                .invalidParameterValue,
                "DECIMAL scale \(scale) must be between 0 and \(min(precision, most - 1))", position: start.character)
        }
        return .decimal(precision: Int(precision), scale: Int(scale))
    }

    // MARK: Intervals

    /// `YEAR`, `DAY TO SECOND (3)` or nothing; the text of the result is empty.
    mutating func intervalQualifier() throws(SQLError) -> Expression.IntervalLiteral {
        var literal = Expression.IntervalLiteral(text: [])
        guard let first = intervalField() else { return literal }
        let start = position
        advance()
        literal.first = first
        if take(.to) {
            guard let last = intervalField() else { throw syntaxError() }
            guard Self.isSpan(first, last) else {
                throw SQLError(.syntaxError, "invalid interval qualifier", position: start.character)
            }
            advance()
            literal.last = last
        }
        literal.precision = try intervalPrecision()
        return literal
    }

    private mutating func intervalPrecision() throws(SQLError) -> Int? {
        guard at(.leftParenthesis) else { return nil }
        let start = position
        let digits = try length()
        if let digits, !(0...6).contains(digits) {
            throw SQLError(
                .invalidParameterValue, "interval precision must be between 0 and 6", position: start.character)
        }
        return digits
    }

    private func intervalField() -> Expression.IntervalLiteral.Field? {
        switch current.keyword {
        case .year: .year
        case .month: .month
        case .day: .day
        case .hour: .hour
        case .minute: .minute
        case .second: .second
        default: nil
        }
    }

    /// YEAR TO MONTH, or two of DAY, HOUR, MINUTE, SECOND from great to small.
    private static func isSpan(
        _ first: Expression.IntervalLiteral.Field, _ last: Expression.IntervalLiteral.Field
    ) -> Bool {
        if first == .year { return last == .month }
        let order: [Expression.IntervalLiteral.Field] = [.day, .hour, .minute, .second]
        guard let from = order.firstIndex(of: first), let to = order.firstIndex(of: last) else { return false }
        return from < to
    }

    /// A type with no qualifier is DAY TO SECOND: months have no place in it.
    static func intervalType(_ qualifier: Expression.IntervalLiteral) -> SQLType {
        qualifier.first == .year || qualifier.first == .month ? .intervalYearToMonth : .intervalDayToSecond
    }
}
