import SQLTypes

/// ROUND, TRUNC, CEILING, FLOOR. Numbers keep their sort; a DECIMAL keeps as many fraction digits as the second
/// argument says, none without it, and all of them if it is no constant.
/// - Source: Redshift developer guide, "ROUND", "TRUNC", "CEILING", "FLOOR".
enum RoundingFunctions {
    private enum Mode: Sendable { case nearest, towardZero, up, down }

    static let round = function("round", nil, .nearest, takesDigits: true)
    static let trunc = function("trunc", nil, .towardZero, takesDigits: true)
    static let ceiling = function("ceiling", "ceil", .up, takesDigits: false)
    static let floor = function("floor", nil, .down, takesDigits: false)

    private static func function(
        _ name: String, _ synonym: String?, _ mode: Mode, takesDigits: Bool
    ) -> ScalarFunction {
        let resolve: @Sendable ([SQLType], [SQLValue?]) -> FunctionSignature.Resolution? = { types, values in
            // TRUNC of a timestamp is its date.
            if mode == .towardZero, types.count == 1, types[0] == .timestamp || types[0] == .date {
                return .init(arguments: [.timestamp], result: .date)
            }
            guard types.count == 1 || (takesDigits && types.count == 2), let type = Accepts.number(types[0]) else {
                return nil
            }
            if types.count == 2 {
                guard let digits = Accepts.integer(types[1]) else { return nil }
                var kept = type.scale
                if case .integer(let count)? = values[1] { kept = Int(max(0, min(count, Int64(kept)))) }
                return .init(arguments: [type, digits], result: withCarry(type, scale: kept))
            }
            return .init(arguments: [type], result: whole(type))
        }
        let signature =
            synonym.map { FunctionSignature(name, $0, resolve: { types in resolve(types, types.map { _ in nil }) }) }
            ?? FunctionSignature(name, resolveWithLiterals: resolve)
        return ScalarFunction(signature) { call throws(SQLError) in
            if call.argumentTypes[0] == .timestamp {
                let timestamps = call.integers(0)
                return try call.makeIntegers { row in Int64(TimeOfDay.split(timestamps[row]).days) }
            }
            return call.argumentTypes[0].isFloat ? try floats(call, mode) : try decimals(call, mode)
        }
    }

    private static func whole(_ type: SQLType) -> SQLType {
        guard case .decimal(let precision, let scale) = type, scale > 0 else { return type }
        return .decimal(precision: max(1, min(38, precision - scale + 1)), scale: 0)
    }

    /// Rounding up may need a digit more: 99.5 becomes 100.0.
    private static func withCarry(_ type: SQLType, scale kept: Int) -> SQLType {
        guard case .decimal(let precision, let scale) = type else { return type }
        return .decimal(precision: min(38, precision - scale + kept + 1), scale: kept)
    }

    private static func decimals(_ call: FunctionCall, _ mode: Mode) throws(SQLError) -> Vector {
        let values = call.arguments[0].int128Lanes()
        let scale = call.argumentTypes[0].scale
        let digits = call.arguments.count > 1 ? call.integers(1) : Lanes(constant: 0)
        let result = call.resultType.scale
        return try call.makeExact { row throws(SQLError) in
            let dropped = Int64(scale) - max(min(digits[row], 100), -100)
            let kept = dropped <= 0 ? values[row] : cut(values[row], Int(dropped), mode)
            // What is left stands at `scale`; the result's type may have less.
            return result == scale ? kept : kept / PowersOfTen.int128[scale - result]
        }
    }

    /// The value with its last `count` digits made zero.
    private static func cut(_ value: Int128, _ count: Int, _ mode: Mode) -> Int128 {
        guard count < PowersOfTen.int128.count else { return 0 }
        let power = PowersOfTen.int128[count]
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
        var rounded = quotient
        switch mode {
        case .towardZero: break
        case .nearest:
            if remainder.magnitude >= power.magnitude - remainder.magnitude { rounded += value < 0 ? -1 : 1 }
        case .up: if remainder > 0 { rounded += 1 }
        case .down: if remainder < 0 { rounded -= 1 }
        }
        let (product, overflow) = rounded.multipliedReportingOverflow(by: power)
        // Past 38 digits: beyond the limit of every type, which the caller checks.
        return overflow ? (value < 0 ? .min : .max) : product
    }

    private static func floats(_ call: FunctionCall, _ mode: Mode) throws(SQLError) -> Vector {
        let values = call.doubles(0)
        let digits = call.arguments.count > 1 ? call.integers(1) : nil
        return try call.makeFloats { row in
            let value = values[row]
            guard let digits else {
                switch mode {
                case .nearest: return value.rounded(.toNearestOrEven)
                case .towardZero: return value.rounded(.towardZero)
                case .up: return value.rounded(.up)
                case .down: return value.rounded(.down)
                }
            }
            let factor = Platform.power(10, Double(max(min(digits[row], 308), -308)))
            let scaled = value * factor
            guard scaled.isFinite else { return value }
            return scaled.rounded(mode == .nearest ? .toNearestOrAwayFromZero : .towardZero) / factor
        }
    }
}

extension FunctionCall {
    /// FLOAT4 or FLOAT8, as the result's type says.
    func makeFloats(_ make: (_ row: Int) throws(SQLError) -> Double) throws(SQLError) -> Vector {
        let doubles = try makeDoubles(make)
        guard resultType == .real, case .flat(let buffer) = doubles.form else { return doubles }
        let source = buffer.values(as: Double.self)
        let values = Buffer(count: count, of: Float.self) { target in
            for row in 0..<count { target[row] = Float(source[row]) }
        }
        return Vector(kind: .float32, count: count, form: .flat(values))
    }
}
