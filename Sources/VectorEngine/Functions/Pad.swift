import SQLTypes

/// LPAD, RPAD: to a length in characters. A string that is longer is cut on the right by both.
/// - Source: Redshift developer guide, "LPAD and RPAD".
enum Pad {
    static let left = function("lpad", isLeft: true)
    static let right = function("rpad", isLeft: false)

    private static func function(_ name: String, isLeft: Bool) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 2 || types.count == 3, let type = Accepts.string(types[0]),
                Accepts.integer(types[1]) != nil
            else { return nil }
            guard types.count == 3 else { return .init(arguments: [type, .bigint], result: Accepts.longText) }
            guard let fill = Accepts.string(types[2]) else { return nil }
            return .init(arguments: [type, .bigint, fill], result: Accepts.longText)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let source = call.strings(0)
            let lengths = call.integers(1)
            let fills = call.arguments.count > 2 ? call.strings(2) : nil
            let blank: [UInt8] = [0x20]
            return try call.makeStrings { row, text throws(SQLError) in
                let bytes = source[row].bytes
                let length = Int(max(0, min(lengths[row], Int64(SQLType.maximumVarcharLength) + 1)))
                guard length <= SQLType.maximumVarcharLength else {
                    throw SQLError(
                        .stringDataRightTruncation, "result of \(name.uppercased()) is too long for a string")
                }
                let missing = length - Characters.count(bytes)
                if missing <= 0 {
                    text.append(contentsOf: bytes[0..<Characters.offset(ofCharacter: length, in: bytes)])
                    return true
                }
                if !isLeft { text.append(contentsOf: bytes) }
                if let fills {
                    appendFill(fills[row].bytes, missing, to: &text)
                } else {
                    blank.withUnsafeBufferPointer { appendFill($0, missing, to: &text) }
                }
                if isLeft { text.append(contentsOf: bytes) }
                return true
            }
        }
    }

    /// `count` characters, going round the fill string.
    private static func appendFill(_ fill: UnsafeBufferPointer<UInt8>, _ count: Int, to text: inout [UInt8]) {
        let characters = Characters.ranges(fill)
        guard !characters.isEmpty else { return }
        for index in 0..<count { text.append(contentsOf: fill[characters[index % characters.count]]) }
    }
}
