/// A Swift type that a value of a result can be read as.
public protocol SQLDecodable: Sendable {
    /// nil if the value is of another type, is NULL, or does not fit.
    init?(sqlValue: SQLValue)
}

/// A Swift type that can be a statement's parameter.
public protocol SQLEncodable: Sendable {
    /// What is sent.
    var sqlValue: SQLValue { get }
    /// The type that the statement sees the parameter in.
    var sqlType: SQLType { get }
}

extension SQLDecodable where Self: FixedWidthInteger {
    /// Integers, and decimals without digits after the point.
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .integer(let value): self.init(exactly: value)
        case .decimal(let decimal) where decimal.scale == 0: self.init(exactly: decimal.unscaled)
        default: return nil
        }
    }
}

extension SQLEncodable where Self: FixedWidthInteger & SignedInteger {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int: SQLDecodable, SQLEncodable {
    public var sqlType: SQLType { .bigint }
}
extension Int64: SQLDecodable, SQLEncodable {
    public var sqlType: SQLType { .bigint }
}
extension Int32: SQLDecodable, SQLEncodable {
    public var sqlType: SQLType { .integer }
}
extension Int16: SQLDecodable, SQLEncodable {
    public var sqlType: SQLType { .smallint }
}

extension Bool: SQLDecodable, SQLEncodable {
    public init?(sqlValue: SQLValue) {
        guard case .boolean(let value) = sqlValue else { return nil }
        self = value
    }
    public var sqlValue: SQLValue { .boolean(self) }
    public var sqlType: SQLType { .boolean }
}

extension Double: SQLDecodable, SQLEncodable {
    /// All numbers; decimals are rounded to the nearest double.
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .double(let value): self = value
        case .real(let value): self = Double(value)
        case .integer(let value): self = Double(value)
        case .decimal(let decimal):
            var divisor = 1.0
            for _ in 0..<decimal.scale { divisor *= 10 }
            self = Double(decimal.unscaled) / divisor
        default: return nil
        }
    }
    public var sqlValue: SQLValue { .double(self) }
    public var sqlType: SQLType { .double }
}

extension Float: SQLDecodable, SQLEncodable {
    public init?(sqlValue: SQLValue) {
        guard case .real(let value) = sqlValue else { return nil }
        self = value
    }
    public var sqlValue: SQLValue { .real(self) }
    public var sqlType: SQLType { .real }
}

extension Decimal: SQLDecodable, SQLEncodable {
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .decimal(let decimal): self = decimal
        case .integer(let value): self.init(unscaled: Int128(value), scale: 0)
        default: return nil
        }
    }
    public var sqlValue: SQLValue { .decimal(self) }
    public var sqlType: SQLType { .decimal(precision: SQLType.maximumDecimalPrecision, scale: scale) }
}

extension String: SQLDecodable, SQLEncodable {
    /// CHAR and VARCHAR; bytes that are not UTF-8 cannot be in one.
    public init?(sqlValue: SQLValue) {
        guard case .string(let bytes) = sqlValue else { return nil }
        self.init(decoding: bytes, as: UTF8.self)
    }
    public var sqlValue: SQLValue { SQLValue(self) }
    public var sqlType: SQLType { .varchar(length: min(max(utf8.count, 1), SQLType.maximumVarcharLength)) }
}

extension SQLValue: SQLDecodable {
    public init?(sqlValue: SQLValue) { self = sqlValue }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    /// NULL is nil.
    public init?(sqlValue: SQLValue) {
        if sqlValue.isNull {
            self = nil
            return
        }
        guard let value = Wrapped(sqlValue: sqlValue) else { return nil }
        self = value
    }
}
