/// A type as PG_TYPE and the wire protocol know it.
public struct PostgreSQLType: Hashable, Sendable {
    public let oid: UInt32
    /// `typname`: `int4`, `bpchar`, `_text`.
    public let name: String
    /// `typlen`: bytes in PostgreSQL's memory, −1 if that varies.
    public let length: Int16
    /// The oid of the arrays of this type; 0 if there are none.
    public let arrayOID: UInt32

    fileprivate init(_ oid: UInt32, _ name: String, _ length: Int16, array: UInt32 = 0) {
        self.oid = oid
        self.name = name
        self.length = length
        arrayOID = array
    }
}

/// One table of oids, for PG_TYPE, `format_type` and the wire protocol.
/// - Source: PostgreSQL's `pg_type.h`; redshift_connector's list of Redshift's own types (VARBYTE, the two INTERVALs).
extension SQLType {
    public var postgreSQL: PostgreSQLType {
        switch self {
        case .boolean: PostgreSQLType(16, "bool", 1, array: 1000)
        case .smallint: PostgreSQLType(21, "int2", 2, array: 1005)
        case .integer: PostgreSQLType(23, "int4", 4, array: 1007)
        case .bigint: PostgreSQLType(20, "int8", 8, array: 1016)
        case .decimal: PostgreSQLType(1700, "numeric", -1, array: 1231)
        case .real: PostgreSQLType(700, "float4", 4, array: 1021)
        case .double: PostgreSQLType(701, "float8", 8, array: 1022)
        case .char: PostgreSQLType(1042, "bpchar", -1, array: 1014)
        case .varchar: PostgreSQLType(1043, "varchar", -1, array: 1015)
        case .date: PostgreSQLType(1082, "date", 4, array: 1182)
        case .time: PostgreSQLType(1083, "time", 8, array: 1183)
        case .timetz: PostgreSQLType(1266, "timetz", 12, array: 1270)
        case .timestamp: PostgreSQLType(1114, "timestamp", 8, array: 1115)
        case .timestamptz: PostgreSQLType(1184, "timestamptz", 8, array: 1185)
        case .intervalYearToMonth: PostgreSQLType(1188, "intervaly2m", 4, array: 1189)
        case .intervalDayToSecond: PostgreSQLType(1190, "intervald2s", 8, array: 1191)
        case .varbyte: PostgreSQLType(6551, "varbyte", -1, array: 6552)
        case .unknown: PostgreSQLType(705, "unknown", -1)
        case .catalog(let type): type.postgreSQL
        }
    }

    /// PG_TYPE's TEXT, which Redshift's own tables store as VARCHAR.
    public static let postgreSQLText = PostgreSQLType(25, "text", -1, array: 1009)

    public var oid: UInt32 { postgreSQL.oid }

    /// `atttypmod`: length or precision and scale as PostgreSQL packs them; −1 for a type that has neither.
    public var typeModifier: Int32 {
        switch self {
        case .char(let length), .varchar(let length), .varbyte(let length): Int32(clamping: length) + 4
        case .decimal(let precision, let scale): Int32(precision << 16 | scale) + 4
        default: -1
        }
    }

    /// The type of an oid with its modifier; nil for oids that are no type's.
    ///
    /// Without a modifier the string types are as long as they can be, and NUMERIC is DECIMAL(38,10): for a parameter
    /// with a value, its own digits say more.
    public init?(oid: UInt32, typeModifier: Int32 = -1) {
        if oid == Self.postgreSQLText.oid {
            self = .varchar(length: Self.maximumVarcharLength)
            return
        }
        guard let type = Self.byOID[oid] else { return nil }
        guard typeModifier >= 4 else {
            self = type
            return
        }
        let packed = Int(typeModifier) - 4
        switch type {
        case .char: self = .char(length: max(1, packed))
        case .varchar: self = .varchar(length: max(1, packed))
        case .varbyte: self = .varbyte(length: max(1, packed))
        case .decimal:
            let (precision, scale) = (packed >> 16, packed & 0xFFFF)
            guard (1...Self.maximumDecimalPrecision).contains(precision), scale <= precision else { return nil }
            self = .decimal(precision: precision, scale: scale)
        default: self = type
        }
    }

    /// All types that a column or an expression can have, in the order of their oids, each with the lengths that
    /// `init(oid:)` takes.
    public static let all: [SQLType] = {
        let plain: [SQLType] = [
            .boolean, .smallint, .integer, .bigint, .decimal(precision: maximumDecimalPrecision, scale: 10), .real,
            .double, .char(length: maximumCharLength), .varchar(length: maximumVarcharLength), .date, .time, .timetz,
            .timestamp, .timestamptz, .intervalYearToMonth, .intervalDayToSecond,
            .varbyte(length: maximumVarbyteLength), .unknown,
        ]
        let catalog: [CatalogType] = [
            .oid, .xid, .regclass, .regtype, .regproc, .name, .char, .aclitem, .int2vector, .oidvector,
        ]
        let arrays = ArrayElement.allCases.map { SQLType.array($0) }
        return (plain + catalog.map { .catalog($0) } + arrays).sorted { $0.oid < $1.oid }
    }()

    /// The type that PG_TYPE calls so, without a length; `text` and UNKNOWN are none of these.
    package init?(postgreSQLName name: String) {
        guard let type = Self.byName[name] else { return nil }
        self = type
    }

    private static let byName = Dictionary(
        uniqueKeysWithValues: all.filter { $0 != .unknown }.map { ($0.postgreSQL.name, $0) })

    private static let byOID = Dictionary(uniqueKeysWithValues: all.map { ($0.oid, $0) })

    /// As `format_type(oid, modifier)` prints a type: without a modifier, no length; `???` for what is no type.
    public static func formatted(oid: UInt32, typeModifier: Int32?) -> String {
        if oid == 0 { return "-" }
        if oid == postgreSQLText.oid { return "text" }
        guard let type = SQLType(oid: oid, typeModifier: typeModifier ?? -1) else { return "???" }
        if let typeModifier, typeModifier >= 4 { return type.description }
        if case .char = type { return typeModifier == nil ? "character" : "bpchar" }
        let text = type.description
        return text.firstIndex(of: "(").map { String(text[..<$0]) } ?? text
    }
}

extension CatalogType {
    public var postgreSQL: PostgreSQLType {
        switch self {
        case .oid: PostgreSQLType(26, "oid", 4, array: 1028)
        case .xid: PostgreSQLType(28, "xid", 4, array: 1011)
        case .regclass: PostgreSQLType(2205, "regclass", 4, array: 2210)
        case .regtype: PostgreSQLType(2206, "regtype", 4, array: 2211)
        case .regproc: PostgreSQLType(24, "regproc", 4, array: 1008)
        case .name: PostgreSQLType(19, "name", 128, array: 1003)
        case .char: PostgreSQLType(18, "char", 1, array: 1002)
        case .aclitem: PostgreSQLType(1033, "aclitem", 12, array: 1034)
        case .int2vector: PostgreSQLType(22, "int2vector", 64, array: 1006)
        case .oidvector: PostgreSQLType(30, "oidvector", 128, array: 1013)
        case .array(let element):
            PostgreSQLType(element.postgreSQL.arrayOID, "_\(element.postgreSQL.name)", -1)
        }
    }
}

extension ArrayElement {
    var postgreSQL: PostgreSQLType { self == .text ? SQLType.postgreSQLText : type.postgreSQL }
}
