import SQLTypes

/// BTRIM, LTRIM, RTRIM: the second argument is a set of characters, a blank by default.
/// - Source: Redshift developer guide, "TRIM", "BTRIM", "LTRIM", "RTRIM".
enum Trim {
    static let both = function("btrim", "trim", left: true, right: true)
    static let leading = function("ltrim", nil, left: true, right: false)
    static let trailing = function("rtrim", nil, left: false, right: true)

    private static func function(_ name: String, _ synonym: String?, left: Bool, right: Bool) -> ScalarFunction {
        let resolve: @Sendable ([SQLType]) -> FunctionSignature.Resolution? = { types in
            guard types.count == 1 || types.count == 2, let type = Accepts.string(types[0]) else { return nil }
            guard types.count == 2 else {
                return .init(arguments: [type], result: Accepts.varchar(Accepts.length(type)))
            }
            guard let set = Accepts.string(types[1]) else { return nil }
            return .init(arguments: [type, set], result: Accepts.varchar(Accepts.length(type)))
        }
        let signature =
            synonym.map { FunctionSignature(name, $0, resolve: resolve) } ?? FunctionSignature(name, resolve: resolve)
        return ScalarFunction(signature) { call throws(SQLError) in
            if call.arguments.count == 1 {
                return try call.cutStrings(0) { _, bytes in blanks(bytes, left: left, right: right) }
            }
            let sets = call.strings(1)
            return try call.cutStrings(0) { row, bytes in
                characters(bytes, sets[row].bytes, left: left, right: right)
            }
        }
    }

    private static func blanks(_ bytes: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool) -> Range<Int> {
        var lower = 0
        var upper = bytes.count
        while left, lower < upper, bytes[lower] == 0x20 { lower += 1 }
        while right, upper > lower, bytes[upper - 1] == 0x20 { upper -= 1 }
        return lower..<upper
    }

    private static func characters(
        _ bytes: UnsafeBufferPointer<UInt8>, _ set: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool
    ) -> Range<Int> {
        let members = Characters.ranges(set)
        let text = Characters.ranges(bytes)
        func isMember(_ range: Range<Int>) -> Bool {
            members.contains { set[$0].elementsEqual(bytes[range]) }
        }
        var lower = 0
        var upper = text.count
        while left, lower < upper, isMember(text[lower]) { lower += 1 }
        while right, upper > lower, isMember(text[upper - 1]) { upper -= 1 }
        return lower < upper ? text[lower].lowerBound..<text[upper - 1].upperBound : 0..<0
    }
}
