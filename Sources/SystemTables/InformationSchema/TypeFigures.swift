import SQLTypes

// The domains of information_schema.

extension SQLType {
    /// SQL_IDENTIFIER and CHARACTER_DATA.
    static let identifier = SQLType.varchar(length: 128)
    static let characterData = SQLType.varchar(length: 256)
}

/// The figures that INFORMATION_SCHEMA.COLUMNS and its kin tell of a type; nil: does not apply.
struct TypeFigures {
    var characterLength: Int?
    var octetLength: Int?
    var precision: Int?
    var radix: Int?
    var scale: Int?
    var datetimePrecision: Int?

    init(_ type: SQLType) {
        switch type {
        case .char(let length), .varchar(let length):
            characterLength = length
            octetLength = length
        case .smallint: (precision, radix, scale) = (16, 2, 0)
        case .integer: (precision, radix, scale) = (32, 2, 0)
        case .bigint: (precision, radix, scale) = (64, 2, 0)
        case .decimal(let own, let digits): (precision, radix, scale) = (own, 10, digits)
        case .real: (precision, radix) = (24, 2)
        case .double: (precision, radix) = (53, 2)
        case .time, .timetz, .timestamp, .timestamptz: datetimePrecision = 6
        default: break
        }
    }
}

extension SQLType {
    /// Without length or precision; arrays by one word, as information_schema has it.
    var plainName: String { isArray ? "ARRAY" : String(description.prefix { $0 != "(" }) }
}

extension SQLValue {
    static func int(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
    static func yesNo(_ flag: Bool) -> SQLValue { .text(flag ? "YES" : "NO") }
}
