import SQLTypes

/// FNV_HASH, MURMUR3_32_HASH, FARMFINGERPRINT64, CHECKSUM: hashes of a value's bytes. They look at trailing blanks, and
/// at the width of the type.
/// - Source: Redshift developer guide, "Hash functions", "CHECKSUM".
enum ValueHashes {
    static let all: [ScalarFunction] = [fnv, murmur, farm, checksum]

    /// The seed is a hash to go on from: NULL if it is NULL.
    private static let fnv = ScalarFunction(
        FunctionSignature("fnv_hash") { resolve($0, seed: .bigint, result: .bigint) }
    ) { call throws(SQLError) in
        let seeds = call.arguments.count > 1 ? call.integers(1) : nil
        func seed(_ row: Int) -> UInt64 { seeds.map { UInt64(bitPattern: $0[row]) } ?? FNV1a.offsetBasis }
        let kind = call.argumentTypes[0].storage
        if kind == .bytes {
            let source = call.strings(0)
            return try call.makeIntegers { row in
                Int64(bitPattern: FNV1a.hash(source[row].bytes, from: seed(row)))
            }
        }
        let bits = call.bits(0)
        return try call.makeIntegers { row in
            Int64(bitPattern: FNV1a.hash(bits(row), width: kind.width ?? 8, from: seed(row)))
        }
    }

    /// Over the bytes that the Iceberg specification names, so that integers of all widths hash alike.
    private static let murmur = ScalarFunction(
        FunctionSignature("murmur3_32_hash") { resolve($0, seed: .integer, result: .integer) }
    ) { call throws(SQLError) in
        let seeds = call.arguments.count > 1 ? call.integers(1) : Lanes(constant: 0)
        func seed(_ row: Int) -> UInt32 { UInt32(truncatingIfNeeded: seeds[row]) }
        func stored(_ hash: UInt32) -> Int64 { Int64(Int32(bitPattern: hash)) }
        let type = call.argumentTypes[0]
        switch type {
        case .real, .double:
            let values = call.doubles(0)
            return try call.makeIntegers { row in
                // Minus zero hashes as zero.
                stored(Murmur3.hash(Int64(bitPattern: (values[row] + 0).bitPattern), seed: seed(row)))
            }
        case .decimal, .timetz:
            let values = call.arguments[0].int128Lanes()
            return try call.makeIntegers { row in
                stored(Murmur3.hash(minimalBytesOf: values[row], seed: seed(row)))
            }
        default: break
        }
        if type.storage == .bytes {
            let source = call.strings(0)
            return try call.makeIntegers { row in
                stored(Murmur3.hash(UnsafeRawBufferPointer(source[row].bytes), seed: seed(row)))
            }
        }
        // Iceberg counts days and microseconds from 1970.
        let epoch = TimeOfDay.secondsFromUnixEpoch
        let shift: Int64 =
            switch type {
            case .date: epoch / 86_400
            case .timestamp, .timestamptz: epoch * TimeOfDay.microsecondsPerSecond
            default: 0
            }
        let values = call.integers(0)
        return try call.makeIntegers { row in stored(Murmur3.hash(values[row] &+ shift, seed: seed(row))) }
    }

    private static let farm = ScalarFunction(
        FunctionSignature("farmfingerprint64") { types in
            guard types.count == 1, let text = Accepts.bytes(types[0]) else { return nil }
            return .init(arguments: [text], result: .bigint)
        }
    ) { call throws(SQLError) in
        let source = call.strings(0)
        return try call.makeIntegers { row in Int64(bitPattern: FarmFingerprint.hash(source[row].bytes)) }
    }

    /// A number's own digits, as the guide's sample shows (109.20 gives 10920), folded to 32 bits. What Redshift
    /// computes for strings is not public: theirs is the CRC-32C.
    private static let checksum = ScalarFunction(
        FunctionSignature("checksum") { types in
            guard types.count == 1 else { return nil }
            if types[0].isInteger || types[0].isDecimal { return .init(arguments: types, result: .integer) }
            guard types[0].isString, let text = Accepts.string(types[0]) else { return nil }
            return .init(arguments: [text], result: .integer)
        }
    ) { call throws(SQLError) in
        if call.argumentTypes[0].storage == .bytes {
            let source = call.strings(0)
            return try call.makeIntegers { row in Int64(Int32(bitPattern: CRC32C.checksum(source[row].bytes))) }
        }
        let values = call.arguments[0].int128Lanes()
        return try call.makeIntegers { row in
            let value = values[row]
            if let small = Int32(exactly: value) { return Int64(small) }
            let words = (0..<4).map { UInt32(truncatingIfNeeded: value >> Int128(32 * $0)) }
            return Int64(Int32(bitPattern: words.reduce(0, ^)))
        }
    }

    private static func resolve(
        _ types: [SQLType], seed: SQLType, result: SQLType
    ) -> FunctionSignature.Resolution? {
        guard types.count == 1 || types.count == 2, !types[0].isInterval else { return nil }
        let value = types[0] == .unknown ? Accepts.longText : types[0]
        if types.count == 1 { return .init(arguments: [value], result: result) }
        return Accepts.integer(types[1]).map { _ in .init(arguments: [value, seed], result: result) }
    }
}

extension FunctionCall {
    /// The bits of a number as its type stores it, without regard to their meaning.
    fileprivate func bits(_ argument: Int) -> (Int) -> Int128 {
        switch argumentTypes[argument].storage {
        case .float32:
            let values = doubles(argument)
            return { Int128(Float(values[$0]).bitPattern) }
        case .float64:
            let values = doubles(argument)
            return { Int128(values[$0].bitPattern) }
        default:
            let values = arguments[argument].int128Lanes()
            return { values[$0] }
        }
    }
}
