import SQLTypes

/// Arrays and the catalog's vectors, whose values are texts (`ArrayText`): they are short and only the leader has them,
/// so each row is taken apart by itself.
///
/// ARRAY[…], subscripts and ANY have names that no SQL text can call: those are in lower case.
/// - Source: PostgreSQL 8.0, "Arrays", "Array functions and operators".
enum Arrays {
    static let all: [ScalarFunction] =
        [constructor, part, ofParts, row, element, text, upper, lower, length, dimensions, append, concatenate]
        + ["=", "<>", "<", "<=", ">", ">="].flatMap { sign in
            [quantified(sign, isAny: true), quantified(sign, isAny: false)]
        }

    private static func array(_ type: SQLType) -> CatalogType? {
        guard case .catalog(let array) = type, array.element != nil else { return nil }
        return array
    }

    /// `ARRAY[a, b]`: all arguments are of one type.
    private static let constructor = ScalarFunction(
        FunctionSignature("ARRAY", isStrict: false, isLeaderOnly: true) { types in
            guard let first = types.first, let element = ArrayElement(first), types.allSatisfy({ $0 == first }) else {
                return nil
            }
            return .init(arguments: types, result: .array(element))
        }
    ) { call throws(SQLError) in
        guard let array = array(call.resultType) else { throw .internalError("ARRAY of \(call.resultType)") }
        return try call.makeStrings { row, text in
            let values = call.arguments.indices.map { call.arguments[$0].value(at: row, as: call.argumentTypes[$0]) }
            text += ArrayText.text(values, of: array)
            return true
        }
    }

