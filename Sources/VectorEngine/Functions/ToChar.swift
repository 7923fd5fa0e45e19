import SQLTypes

/// TO_CHAR of dates and numbers, TO_DATE, TO_TIMESTAMP, TO_NUMBER.
/// - Source: Redshift developer guide, "Data type formatting functions".
enum FormatFunctions {
    static let toChar = ScalarFunction(
        FunctionSignature("to_char") { types in
            guard types.count == 2, let format = Accepts.datePart(types[1]) else { return nil }
            if let type = Accepts.timestamp(types[0]), !types[0].isString {
                return .init(arguments: [type, format], result: .varchar(length: 256))
            }
            guard types[0].isNumeric else { return nil }
            return .init(arguments: [types[0], format], result: .varchar(length: 64))
        }
    ) { call throws(SQLError) in
        call.argumentTypes[0].isNumeric ? try numbers(call) : try moments(call)
    }

    private static func moments(_ call: FunctionCall) throws(SQLError) -> Vector {
        let format = call.formats(1) { DateTimeFormat($0) }
        let local = call.localTimestamps(0)
        let instants = call.integers(0)
        let zone = call.argumentTypes[0] == .timestamptz ? call.context.dateTime.zone : nil
        return try call.makeStrings { row, text in
            format(row).append(
                local(row), zone: zone.map { ($0.name, $0.secondsEast(atUTC: instants[row])) }, to: &text)
            return true
        }
    }

    private static func numbers(_ call: FunctionCall) throws(SQLError) -> Vector {
        let format = call.formats(1) { NumberFormat($0) }
        let scale = call.argumentTypes[0].scale
        if call.argumentTypes[0].isFloat {
            let values = call.doubles(0)
            return try call.makeStrings { row, text throws(SQLError) in
                guard let unscaled = Decimal.unscaled(of: values[row], precision: 38, scale: 15) else {
                    throw .outOfRange(.double)
                }
                try format(row).append(Decimal(unscaled: unscaled, scale: 15), to: &text)
                return true
            }
        }
        let values = call.arguments[0].int128Lanes()
        return try call.makeStrings { row, text throws(SQLError) in
            try format(row).append(Decimal(unscaled: values[row], scale: scale), to: &text)
            return true
        }
    }

    /// The third argument: is overflow an error.
    static let toDate = ScalarFunction(FunctionSignature("to_date") { resolve($0, result: .date) }) {
        call throws(SQLError) in
        let parse = parser(call)
        return try call.makeIntegers { row throws(SQLError) in Int64(TimeOfDay.split(try parse(row)).days) }
    }

    static let toTimestamp = ScalarFunction(
        FunctionSignature("to_timestamp") { resolve($0, result: .timestamptz) }
    ) { call throws(SQLError) in
        let parse = parser(call)
        return try call.makeIntegers { row throws(SQLError) in call.stored(local: try parse(row)) }
    }

    /// With a constant format the type has the format's digits: `to_number('12.345', '99D999')` is DECIMAL(5,3).
    static let toNumber = ScalarFunction(
        FunctionSignature(
            "to_number",
            resolveWithLiterals: { types, values in
                guard types.count == 2, let text = Accepts.string(types[0]), let format = Accepts.datePart(types[1])
                else {
                    return nil
                }
                var shape = (precision: 38, scale: 10)
                if case .string(let bytes)? = values[1] {
                    let counts = NumberFormat(bytes).digitCounts
                    let scale = min(counts.fraction, 37)
                    shape = (min(max(counts.whole + scale, 1), 38), scale)
                }
                return .init(
                    arguments: [text, format], result: .decimal(precision: shape.precision, scale: shape.scale))
            })
    ) { call throws(SQLError) in
        let texts = call.strings(0)
        let format = call.formats(1) { NumberFormat($0) }
        let scale = call.resultType.scale
        return try call.makeExact { row throws(SQLError) in
            let number = try format(row).parse(texts[row].bytes)
            guard let rescaled = number.rescaled(to: scale, rounding: .halfAwayFromZero) else {
                throw .decimalPrecisionOverflow
            }
            return rescaled.unscaled
        }
    }

    private static func parser(_ call: FunctionCall) -> (Int) throws(SQLError) -> Int64 {
        let texts = call.strings(0)
        let format = call.formats(1) { DateTimeFormat($0) }
        let strict = call.arguments.count > 2 ? call.integers(2) : Lanes(constant: 0)
        return { row throws(SQLError) in try format(row).parse(texts[row].bytes, isStrict: strict[row] != 0) }
    }

    private static func resolve(_ types: [SQLType], result: SQLType) -> FunctionSignature.Resolution? {
        guard types.count == 2 || types.count == 3, let text = Accepts.string(types[0]),
            let format = Accepts.datePart(types[1])
        else { return nil }
        if types.count == 2 { return .init(arguments: [text, format], result: result) }
        guard types[2] == .boolean || types[2] == .unknown else { return nil }
        return .init(arguments: [text, format, .boolean], result: result)
    }
}

extension FunctionCall {
    /// The format in argument `index` per row, made once if it is a constant.
    func formats<Format: Sendable>(_ index: Int, make: @escaping ([UInt8]) -> Format) -> (Int) -> Format {
        if case .string(let bytes)? = constant(index) {
            let format = make(bytes)
            return { _ in format }
        }
        let texts = strings(index)
        return { make(Array(texts[$0].bytes)) }
    }
}
