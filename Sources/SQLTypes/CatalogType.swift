/// The types that only the system catalog uses. They live on the leader: a user table with a column of one is refused,
/// as Redshift does.
///
/// What tells a number of the catalog (`oid` and the aliases that print as names) is stored as a 64-bit integer from 0
/// to 2³² − 1. All else is stored as its text: an array as `{1,2}`, a vector as `1 2`. Arrays of the catalog are short
/// and seldom read, so that nothing is gained by a form of their own.
/// - Source: PostgreSQL 8.0, "Object identifier types", "Arrays"; Redshift developer guide, "Unsupported PostgreSQL
///   data types": object identifier types and arrays are leader-node only.
public enum CatalogType: Hashable, Sendable {
    case oid, xid
    /// The oid of a relation, type or function, shown by its name.
    case regclass, regtype, regproc
    /// An identifier of up to 127 bytes.
    case name
    /// `"char"`: one byte, not blank-padded.
    case char
    case aclitem
    /// Subscripts begin with 0.
    case int2vector, oidvector
    /// Of one dimension; subscripts begin with 1.
    case array(ArrayElement)

    /// Without the byte that PostgreSQL keeps for the terminator.
    public static let maximumNameLength = 127
}

/// What an array can hold: a type without length or precision.
public enum ArrayElement: UInt8, Hashable, Sendable, CaseIterable {
    case boolean, smallint, integer, bigint, decimal, real, double, text, varchar, date, timestamp, timestamptz
    case oid, regclass, regtype, regproc, name, char, aclitem

    public var type: SQLType {
        switch self {
        case .boolean: .boolean
        case .smallint: .smallint
        case .integer: .integer
        case .bigint: .bigint
        case .decimal: .decimal(precision: SQLType.maximumDecimalPrecision, scale: 10)
        case .real: .real
        case .double: .double
        case .text, .varchar: .varchar(length: SQLType.maximumVarcharLength)
        case .date: .date
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .oid: .oid
        case .regclass: .catalog(.regclass)
        case .regtype: .catalog(.regtype)
        case .regproc: .catalog(.regproc)
        case .name: .name
        case .char: .catalog(.char)
        case .aclitem: .catalog(.aclitem)
        }
    }

    /// nil if there are no arrays of the type.
    public init?(_ type: SQLType) {
        switch type {
        case .boolean: self = .boolean
        case .smallint: self = .smallint
        case .integer: self = .integer
        case .bigint: self = .bigint
        case .decimal: self = .decimal
        case .real: self = .real
        case .double: self = .double
        case .char, .varchar, .unknown: self = .text
        case .date: self = .date
        case .timestamp: self = .timestamp
        case .timestamptz: self = .timestamptz
        case .time, .timetz, .intervalYearToMonth, .intervalDayToSecond, .varbyte: return nil
        case .catalog(let type):
            switch type {
            case .oid: self = .oid
            case .regclass: self = .regclass
            case .regtype: self = .regtype
            case .regproc: self = .regproc
            case .name: self = .name
            case .char: self = .char
            case .aclitem: self = .aclitem
            case .xid, .int2vector, .oidvector, .array: return nil
            }
        }
    }
}

extension CatalogType {
    public var storage: StorageKind {
        switch self {
        case .oid, .xid, .regclass, .regtype, .regproc: .int64
        case .name, .char, .aclitem, .int2vector, .oidvector, .array: .bytes
        }
    }

    /// An oid that is shown as a name: which name, only the catalog knows.
    public var isAlias: Bool {
        switch self {
        case .regclass, .regtype, .regproc: true
        default: false
        }
    }

    /// The type of an array's or a vector's elements.
    public var element: SQLType? {
        switch self {
        case .array(let element): element.type
        case .int2vector: .smallint
        case .oidvector: .oid
        default: nil
        }
    }

    /// The number of an array's or a vector's first element.
    public var lowerBound: Int { if case .array = self { 1 } else { 0 } }
}

extension SQLType {
    public static let oid = SQLType.catalog(.oid)
    public static let name = SQLType.catalog(.name)
    public static func array(_ element: ArrayElement) -> SQLType { .catalog(.array(element)) }

    /// See `CatalogType`.
    public var isLeaderOnly: Bool { if case .catalog = self { true } else { false } }

    /// An oid that is shown as a name.
    public var isAlias: Bool { if case .catalog(let type) = self { type.isAlias } else { false } }

    /// The type of the elements of an array type; nil for all others.
    public var element: SQLType? { if case .catalog(let type) = self { type.element } else { nil } }
}

extension CatalogType: CustomStringConvertible {
    /// As `format_type` prints it.
    public var description: String {
        switch self {
        case .oid: "oid"
        case .xid: "xid"
        case .regclass: "regclass"
        case .regtype: "regtype"
        case .regproc: "regproc"
        case .name: "name"
        case .char: "\"char\""
        case .aclitem: "aclitem"
        case .int2vector: "int2vector"
        case .oidvector: "oidvector"
        case .array(let element): "\(element.typeDescription)[]"
        }
    }
}

extension ArrayElement {
    /// Without length or precision, and TEXT apart from VARCHAR.
    var typeDescription: String {
        switch self {
        case .decimal: "numeric"
        case .text: "text"
        case .varchar: "character varying"
        default: type.description
        }
    }
}

/// One byte each in what is stored; the numbers are never reused.
extension CatalogType {
    package var code: UInt8 {
        switch self {
        case .oid: 0
        case .xid: 1
        case .regclass: 2
        case .regtype: 3
        case .regproc: 4
        case .name: 5
        case .char: 6
        case .aclitem: 7
        case .int2vector: 8
        case .oidvector: 9
        case .array(let element): 128 + element.rawValue
        }
    }

    package init?(code: UInt8) {
        switch code {
        case 0: self = .oid
        case 1: self = .xid
        case 2: self = .regclass
        case 3: self = .regtype
        case 4: self = .regproc
        case 5: self = .name
        case 6: self = .char
        case 7: self = .aclitem
        case 8: self = .int2vector
        case 9: self = .oidvector
        default:
            guard code >= 128, let element = ArrayElement(rawValue: code - 128) else { return nil }
            self = .array(element)
        }
    }
}
