import SQLTypes

/// CONCAT and `||`: NULL if one of the two is. CHAR counts without its padding. Two VARBYTEs make a VARBYTE.
/// - Source: Redshift developer guide, "CONCAT", "VARBYTE operators".
enum Concat {
    static let concat = ScalarFunction(
        FunctionSignature("concat") { types in
            if types.count == 2, case .varbyte(let left) = types[0], case .varbyte(let right) = types[1] {
                let length = min(left + right, SQLType.maximumVarbyteLength)
                return .init(arguments: types, result: .varbyte(length: length))
            }
            guard types.count == 2, let left = Accepts.string(types[0]), let right = Accepts.string(types[1]) else {
                return nil
            }
            let length = min(Accepts.length(left) + Accepts.length(right), SQLType.maximumVarcharLength)
            return .init(arguments: [left, right], result: .varchar(length: length))
        }
    ) { call throws(SQLError) in
        let left = call.strings(0)
        let right = call.strings(1)
        return try call.makeStrings { row, text in
            text.append(contentsOf: left[row].bytes)
            text.append(contentsOf: right[row].bytes)
            return true
        }
    }

    /// REPEAT: less than one time gives the empty string.
    static let `repeat` = ScalarFunction(
        FunctionSignature("repeat", "replicate") { types in
            guard types.count == 2, let type = Accepts.string(types[0]), Accepts.integer(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [type, .bigint], result: Accepts.longText)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        let counts = call.integers(1)
        return try call.makeStrings { row, text throws(SQLError) in
            let bytes = source[row].bytes
            guard !bytes.isEmpty, counts[row] > 0 else { return true }
            guard counts[row] <= SQLType.maximumVarcharLength / bytes.count else {
                throw SQLError(.stringDataRightTruncation, "result of REPEAT is too long for a string")
            }
            for _ in 0..<counts[row] { text.append(contentsOf: bytes) }
            return true
        }
    }

    /// REVERSE, by characters.
    static let reverse = ScalarFunction(
        FunctionSignature("reverse") { types in
            guard types.count == 1, let type = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [type], result: Accepts.varchar(Accepts.length(type)))
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeStrings { row, text in
            let bytes = source[row].bytes
            for range in Characters.ranges(bytes).reversed() { text.append(contentsOf: bytes[range]) }
            return true
        }
    }
}
