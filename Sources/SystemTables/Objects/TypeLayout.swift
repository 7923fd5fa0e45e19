import SQLTypes

/// How PostgreSQL would keep a value of a type: what pg_type and pg_attribute say of it, and no reader here needs.
struct TypeLayout: Hashable {
    /// Not by reference.
    var isByValue: Bool
    /// `c`, `s`, `i`, `d`: a multiple of 1, 2, 4 or 8 bytes.
    var alignment: String
    /// `p` plain, `x` may be compressed or moved out, `m` compressed only.
    var storage: String
}

extension SQLType {
    var isArray: Bool { if case .catalog(.array) = self { true } else { false } }

    var layout: TypeLayout {
        let isPlain = postgreSQL.length > 0 || self == .unknown
        let alignment =
            switch self {
            case .boolean, .unknown, .catalog(.char), .catalog(.name): "c"
            case .smallint: "s"
            case .bigint, .double, .time, .timetz, .timestamp, .timestamptz, .intervalDayToSecond: "d"
            case .catalog(.array(let element)): element.type.layout.alignment == "d" ? "d" : "i"
            default: "i"
            }
        let storage =
            switch self {
            case .decimal: "m"
            default: isPlain ? "p" : "x"
            }
        return TypeLayout(
            isByValue: isPlain && (1...4).contains(postgreSQL.length), alignment: alignment, storage: storage)
    }
}
