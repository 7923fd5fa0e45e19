extension SQLValue {
    /// The value as one of another type.
    ///
    /// - Fraction digits that the target has no room for are rounded half away from zero; a float becomes an integer
    ///   by rounding half to even, as PostgreSQL does.
    /// - A string that is too long is cut by an explicit cast and an error otherwise, unless only blanks are past the
    ///   limit.
    /// - TIMESTAMPTZ becomes a local type, and a local type TIMESTAMPTZ, through `context.zone`.
    /// - Parameter context: where the conversion is asked for; one that is not allowed there is 42846.
    public func cast(
        from source: SQLType, to target: SQLType, context: CastContext, dateTime: DateTimeContext = .utc
    ) throws(SQLError) -> SQLValue {
        guard SQLType.canCast(from: source, to: target, context: context) else {
            throw .cannotCast(source, to: target)
        }
        if isNull { return .null }
        if case .catalog(let from) = source, case .catalog(let to) = target, from.element != nil, to.element != nil {
            return try toArray(to, from: from)
        }
        if case .string(let bytes) = self, !target.isString, target.family != .varbyte, source != .catalog(.char) {
            return try target.parse(bytes.span, context: dateTime)
        }
        switch target {
        case .boolean: return try toBoolean(from: source)
        case .smallint, .integer, .bigint: return .integer(try toInteger(target, from: source))
        case .decimal(let precision, let scale): return .decimal(try toDecimal(precision, scale, from: source))
        case .real: return .real(try toReal(from: source))
        case .double: return .double(try toDouble(from: source))
        case .char(let length), .varchar(let length):
            return .string(
                try StringLength.fitted(
                    try characters(from: source, zone: dateTime.zone), to: length, as: target,
                    truncates: context == .explicit))
        case .unknown: return .string(text(as: source, zone: dateTime.zone))
        case .date, .time, .timetz, .timestamp, .timestamptz:
            return try toDateTime(target, from: source, zone: dateTime.zone)
        case .intervalYearToMonth, .intervalDayToSecond: return try toInterval(target, from: source)
        case .varbyte(let length): return try toVarbyte(length, from: source, context)
        case .catalog(let type): return try toCatalog(type, from: source, dateTime.zone)
        }
    }

    private func mismatch(_ source: SQLType, _ target: SQLType) -> SQLError {
        .internalError("a value \(self) was to be cast from \(source) to \(target)")
    }

    /// The value as a string: a CHAR without its padding, a VARBYTE as the UTF-8 that its bytes are, all else as shown.
    private func characters(from source: SQLType, zone: SessionTimeZone) throws(SQLError) -> [UInt8] {
        switch self {
        case .string(let bytes): return bytes
        case .varbyte(let bytes):
            guard let offset = UTF8Bytes.firstInvalidOffset(in: bytes.span) else { return bytes }
            throw .invalidUTF8(bytes[offset])
        default: return text(as: source, zone: zone)
        }
    }

    private func toBoolean(from source: SQLType) throws(SQLError) -> SQLValue {
        switch self {
        case .boolean: return self
        case .integer(let value): return .boolean(value != 0)
        default: throw mismatch(source, .boolean)
        }
    }

    private func toInteger(_ target: SQLType, from source: SQLType) throws(SQLError) -> Int64 {
        let wide: Int128
        switch self {
        case .boolean(let flag): wide = flag ? 1 : 0
        case .integer(let value): wide = Int128(value)
        case .string(let bytes) where source == .catalog(.char):
            wide = Int128(bytes.first.map { Int8(bitPattern: $0) } ?? 0)
        case .decimal(let value):
            guard let whole = value.rescaled(to: 0, rounding: .halfAwayFromZero) else { throw .outOfRange(target) }
            wide = whole.unscaled
        case .real(let value): wide = try SQLValue.rounded(Double(value), target)
        case .double(let value): wide = try SQLValue.rounded(value, target)
        default: throw mismatch(source, target)
        }
        guard let value = Int64(exactly: wide), target.integerRange.contains(value) else { throw .outOfRange(target) }
        return value
    }

    private static func rounded(_ value: Double, _ target: SQLType) throws(SQLError) -> Int128 {
        guard let whole = Int128(exactly: value.rounded(.toNearestOrEven)) else { throw .outOfRange(target) }
        return whole
    }

    private func toDecimal(_ precision: Int, _ scale: Int, from source: SQLType) throws(SQLError) -> Decimal {
        switch self {
        case .integer(let value):
            return try Decimal(unscaled: Int128(value), scale: 0).fitted(precision: precision, scale: scale)
        case .decimal(let value): return try value.fitted(precision: precision, scale: scale)
        case .real, .double:
            guard let unscaled = Decimal.unscaled(ofPrinted: text(as: source), precision: precision, scale: scale)
            else {
                throw .decimalPrecisionOverflow
            }
            return Decimal(unscaled: unscaled, scale: scale)
        default: throw mismatch(source, .decimal(precision: precision, scale: scale))
        }
    }

    private func toReal(from source: SQLType) throws(SQLError) -> Float {
        if case .real(let value) = self { return value }
        let value = try toDouble(from: source)
        let narrow = Float(value)
        if (narrow.isInfinite && value.isFinite) || (narrow == 0 && value != 0) { throw .outOfRange(.real) }
        return narrow
    }

    private func toDouble(from source: SQLType) throws(SQLError) -> Double {
        switch self {
        case .integer(let value): return Double(value)
        case .decimal(let value): return value.doubleValue
        case .real(let value): return Double(value)
        case .double(let value): return value
        default: throw mismatch(source, .double)
        }
    }

    private func toVarbyte(_ length: Int, from source: SQLType, _ context: CastContext) throws(SQLError) -> SQLValue {
        let bytes: [UInt8]
        switch self {
        case .string(let value), .varbyte(let value): bytes = value
        default: throw mismatch(source, .varbyte(length: length))
        }
        if bytes.count <= length { return .varbyte(bytes) }
        guard context == .explicit else { throw .valueTooLong(.varbyte(length: length)) }
        return .varbyte(Array(bytes[..<length]))
    }

    /// To a type whose text this is not: that was parsed.
    private func toCatalog(
        _ target: CatalogType, from source: SQLType, _ zone: SessionTimeZone
    ) throws(SQLError) -> SQLValue {
        switch (target, self) {
        case (.name, _):
            let text = try characters(from: source, zone: zone)
            return .string(Array(text[..<UTF8Bytes.prefixLength(text.span, limit: CatalogType.maximumNameLength)]))
        case (.char, .integer(let value)):
            guard let byte = Int8(exactly: value) else {
                throw SQLError(.numericValueOutOfRange, "\"char\" out of range")
            }
            return .string(byte == 0 ? [] : [UInt8(bitPattern: byte)])
        case (.char, _): return .string(Array(try characters(from: source, zone: zone).prefix(1)))
        case (_, .integer(let value)) where target.storage == .int64:
            return .integer(try CatalogType.checked(oid: value))
        default: throw mismatch(source, .catalog(target))
        }
    }

    /// Between arrays and vectors, element by element.
    private func toArray(_ target: CatalogType, from source: CatalogType) throws(SQLError) -> SQLValue {
        guard case .string(let bytes) = self, let element = target.element else {
            throw mismatch(.catalog(source), .catalog(target))
        }
        var values: [SQLValue] = []
        for text in try ArrayText.elements(bytes, of: source) {
            values.append(try text.map { (text) throws(SQLError) in try element.parse(text) } ?? .null)
        }
        return .string(ArrayText.text(values, of: target))
    }

    private func toInterval(_ target: SQLType, from source: SQLType) throws(SQLError) -> SQLValue {
        guard case .interval = self else { throw mismatch(source, target) }
        return self
    }
}