    /// `(a,"b c")`: a row as one value; NULL is nothing.
    /// - Source: PostgreSQL 8.0, "Composite type output syntax".
    private static let row = ScalarFunction(
        FunctionSignature("ROW", isStrict: false, isLeaderOnly: true) { types in
            types.isEmpty ? nil : .init(arguments: types, result: Accepts.longText)
        }
    ) { call throws(SQLError) in
        try call.makeStrings { row, text in
            let elements = call.arguments.indices.map { index -> [UInt8] in
                let type = call.argumentTypes[index]
                let value = call.arguments[index].value(at: row, as: type)
                return value.isNull ? [] : quoted(value.text(as: type))
            }
            text += [UInt8(ascii: "(")] + elements.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: ")")]
            return true
        }
    }

    /// A field of a row's text: in quotes if it is empty, or has blanks or what has a meaning there.
    private static func quoted(_ field: [UInt8]) -> [UInt8] {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        let special = Array("\"\\(), \t\n\r\u{B}\u{C}".utf8)
        guard field.isEmpty || field.contains(where: special.contains) else { return field }
        let inside = field.flatMap { $0 == quote || $0 == backslash ? [$0, $0] : [$0] }
        return [quote] + inside + [quote]
    }

    /// An element as it stands in an array's text; never null.
    private static let part = ScalarFunction(
        FunctionSignature("ARRAY_PART", isStrict: false, isLeaderOnly: true) { types in
            types.count == 1 && ArrayElement(types[0]) != nil ? .init(arguments: types, result: Accepts.longText) : nil
        }
    ) { call throws(SQLError) in
        guard let element = ArrayElement(call.argumentTypes[0]) else { throw .internalError("a part of no array") }
        return try call.makeStrings { row, text in
            let value = call.arguments[0].value(at: row, as: call.argumentTypes[0])
            text += ArrayText.text([value], of: .array(element)).dropFirst().dropLast()
            return true
        }
    }

    /// The array whose parts, with commas between them, are the argument; NULL: none.
    private static let ofParts = ScalarFunction(
        FunctionSignature("ARRAY_OF_PARTS", isStrict: false, isLeaderOnly: true) { _ in nil }
    ) { call throws(SQLError) in
        let parts = call.strings(0)
        return try call.makeStrings { row, text in
            text.append(UInt8(ascii: "{"))
            if call.arguments[0].isValid(row) { text.append(contentsOf: parts[row].bytes) }
            text.append(UInt8(ascii: "}"))
            return true
        }
    }

    /// `a[i]`: NULL outside of the array.
    private static let element = ScalarFunction(
        FunctionSignature("ELEMENT", isLeaderOnly: true) { types in
            guard types.count == 2, let element = types[0].element else { return nil }
            return .init(arguments: [types[0], .bigint], result: element)
        }
    ) { call throws(SQLError) in
        guard let array = array(call.argumentTypes[0]) else { throw .internalError("a subscript of no array") }
        let (arrays, indices) = (call.strings(0), call.integers(1))
        var builder = VectorBuilder(kind: call.resultType.storage, capacity: call.count)
        for row in 0..<call.count {
            guard call.isWanted(row) else {
                builder.appendNull()
                continue
            }
            let values = try ArrayText.values(Array(arrays[row].bytes), of: array)
            let (place, overflow) = indices[row].subtractingReportingOverflow(Int64(array.lowerBound))
            let index = overflow ? nil : Int(exactly: place)
            builder.append(index.map { values.indices.contains($0) ? values[$0] : .null } ?? .null)
        }
        return builder.finish()
    }

    /// `x = ANY (array)`: false comes after unknown, as for a list of ORs; of ALL true does.
    private static func quantified(_ sign: String, isAny: Bool) -> ScalarFunction {
        let signature = FunctionSignature("\(sign) \(isAny ? "ANY" : "ALL")", isLeaderOnly: true) { types in
            guard types.count == 2, let element = types[1].element else { return nil }
            return .init(arguments: [element, types[1]], result: .boolean)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            guard let array = array(call.argumentTypes[1]) else { throw .internalError("ANY of no array") }
            let arrays = call.strings(1)
            var builder = VectorBuilder(kind: .int8, capacity: call.count)
            for row in 0..<call.count {
                guard call.isWanted(row) else {
                    builder.appendNull()
                    continue
                }
                let operand = call.arguments[0].value(at: row, as: call.argumentTypes[0])
                var isUnknown = false
                var isDecided = false
                for item in try ArrayText.values(Array(arrays[row].bytes), of: array) {
                    guard let order = SQLValue.compare(operand, item) else {
                        isUnknown = true
                        continue
                    }
                    isDecided = isDecided || holds(sign, order) == isAny
                }
                builder.append(isDecided ? .boolean(isAny) : isUnknown ? .null : .boolean(!isAny))
            }
            return builder.finish()
        }
    }

    private static func holds(_ sign: String, _ order: SQLOrdering) -> Bool {
        switch sign {
        case "=": order == .equal
        case "<>": order != .equal
        case "<": order == .less
        case "<=": order != .greater
        case ">": order == .greater
        default: order != .less
        }
    }

    // MARK: By name

    /// ARRAY_TO_STRING(array, delimiter): nulls are left out.
    private static let text = ScalarFunction(
        FunctionSignature("array_to_string", isLeaderOnly: true) { types in
            guard types.count == 2, types[0].element != nil, Accepts.string(types[1]) != nil else { return nil }
            return .init(arguments: [types[0], Accepts.longText], result: Accepts.longText)
        }
    ) { call throws(SQLError) in
        guard let array = array(call.argumentTypes[0]) else { throw .internalError("a text of no array") }
        let (arrays, delimiters) = (call.strings(0), call.strings(1))
        return try call.makeStrings { row, text throws(SQLError) in
            let elements = try ArrayText.elements(Array(arrays[row].bytes), of: array).compactMap(\.self)
            text += elements.joined(separator: Array(delimiters[row].bytes))
            return true
        }
    }

    private static let upper = bound("array_upper") { array, count in Int64(count + array.lowerBound - 1) }
    private static let lower = bound("array_lower") { array, _ in Int64(array.lowerBound) }
    private static let length = bound("array_length") { _, count in Int64(count) }

    /// Of dimension 1; NULL of any other, and of an empty array.
    private static func bound(
        _ name: String, _ bound: @escaping @Sendable (CatalogType, _ count: Int) -> Int64
    ) -> ScalarFunction {
        let signature = FunctionSignature(name, isLeaderOnly: true) { types in
            guard types.count == 2, types[0].element != nil, Accepts.integer(types[1]) != nil else { return nil }
            return .init(arguments: [types[0], .bigint], result: .integer)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            guard let array = array(call.argumentTypes[0]) else { throw .internalError("a bound of no array") }
            let (arrays, dimensions) = (call.strings(0), call.integers(1))
            var builder = VectorBuilder(kind: .int32, capacity: call.count)
            for row in 0..<call.count {
                let count =
                    call.isWanted(row) && dimensions[row] == 1
                    ? try ArrayText.elements(Array(arrays[row].bytes), of: array).count : 0
                builder.append(count == 0 ? .null : .integer(bound(array, count)))
            }
            return builder.finish()
        }
    }

    /// ARRAY_DIMS: `[1:3]`.
    private static let dimensions = ScalarFunction(
        FunctionSignature("array_dims", isLeaderOnly: true) { types in
            guard types.count == 1, types[0].element != nil else { return nil }
            return .init(arguments: types, result: .varchar(length: 64))
        }
    ) { call throws(SQLError) in
        guard let array = array(call.argumentTypes[0]) else { throw .internalError("dimensions of no array") }
        let arrays = call.strings(0)
        return try call.makeStrings { row, text throws(SQLError) in
            let count = try ArrayText.elements(Array(arrays[row].bytes), of: array).count
            guard count > 0 else { return false }
            text += Array("[\(array.lowerBound):\(count + array.lowerBound - 1)]".utf8)
            return true
        }
    }

    private static let append = joined("array_append") { types in
        guard types.count == 2, let element = types[0].element else { return nil }
        return [types[0], element]
    }

    private static let concatenate = joined("array_cat") { types in
        guard types.count == 2, let element = types[0].element, let other = types[1].element,
            element == other || element.isString && other.isString
        else { return nil }
        return types
    }

    private static func joined(
        _ name: String, _ arguments: @escaping @Sendable ([SQLType]) -> [SQLType]?
    ) -> ScalarFunction {
        let signature = FunctionSignature(name, isLeaderOnly: true) { types in
            arguments(types).map { .init(arguments: $0, result: types[0]) }
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            guard let array = array(call.resultType) else { throw .internalError("\(name) of no array") }
            return try call.makeStrings { row, text throws(SQLError) in
                var values: [SQLValue] = []
                for (argument, type) in zip(call.arguments, call.argumentTypes) {
                    let value = argument.value(at: row, as: type)
                    if case .string(let bytes) = value, type == call.resultType {
                        values += try ArrayText.values(bytes, of: array)
                    } else {
                        values.append(value)
                    }
                }
                text += ArrayText.text(values, of: array)
                return true
            }
        }
    }
}
