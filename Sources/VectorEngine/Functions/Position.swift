import SQLTypes

/// STRPOS and POSITION (text, wanted), CHARINDEX (wanted, text): 1-based in characters, 0 if absent; OCTETINDEX
/// (wanted, text) in bytes. SPLIT_PART.
/// - Source: Redshift developer guide, "STRPOS", "CHARINDEX", "OCTETINDEX", "SPLIT_PART".
enum Position {
    static let strpos = ScalarFunction(FunctionSignature("strpos", "position", resolve: resolve)) {
        call throws(SQLError) in
        try find(call, text: 0, wanted: 1)
    }

    static let charindex = ScalarFunction(FunctionSignature("charindex", resolve: resolve)) { call throws(SQLError) in
        try find(call, text: 1, wanted: 0)
    }

    static let octetindex = ScalarFunction(FunctionSignature("octetindex", resolve: resolve)) { call throws(SQLError) in
        let needles = call.strings(0)
        let texts = call.strings(1)
        return try call.makeIntegers { row in
            Characters.find(needles[row].bytes, in: texts[row].bytes).map { Int64($0) + 1 } ?? 0
        }
    }

    private static func find(_ call: FunctionCall, text: Int, wanted: Int) throws(SQLError) -> Vector {
        let texts = call.strings(text)
        let needles = call.strings(wanted)
        return try call.makeIntegers { row in
            let bytes = texts[row].bytes
            guard let offset = Characters.find(needles[row].bytes, in: bytes) else { return 0 }
            return Int64(Characters.count(UnsafeBufferPointer(rebasing: bytes[0..<offset]))) + 1
        }
    }

    @Sendable private static func resolve(_ types: [SQLType]) -> FunctionSignature.Resolution? {
        guard types.count == 2, let first = Accepts.string(types[0]), let second = Accepts.string(types[1]) else {
            return nil
        }
        return .init(arguments: [first, second], result: .integer)
    }

    /// Field n, from 1; the empty string if there are not so many. Without the delimiter the text is field 1.
    static let splitPart = ScalarFunction(
        FunctionSignature("split_part") { types in
            guard types.count == 3, let text = Accepts.string(types[0]), let delimiter = Accepts.string(types[1]),
                Accepts.integer(types[2]) != nil
            else { return nil }
            return .init(
                arguments: [text, delimiter, .bigint], result: Accepts.varchar(Accepts.length(text)))
        }
    ) { call throws(SQLError) in
        let delimiters = call.strings(1)
        let fields = call.integers(2)
        return try call.cutStrings(0) { row, bytes throws(SQLError) in
            guard fields[row] > 0 else {
                throw SQLError(.invalidParameterValue, "field position must be greater than zero")
            }
            let delimiter = delimiters[row].bytes
            guard !delimiter.isEmpty else { return fields[row] == 1 ? 0..<bytes.count : 0..<0 }
            var start = 0
            var field: Int64 = 1
            while let end = Characters.find(delimiter, in: bytes, from: start) {
                if field == fields[row] { return start..<end }
                start = end + delimiter.count
                field += 1
            }
            return field == fields[row] ? start..<bytes.count : 0..<0
        }
    }
}