extension Decimal {
    /// A FLOAT8 or FLOAT4 as a decimal: from its 15 or 6 significant digits, so that 1.005 becomes 1.005 and not the
    /// binary number just below it. nil if it does not fit, or is NaN or infinite.
    package static func unscaled(of value: Double, precision: Int, scale: Int) -> Int128? {
        var text: [UInt8] = []
        TextWriter.append(value, to: &text)
        return unscaled(ofPrinted: text, precision: precision, scale: scale)
    }

    package static func unscaled(of value: Float, precision: Int, scale: Int) -> Int128? {
        var text: [UInt8] = []
        TextWriter.append(value, to: &text)
        return unscaled(ofPrinted: text, precision: precision, scale: scale)
    }

    static func unscaled(ofPrinted text: [UInt8], precision: Int, scale: Int) -> Int128? {
        let result = NumberText.decimal(text.span, precision: precision, scale: scale, rounding: .halfAwayFromZero)
        return if case .value(let unscaled) = result { unscaled } else { nil }
    }
}

extension SQLValue {
    private func toDateTime(
        _ target: SQLType, from source: SQLType, zone: SessionTimeZone
    ) throws(SQLError) -> SQLValue {
        switch self {
        case .date(let days):
            if target == .date { return self }
            let days = try DateRange.checked(days: Int(days))
            return try SQLValue.fromLocal(Int64(days) * TimeOfDay.microsecondsPerDay, to: target, zone)
        case .timestamp(let local): return try SQLValue.fromLocal(local, to: target, zone)
        case .timestamptz(let utc):
            if target == .timestamptz { return self }
            if target == .timetz {
                return .timetz(microseconds: TimeOfDay.split(utc).microseconds, secondsWest: 0)
            }
            return try SQLValue.fromLocal(zone.local(fromUTC: utc), to: target, zone)
        case .time(let microseconds):
            if target == .time { return self }
            guard target == .timetz else { throw mismatch(source, target) }
            let secondsEast = zone.secondsEast(atLocal: microseconds)
            return .timetz(
                microseconds: TimeOfDay.utc(microseconds: microseconds, secondsEast: secondsEast), secondsWest: 0)
        case .timetz(let microseconds, _):
            if target == .timetz { return self }
            guard target == .time else { throw mismatch(source, target) }
            return .time(microseconds)
        default: throw mismatch(source, target)
        }
    }

    private static func fromLocal(
        _ local: Int64, to target: SQLType, _ zone: SessionTimeZone
    ) throws(SQLError) -> SQLValue {
        let (days, time) = TimeOfDay.split(local)
        switch target {
        case .date: return .date(try DateRange.checked(days: days))
        case .time: return .time(time)
        case .timestamptz: return .timestamptz(try DateRange.checked(microseconds: zone.utc(fromLocal: local)))
        default: return .timestamp(try DateRange.checked(microseconds: local))
        }
    }
}
