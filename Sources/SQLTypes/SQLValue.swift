/// One value outside a vector: a literal, a parameter, a cell of a result, a bound of a zone map.
///
/// Hashable compares representations (a DECIMAL 1.0 and 1.00 differ, strings byte by byte with their blanks); SQL's own
/// equality and order are in `SQLValue+Comparison.swift`.
public enum SQLValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// SMALLINT, INTEGER, BIGINT.
    case integer(Int64)
    case decimal(Decimal)
    case real(Float)
    case double(Double)
    /// UTF-8 of CHAR and VARCHAR, as stored.
    case string([UInt8])
    /// Days since 2000-01-01.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    /// Microseconds since midnight, seconds west of UTC.
    case timetz(microseconds: Int64, secondsWest: Int32)
    /// Microseconds since 2000-01-01 00:00:00.
    case timestamp(Int64)
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    case timestamptz(Int64)
    /// Months, days and microseconds are kept apart: a literal such as `interval '1 month 2 days'`.
    case interval(months: Int32, days: Int32, microseconds: Int64)
    case varbyte([UInt8])

    public init(_ text: String) { self = .string(Array(text.utf8)) }
    public var isNull: Bool { self == .null }
}

/// An exact number: `unscaled` / 10^`scale`. Value arithmetic for literals, casts and results; vectors carry the unscaled
/// integers alone, their scale being in the type.
public struct Decimal: Hashable, Sendable {
    public var unscaled: Int128
    public var scale: Int

    public init(unscaled: Int128, scale: Int) {
        self.unscaled = unscaled
        self.scale = scale
    }
}
