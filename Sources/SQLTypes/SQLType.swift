/// A column's or an expression's type, as Redshift declares it.
/// - Source: Redshift developer guide, "Data types".
public enum SQLType: Hashable, Sendable {
    case boolean
    case smallint, integer, bigint
    /// precision 1...38, scale 0...37 and ≤ precision. A precision of at most 19 is stored in 64 bits.
    case decimal(precision: Int, scale: Int)
    case real, double
    /// `length` in bytes; stored without trailing blanks, padded when shown.
    case char(length: Int)
    /// `length` in bytes of UTF-8, 1...65535.
    case varchar(length: Int)
    /// Days since 2000-01-01.
    case date
    /// Microseconds since midnight.
    case time
    /// Microseconds since midnight, and seconds west of UTC.
    case timetz
    /// Microseconds since 2000-01-01 00:00:00.
    case timestamp
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    case timestamptz
    /// Months.
    case intervalYearToMonth
    /// Microseconds.
    case intervalDayToSecond
    case varbyte(length: Int)
    /// Known on the leader only.
    case catalog(CatalogType)
    /// NULL, or a string literal whose type its context decides.
    case unknown

    public static let maximumVarcharLength = 65_535
    /// Bytes of the longest VARBYTE.
    public static let maximumVarbyteLength = 1_024_000
    public static let maximumCharLength = 4_096
    public static let maximumDecimalPrecision = 38
    /// Redshift's TEXT, and VARCHAR without a length.
    public static let text = SQLType.varchar(length: 256)
}

/// How a value of a type lies in memory: what kernels are specialised for.
public enum StorageKind: UInt8, Hashable, Sendable, CaseIterable {
    /// BOOLEAN: 0 or 1.
    case int8
    case int16, int32, int64, int128
    case float32, float64
    /// UTF-8, or raw bytes for VARBYTE.
    case bytes

    /// Bytes per value; nil for `bytes`.
    public var width: Int? {
        switch self {
        case .int8: 1
        case .int16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        case .int128: 16
        case .bytes: nil
        }
    }

    public var isInteger: Bool {
        switch self {
        case .int8, .int16, .int32, .int64, .int128: true
        case .float32, .float64, .bytes: false
        }
    }
}

extension SQLType {
    public var storage: StorageKind {
        switch self {
        case .boolean: .int8
        case .smallint: .int16
        case .integer, .date, .intervalYearToMonth: .int32
        case .bigint, .time, .timestamp, .timestamptz, .intervalDayToSecond: .int64
        case .decimal(let precision, _): precision <= 19 ? .int64 : .int128
        case .timetz: .int128
        case .real: .float32
        case .double: .float64
        case .char, .varchar, .varbyte, .unknown: .bytes
        case .catalog(let type): type.storage
        }
    }

    public var isInteger: Bool { self == .smallint || self == .integer || self == .bigint }
    public var isFloat: Bool { self == .real || self == .double }
    public var isDecimal: Bool { if case .decimal = self { true } else { false } }
    public var isNumeric: Bool { isInteger || isFloat || isDecimal }
    /// CHAR, VARCHAR or the catalog's NAME and "char"; an untyped literal counts, because VARCHAR is what it becomes
    /// when nothing else claims it.
    public var isString: Bool {
        switch self {
        case .char, .varchar, .unknown, .catalog(.name), .catalog(.char): true
        default: false
        }
    }
    public var isDateOrTime: Bool {
        switch self {
        case .date, .time, .timetz, .timestamp, .timestamptz: true
        default: false
        }
    }
    /// Digits after the point: a decimal's scale, 0 for integers.
    public var scale: Int { if case .decimal(_, let scale) = self { scale } else { 0 } }

    /// An integer type as the decimal it becomes in mixed arithmetic: INT2 (5,0), INT4 (10,0), INT8 (19,0).
    /// - Source: Redshift developer guide, "Computations with numeric values".
    public var asDecimal: (precision: Int, scale: Int)? {
        switch self {
        case .smallint: (5, 0)
        case .integer: (10, 0)
        case .bigint: (19, 0)
        case .decimal(let precision, let scale): (precision, scale)
        default: nil
        }
    }
}

extension SQLType: CustomStringConvertible {
    /// As `format_type` and PG_TABLE_DEF print it: `character varying(25)`, `numeric(12,2)`.
    public var description: String {
        switch self {
        case .boolean: "boolean"
        case .smallint: "smallint"
        case .integer: "integer"
        case .bigint: "bigint"
        case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
        case .real: "real"
        case .double: "double precision"
        case .char(let length): "character(\(length))"
        case .varchar(let length): "character varying(\(length))"
        case .date: "date"
        case .time: "time without time zone"
        case .timetz: "time with time zone"
        case .timestamp: "timestamp without time zone"
        case .timestamptz: "timestamp with time zone"
        case .intervalYearToMonth: "interval year to month"
        case .intervalDayToSecond: "interval day to second"
        case .varbyte(let length): "binary varying(\(length))"
        case .catalog(let type): type.description
        case .unknown: "unknown"
        }
    }
}
