import SQLTypes

// Loops that most kernels share: one value per wanted row.

extension FunctionCall {
    func strings(_ argument: Int) -> StringLanes { arguments[argument].stringLanes() }
    func integers(_ argument: Int) -> Lanes<Int64> { arguments[argument].int64Lanes() }
    func doubles(_ argument: Int) -> Lanes<Double> {
        arguments[argument].doubleLanes(scale: argumentTypes[argument].scale)
    }

    /// A string per row, appended to the empty `text`; false: NULL.
    func makeStrings(
        _ make: (_ row: Int, _ text: inout [UInt8]) throws(SQLError) -> Bool
    ) throws(SQLError) -> Vector {
        var builder = VectorBuilder(kind: .bytes, capacity: count)
        var text: [UInt8] = []
        for row in 0..<count {
            text.removeAll(keepingCapacity: true)
            guard isWanted(row), try make(row, &text) else {
                builder.appendNull()
                continue
            }
            guard text.count <= SQLType.maximumVarcharLength else {
                throw SQLError(.stringDataRightTruncation, "result of \(text.count) bytes is too long for a string")
            }
            text.withUnsafeBufferPointer { builder.append(bytes: $0) }
        }
        return builder.finish()
    }

    /// A part of a string argument per row, which goes on using the argument's bytes; nil: NULL.
    func cutStrings(
        _ argument: Int,
        _ cut: (_ row: Int, _ bytes: UnsafeBufferPointer<UInt8>) throws(SQLError) -> Range<Int>?
    ) throws(SQLError) -> Vector {
        let source = strings(argument)
        var nulls: [Int] = []
        let views = try Buffer(count: count, of: StringView.self) { target throws(SQLError) in
            for row in 0..<count where isWanted(row) {
                let bytes = source[row].bytes
                guard let range = try cut(row, bytes) else {
                    nulls.append(row)
                    continue
                }
                target[row] = StringView(bytes.baseAddress.map { $0 + range.lowerBound }, count: range.count)
            }
        }
        return Vector(kind: .bytes, count: count, form: .views(views, owners: source.owners), validity: validity(nulls))
    }

    /// A 64-bit integer per row; nil: NULL.
    func makeIntegers(_ make: (_ row: Int) throws(SQLError) -> Int64?) throws(SQLError) -> Vector {
        var nulls: [Int] = []
        let values = try Buffer(count: count, of: Int64.self) { target throws(SQLError) in
            for row in 0..<count where isWanted(row) {
                if let value = try make(row) { target[row] = value } else { nulls.append(row) }
            }
        }
        return Vector(kind: .int64, count: count, form: .flat(values), validity: validity(nulls))
    }

    func makeWideIntegers(_ make: (_ row: Int) throws(SQLError) -> Int128) throws(SQLError) -> Vector {
        let values = try Buffer(count: count, of: Int128.self) { target throws(SQLError) in
            for row in 0..<count where isWanted(row) { target[row] = try make(row) }
        }
        return Vector(kind: .int128, count: count, form: .flat(values))
    }

    func makeDoubles(_ make: (_ row: Int) throws(SQLError) -> Double) throws(SQLError) -> Vector {
        let values = try Buffer(count: count, of: Double.self) { target throws(SQLError) in
            for row in 0..<count where isWanted(row) { target[row] = try make(row) }
        }
        return Vector(kind: .float64, count: count, form: .flat(values))
    }

    private func validity(_ nulls: [Int]) -> Buffer? {
        guard !nulls.isEmpty else { return nil }
        return Buffer(count: count, of: UInt8.self) { target in
            target.update(repeating: 1)
            for row in nulls { target[row] = 0 }
        }
    }
}

/// UTF-8 by characters (code points).
enum Characters {
    /// The byte offset of character `index`; the length if there are not so many.
    static func offset(ofCharacter index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard index > 0 else { return 0 }
        var seen = 0
        for offset in 0..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
            if seen == index { return offset }
            seen += 1
        }
        return bytes.count
    }

    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes { count &+= byte & 0xC0 != 0x80 ? 1 : 0 }
        return count
    }

    /// The characters, each as the range of its bytes.
    static func ranges(_ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for offset in 1..<max(bytes.count, 1) + 1 where offset >= bytes.count || bytes[offset] & 0xC0 != 0x80 {
            if start < bytes.count { ranges.append(start..<min(offset, bytes.count)) }
            start = offset
        }
        return ranges
    }

    /// The offset of the first occurrence from `start` on; nil if there is none. An empty needle is found at once.
    static func find(
        _ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int = 0
    ) -> Int? {
        guard let head = needle.baseAddress, !needle.isEmpty else { return start <= text.count ? start : nil }
        guard let base = text.baseAddress else { return nil }
        var position = start
        while text.count - position >= needle.count {
            let room = text.count - position - needle.count + 1
            guard let step = Platform.firstIndex(of: head[0], in: base + position, count: room) else { return nil }
            position += step
            if Platform.compareBytes(base + position, head, needle.count) == 0 { return position }
            position += 1
        }
        return nil
    }
}

/// What functions accept.
enum Accepts {
    /// The type that a string parameter has for an argument: CHAR and VARCHAR as they are, everything else as text long
    /// enough for it; nil for VARBYTE.
    static func string(_ type: SQLType) -> SQLType? {
        switch type {
        case .char, .varchar: type
        case .unknown: .varchar(length: SQLType.maximumVarcharLength)
        case .varbyte: nil
        default: .varchar(length: 64)
        }
    }

    /// Bytes of a string type.
    static func length(_ type: SQLType) -> Int {
        switch type {
        case .char(let length), .varchar(let length): length
        default: SQLType.maximumVarcharLength
        }
    }

    static func varchar(_ length: Int) -> SQLType {
        .varchar(length: min(max(length, 1), SQLType.maximumVarcharLength))
    }

    static let longText = SQLType.varchar(length: SQLType.maximumVarcharLength)

    /// An integer parameter.
    static func integer(_ type: SQLType) -> SQLType? {
        type.isNumeric || type == .unknown || type == .boolean ? .bigint : nil
    }

    /// TIMESTAMP for a date, a timestamp or an untyped literal.
    static func timestamp(_ type: SQLType) -> SQLType? {
        switch type {
        case .date, .timestamp, .unknown, .char, .varchar: .timestamp
        case .timestamptz: .timestamptz
        default: nil
        }
    }
}
