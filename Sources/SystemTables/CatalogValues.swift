import SQLTypes

// How the catalog's values are written.

extension SQLValue {
    static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    static func int(_ value: Int32) -> SQLValue { .integer(Int64(value)) }
    static func int(_ value: Int64) -> SQLValue { .integer(value) }
    static func oid(_ value: ObjectID) -> SQLValue { .integer(Int64(value)) }
    static func text(_ value: String) -> SQLValue { SQLValue(value) }
    static func text(_ value: String?) -> SQLValue { value.map { SQLValue($0) } ?? .null }

    /// At most `bytes` bytes of UTF-8, cut between characters: what CHAR(bytes) holds.
    static func text(_ value: String, max bytes: Int) -> SQLValue {
        var cut = Array(value.utf8.prefix(bytes))
        guard cut.count < value.utf8.count else { return .string(cut) }
        while let last = cut.last, last & 0xC0 == 0x80 { cut.removeLast() }
        if let last = cut.last, last >= 0xC0 { cut.removeLast() }
        return .string(cut)
    }

    /// INT2VECTOR and OIDVECTOR: `1 2`.
    static func vector(_ numbers: [some BinaryInteger]) -> SQLValue {
        .text(numbers.map { String($0) }.joined(separator: " "))
    }

    /// An array of numbers: `{1,2}`.
    static func array(_ numbers: [some BinaryInteger]) -> SQLValue {
        .text("{" + numbers.map { String($0) }.joined(separator: ",") + "}")
    }

    /// `value` with `scale` digits after the point, rounded.
    static func decimal(_ value: Double, scale: Int) -> SQLValue {
        var factor = 1.0
        for _ in 0..<scale { factor *= 10 }
        let scaled = (value * factor).rounded()
        guard scaled.isFinite, abs(scaled) < 1e18 else { return .null }
        return .decimal(Decimal(unscaled: Int128(scaled), scale: scale))
    }
}

extension SQLType {
    /// TEXT of PostgreSQL.
    static let longText = SQLType.varchar(length: maximumVarcharLength)
    /// `"char"`.
    static let byte = SQLType.catalog(.char)
}
