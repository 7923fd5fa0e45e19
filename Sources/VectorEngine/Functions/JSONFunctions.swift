import SQLTypes

/// IS_VALID_JSON, IS_VALID_JSON_ARRAY, CAN_JSON_PARSE, JSON_ARRAY_LENGTH, JSON_EXTRACT_ARRAY_ELEMENT_TEXT,
/// JSON_EXTRACT_PATH_TEXT on strings.
///
/// Malformed text is an error, or NULL if the last argument, `null_if_invalid`, is true. A JSON null is NULL; objects
/// and arrays come out as they are written.
/// - Source: Redshift developer guide, "JSON functions".
enum JSONFunctions {
    static let all: [ScalarFunction] = [
        test("is_valid_json") { $0 == .object }, test("is_valid_json_array") { $0 == .array },
        test("can_json_parse") { $0 != nil }, arrayLength, element, path,
    ]

    private static func test(
        _ name: String, _ accepts: @escaping @Sendable (JSONScanner.Kind?) -> Bool
    ) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 1, let text = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [text], result: .boolean)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let source = call.strings(0)
            return try call.makeIntegers { row in
                var scanner = JSONScanner(source[row].bytes)
                return accepts(scanner.document()?.kind) ? 1 : 0
            }
        }
    }

    private static let arrayLength = ScalarFunction(
        FunctionSignature("json_array_length") { types in
            guard types.count == 1 || types.count == 2, let text = Accepts.string(types[0]) else { return nil }
            if types.count == 1 { return .init(arguments: [text], result: .integer) }
            return isFlag(types[1]) ? .init(arguments: [text, .boolean], result: .integer) : nil
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let isLenient = call.flags(1)
        return try call.makeIntegers { row throws(SQLError) in
            var scanner = JSONScanner(source[row].bytes)
            guard let array = try scanner.document(.array, source[row].bytes, isLenient: isLenient(row)) else {
                return nil
            }
            return Int64(scanner.elements(of: array).count)
        }
    }

    /// Positions count from 0; past either end is the empty string.
    private static let element = ScalarFunction(
        FunctionSignature("json_extract_array_element_text") { types in
            guard types.count == 2 || types.count == 3, let text = Accepts.string(types[0]),
                Accepts.integer(types[1]) != nil
            else { return nil }
            let result = Accepts.varchar(Accepts.length(text))
            if types.count == 2 { return .init(arguments: [text, .bigint], result: result) }
            return isFlag(types[2]) ? .init(arguments: [text, .bigint, .boolean], result: result) : nil
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let positions = call.integers(1)
        let isLenient = call.flags(2)
        return try call.makeStrings { row, text throws(SQLError) in
            var scanner = JSONScanner(source[row].bytes)
            guard let array = try scanner.document(.array, source[row].bytes, isLenient: isLenient(row)) else {
                return false
            }
            guard positions[row] >= 0, positions[row] < Int64(source[row].count) else { return true }
            let elements = scanner.elements(of: array, upTo: Int(positions[row]))
            guard Int(positions[row]) < elements.count else { return true }
            let found = elements[Int(positions[row])]
            guard found.kind != .null else { return false }
            text = scanner.string(found)
            return true
        }
    }

    /// One to five names of members, from the outermost object inwards; NULL if there is none of that name.
    private static let path = ScalarFunction(
        FunctionSignature("json_extract_path_text") { types in
            let hasFlag = types.count > 2 && types[types.count - 1] == .boolean
            let names = types.count - (hasFlag ? 2 : 1)
            guard (1...5).contains(names), let text = Accepts.string(types[0]),
                types[1...names].allSatisfy(\.isString)
            else { return nil }
            let arguments = [text] + types[1...names].map { Accepts.string($0) ?? $0 } + (hasFlag ? [.boolean] : [])
            return .init(arguments: arguments, result: Accepts.varchar(Accepts.length(text)))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let hasFlag = call.argumentTypes.last == .boolean
        let names = (1..<call.arguments.count - (hasFlag ? 1 : 0)).map { call.strings($0) }
        let isLenient = call.flags(hasFlag ? call.arguments.count - 1 : call.arguments.count)
        return try call.makeStrings { row, text throws(SQLError) in
            var scanner = JSONScanner(source[row].bytes)
            guard var value = try scanner.document(.object, source[row].bytes, isLenient: isLenient(row)) else {
                return false
            }
            for name in names {
                guard let member = scanner.member(name[row].bytes, of: value) else { return false }
                value = member
            }
            guard value.kind != .null else { return false }
            text = scanner.string(value)
            return true
        }
    }

    private static func isFlag(_ type: SQLType) -> Bool { type == .boolean || type == .unknown }
}

extension FunctionCall {
    /// A BOOLEAN argument that may be left out, which means false.
    fileprivate func flags(_ argument: Int) -> (Int) -> Bool {
        guard argument < arguments.count else { return { _ in false } }
        let values = integers(argument)
        return { values[$0] != 0 }
    }
}

extension JSONScanner {
    /// The text's value, which is to be of one kind; nil if it is not and `isLenient` allows it.
    fileprivate mutating func document(
        _ kind: Kind, _ text: UnsafeBufferPointer<UInt8>, isLenient: Bool
    ) throws(SQLError) -> Value? {
        if let value = document(), value.kind == kind { return value }
        if isLenient { return nil }
        throw SQLError(
            .invalidTextRepresentation,
            "invalid json \(kind == .array ? "array object" : "object") \(String(decoding: text, as: UTF8.self))")
    }
}
