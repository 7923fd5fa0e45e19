extension CatalogType {
    /// - Throws: 22P02 for text that is none of the type. The name of a relation, type or function is looked up by the
    ///   leader, which knows the catalog; here only its number is one.
    func parse(_ text: Span<UInt8>) throws(SQLError) -> SQLValue {
        switch self {
        case .oid, .xid, .regclass, .regtype, .regproc:
            if isAlias, text.count == 1, text[0] == UInt8(ascii: "-") { return .integer(0) }
            guard case .value(let value) = NumberText.integer(text) else {
                throw .invalidSyntax(.catalog(self), text)
            }
            return .integer(try Self.checked(oid: value))
        case .name: return .string(Array(text.bytes[..<UTF8Bytes.prefixLength(text, limit: Self.maximumNameLength)]))
        case .char: return .string(Array(text.bytes.prefix(1)))
        case .aclitem: return .string(text.bytes)
        case .int2vector, .oidvector, .array:
            let values = try ArrayText.values(text.bytes, of: self)
            return .string(ArrayText.text(values, of: self))
        }
    }

    /// A negative number of 32 bits is the oid of the same bits.
    static func checked(oid value: Int64) throws(SQLError) -> Int64 {
        if let negative = Int32(exactly: value), negative < 0 { return Int64(UInt32(bitPattern: negative)) }
        guard UInt32(exactly: value) != nil else { throw SQLError(.numericValueOutOfRange, "OID out of range") }
        return value
    }
}
