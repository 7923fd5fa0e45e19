import SQLTypes

/// REPLACE (all occurrences), TRANSLATE (character by character).
/// - Source: Redshift developer guide, "REPLACE", "TRANSLATE".
enum Replace {
    static let replace = ScalarFunction(FunctionSignature("replace", resolve: resolve)) { call throws(SQLError) in
        let source = call.strings(0)
        let old = call.strings(1)
        let new = call.strings(2)
        return try call.makeStrings { row, text in
            let bytes = source[row].bytes
            let wanted = old[row].bytes
            guard !wanted.isEmpty else {
                text.append(contentsOf: bytes)
                return true
            }
            var position = 0
            while let found = Characters.find(wanted, in: bytes, from: position) {
                text.append(contentsOf: bytes[position..<found])
                text.append(contentsOf: new[row].bytes)
                position = found + wanted.count
                // Longer than any string may be: the caller refuses it.
                if text.count > SQLType.maximumVarcharLength { return true }
            }
            text.append(contentsOf: bytes[position...])
            return true
        }
    }

    /// Characters without a counterpart are dropped.
    static let translate = ScalarFunction(FunctionSignature("translate", resolve: resolve)) { call throws(SQLError) in
        let source = call.strings(0)
        let old = call.strings(1)
        let new = call.strings(2)
        return try call.makeStrings { row, text in
            let bytes = source[row].bytes
            let from = old[row].bytes
            let to = new[row].bytes
            let fromRanges = Characters.ranges(from)
            let toRanges = Characters.ranges(to)
            for range in Characters.ranges(bytes) {
                guard let place = fromRanges.firstIndex(where: { from[$0].elementsEqual(bytes[range]) }) else {
                    text.append(contentsOf: bytes[range])
                    continue
                }
                if place < toRanges.count { text.append(contentsOf: to[toRanges[place]]) }
            }
            return true
        }
    }

    @Sendable private static func resolve(_ types: [SQLType]) -> FunctionSignature.Resolution? {
        guard types.count == 3 else { return nil }
        let arguments = types.compactMap(Accepts.string)
        guard arguments.count == 3 else { return nil }
        return .init(arguments: arguments, result: Accepts.longText)
    }
}
