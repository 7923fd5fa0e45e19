import SQLTypes

/// LEN, OCTET_LENGTH, ASCII, CHR.
/// - Source: Redshift developer guide, "LEN", "OCTET_LENGTH", "ASCII", "CHR".
enum Length {
    /// Characters, of a VARBYTE bytes; a CHAR's padding does not count, and is not stored.
    static let characters = ScalarFunction(
        FunctionSignature("length", "len", "char_length", "character_length", "textlen", resolve: resolveBytes)
    ) { call throws(SQLError) in
        let source = call.strings(0)
        if case .varbyte = call.argumentTypes[0] { return try call.makeIntegers { row in Int64(source[row].count) } }
        return try call.makeIntegers { row in Int64(Characters.count(source[row].bytes)) }
    }

    static let octets = ScalarFunction(FunctionSignature("octet_length", resolve: resolveBytes)) {
        call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeIntegers { row in Int64(source[row].count) }
    }

    /// The first character's code point; 0 for the empty string.
    static let ascii = ScalarFunction(FunctionSignature("ascii", resolve: resolve)) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeIntegers { row in
            var decoder = UTF8()
            var iterator = source[row].bytes.makeIterator()
            if case .scalarValue(let scalar) = decoder.decode(&iterator) { return Int64(scalar.value) }
            return 0
        }
    }

    /// NULL beyond ASCII.
    static let chr = ScalarFunction(
        FunctionSignature("chr") { types in
            guard types.count == 1, Accepts.integer(types[0]) != nil else { return nil }
            return .init(arguments: [.bigint], result: .varchar(length: 1))
        }
    ) { call throws(SQLError) in
        let codes = call.integers(0)
        return try call.makeStrings { row, text in
            guard (1...127).contains(codes[row]) else { return false }
            text.append(UInt8(codes[row]))
            return true
        }
    }

    @Sendable private static func resolve(_ types: [SQLType]) -> FunctionSignature.Resolution? {
        guard types.count == 1, let type = Accepts.string(types[0]) else { return nil }
        return .init(arguments: [type], result: .integer)
    }

    @Sendable private static func resolveBytes(_ types: [SQLType]) -> FunctionSignature.Resolution? {
        if types.count == 1, case .varbyte = types[0] { return .init(arguments: types, result: .integer) }
        return resolve(types)
    }
}
