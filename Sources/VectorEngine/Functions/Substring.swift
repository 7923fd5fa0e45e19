import SQLTypes

/// SUBSTRING, LEFT, RIGHT: by characters, of a VARBYTE by bytes, 1-based.
/// - Source: Redshift developer guide, "SUBSTRING", "LEFT and RIGHT".
enum Substring {
    /// A start before 1 takes from the length: `substring('caterpillar', -2, 6)` is `cat`.
    static let substring = ScalarFunction(
        FunctionSignature("substring", "substr") { types in
            guard types.count == 2 || types.count == 3 else { return nil }
            guard types.dropFirst().allSatisfy({ Accepts.integer($0) != nil }) else { return nil }
            let numbers = [SQLType](repeating: .bigint, count: types.count - 1)
            if case .varbyte = types[0] { return .init(arguments: [types[0]] + numbers, result: types[0]) }
            guard let type = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [type] + numbers, result: Accepts.varchar(Accepts.length(type)))
        }
    ) { call throws(SQLError) in
        let starts = call.integers(1)
        let counts = call.arguments.count > 2 ? call.integers(2) : Lanes(constant: Int64.max)
        let isBinary = if case .varbyte = call.argumentTypes[0] { true } else { false }
        return try call.cutStrings(0) { row, bytes throws(SQLError) in
            let count = counts[row]
            guard count >= 0 else {
                throw SQLError(.substringError, "negative substring length not allowed")
            }
            let (end, overflow) = starts[row].addingReportingOverflow(count)
            let start = max(starts[row], 1)
            return isBinary
                ? byteRange(from: start, below: overflow ? .max : end, in: bytes)
                : range(from: start, below: overflow ? .max : end, in: bytes)
        }
    }

    static let left = ScalarFunction(FunctionSignature("left", resolve: resolve)) { call throws(SQLError) in
        let counts = call.integers(1)
        return try call.cutStrings(0) { row, bytes in
            let count = counts[row]
            // A negative number leaves out that many characters at the other end, as in PostgreSQL.
            let kept = count >= 0 ? count : max(0, Int64(Characters.count(bytes)) &+ count)
            return range(from: 1, below: kept == .max ? kept : kept + 1, in: bytes)
        }
    }

    static let right = ScalarFunction(FunctionSignature("right", resolve: resolve)) { call throws(SQLError) in
        let counts = call.integers(1)
        return try call.cutStrings(0) { row, bytes in
            let length = Int64(Characters.count(bytes))
            let count = counts[row]
            let dropped = count >= 0 ? max(0, length - min(count, length)) : min(length, 0 &- max(count, -length))
            return range(from: dropped + 1, below: .max, in: bytes)
        }
    }

    @Sendable private static func resolve(_ types: [SQLType]) -> FunctionSignature.Resolution? {
        guard types.count == 2, let type = Accepts.string(types[0]), Accepts.integer(types[1]) != nil else {
            return nil
        }
        return .init(arguments: [type, .bigint], result: Accepts.varchar(Accepts.length(type)))
    }

    /// The bytes `start ..< end`, counted from 1.
    private static func byteRange(
        from start: Int64, below end: Int64, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Range<Int> {
        let limit = Int64(bytes.count) + 1
        let first = Int(min(start, limit)) - 1
        return first..<Int(max(min(end, limit), Int64(first) + 1)) - 1
    }

    /// Bytes of the characters `start ..< end`, counted from 1.
    private static func range(from start: Int64, below end: Int64, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        let whole = byteRange(from: start, below: end, in: bytes)
        let (first, last) = (whole.lowerBound, whole.upperBound)
        // In ASCII a character is a byte: one look at the bytes up to the end says whether it is.
        if bytes[0..<min(last, bytes.count)].allSatisfy({ $0 < 0x80 }) { return first..<max(first, last) }
        let lower = Characters.offset(ofCharacter: first, in: bytes)
        return lower..<max(lower, Characters.offset(ofCharacter: last, in: bytes))
    }
}
