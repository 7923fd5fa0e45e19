import SQLTypes

/// Functions about types and encodings of text.
enum TypeFunctions {
    static let all: [SystemFunction] = [
        // A NULL modifier is none.
        SystemFunction("format_type", [.oid, .integer], .longText, isStrict: false) { _, arguments in
            guard !arguments[0].isNull, let oid = UInt32(exactly: arguments.integer(0)) else { return .null }
            let modifier = arguments[1].isNull ? nil : Int32(exactly: arguments.integer(1))
            return SQLValue(SQLType.formatted(oid: oid, typeModifier: modifier))
        },
        SystemFunction("pg_type_is_visible", [.oid], .boolean) { _, arguments in
            .boolean(UInt32(exactly: arguments.integer(0)).map(isType) ?? false)
        },
        SystemFunction("pg_encoding_to_char", [.integer], .name) { _, arguments in
            SQLValue(encodings[arguments.integer(0)] ?? "")
        },
        // A session's text is UTF-8, and so is a database's.
        SystemFunction("pg_client_encoding", [], .name) { _, _ in SQLValue("UTF8") },
        SystemFunction("getdatabaseencoding", [], .name) { _, _ in SQLValue("UNICODE") },
        // PROBIN, which is text here, goes through both in Redshift's JDBC driver.
        SystemFunction("byteaout", [.longText], .longText) { _, arguments in arguments[0] },
        SystemFunction("textin", [.longText], .longText) { _, arguments in arguments[0] },
        // - Source: PostgreSQL 8.0, "Array functions and operators"; an empty text is an empty array.
        SystemFunction("string_to_array", [.longText, .longText], .array(.text)) { _, arguments in
            let (text, separator) = (arguments.bytes(0), arguments.bytes(1))
            var parts: [[UInt8]?] = []
            if !text.isEmpty {
                parts =
                    separator.isEmpty
                    ? [text] : text.split(separator: separator, omittingEmptySubsequences: false).map { Array($0) }
            }
            return .string(ArrayText.text(elements: parts, of: .array(.text)))
        },
        SystemFunction("pg_char_to_encoding", [.name], .integer) { _, arguments in
            let name = arguments.text(0).uppercased()
            return .integer(encodings.first { $0.value == (name == "UTF8" ? "UNICODE" : name) }?.key ?? -1)
        },
        SystemFunction("regtypeout", [.catalog(.regtype)], .longText) { _, arguments in
            guard let oid = UInt32(exactly: arguments.integer(0)) else { return .null }
            return SQLValue(isType(oid) ? SQLType.formatted(oid: oid, typeModifier: nil) : "\(oid)")
        },
        SystemFunction("regtypein", [.longText], .catalog(.regtype)) { _, arguments throws(SQLError) in
            let name = arguments.text(0)
            guard let oid = oid(ofType: name) else {
                throw SQLError(.undefinedObject, "type \"\(name)\" does not exist")
            }
            return .integer(Int64(oid))
        },
    ]

    /// The numbers of PostgreSQL 8.0; a database is in UTF-8.
    private static let encodings: [Int64: String] = [0: "SQL_ASCII", 6: "UNICODE", 8: "LATIN1"]

    private static func isType(_ oid: UInt32) -> Bool { SQLType(oid: oid) != nil }

    /// A type by the name that PG_TYPE has for it, or by the one that `format_type` prints.
    private static func oid(ofType written: String) -> UInt32? {
        var name = written.lowercased()
        if name.hasPrefix("pg_catalog.") { name.removeFirst("pg_catalog.".count) }
        if let pseudoType = TypeListing.oid(ofPseudoType: name) { return pseudoType }
        if name == "text" { return SQLType.postgreSQLText.oid }
        if let type = SQLType(postgreSQLName: name.filter { $0 != "\"" }) { return type.oid }
        return SQLType.all.first { SQLType.formatted(oid: $0.oid, typeModifier: nil) == name }?.oid
            ?? ["int": SQLType.integer, "float": .double, "decimal": SQLType(oid: 1700) ?? .unknown][name]?.oid
    }
}
