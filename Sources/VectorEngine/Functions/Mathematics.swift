import SQLTypes

/// Functions of FLOAT8: powers, roots, logarithms, angles.
/// - Source: Redshift developer guide, "Math functions".
enum Mathematics {
    static let all: [ScalarFunction] = [
        unary("sqrt", []) { value throws(SQLError) in
            guard !(value < 0) else {
                throw SQLError(.invalidParameterValue, "cannot take square root of a negative number")
            }
            return value.squareRoot()
        },
        unary("cbrt", []) { Platform.cubeRoot($0) },
        unary("exp", ["dexp"]) { value throws(SQLError) in
            let result = Platform.exponential(value)
            guard result.isFinite || !value.isFinite else { throw .outOfRange(.double) }
            return result
        },
        unary("ln", ["dlog1"]) { value throws(SQLError) in Platform.naturalLogarithm(try positive(value)) },
        // Base 10.
        unary("log", ["dlog10"]) { value throws(SQLError) in Platform.decimalLogarithm(try positive(value)) },
        unary("degrees", []) { $0 * 180 / .pi },
        unary("radians", []) { $0 * .pi / 180 },
        unary("sin", []) { Platform.sine($0) },
        unary("cos", []) { Platform.cosine($0) },
        unary("tan", []) { Platform.tangent($0) },
        unary("cot", []) { 1 / Platform.tangent($0) },
        unary("asin", []) { value throws(SQLError) in Platform.arcSine(try withinOne(value)) },
        unary("acos", []) { value throws(SQLError) in Platform.arcCosine(try withinOne(value)) },
        unary("atan", []) { Platform.arcTangent($0) },
        binary("atan2", []) { Platform.arcTangent($0, $1) },
        binary("power", ["pow", "dpow"]) { base, exponent throws(SQLError) in
            if base < 0, exponent.isFinite, exponent != exponent.rounded() {
                throw SQLError(
                    .invalidParameterValue, "a negative number raised to a non-integer power yields a complex result")
            }
            if base == 0, exponent < 0 {
                throw SQLError(.invalidParameterValue, "zero raised to a negative power is undefined")
            }
            let result = Platform.power(base, exponent)
            guard result.isFinite || !base.isFinite || !exponent.isFinite else { throw .outOfRange(.double) }
            return result
        },
        pi, random,
    ]

    private static func positive(_ value: Double) throws(SQLError) -> Double {
        if value > 0 || value.isNaN { return value }
        throw SQLError(
            .invalidParameterValue,
            value == 0 ? "cannot take logarithm of zero" : "cannot take logarithm of a negative number")
    }

    private static func withinOne(_ value: Double) throws(SQLError) -> Double {
        guard value.magnitude <= 1 || value.isNaN else {
            throw SQLError(.numericValueOutOfRange, "input is out of range")
        }
        return value
    }

    private static func signature(_ name: String, _ synonyms: [String], _ arguments: Int) -> FunctionSignature {
        let resolve: @Sendable ([SQLType]) -> FunctionSignature.Resolution? = { types in
            guard types.count == arguments, types.allSatisfy({ Accepts.number($0) != nil }) else { return nil }
            return .init(arguments: types.map { _ in .double }, result: .double)
        }
        switch synonyms.count {
        case 0: return FunctionSignature(name, resolve: resolve)
        case 1: return FunctionSignature(name, synonyms[0], resolve: resolve)
        default: return FunctionSignature(name, synonyms[0], synonyms[1], resolve: resolve)
        }
    }

    private static func unary(
        _ name: String, _ synonyms: [String], _ compute: @escaping @Sendable (Double) throws(SQLError) -> Double
    ) -> ScalarFunction {
        ScalarFunction(signature(name, synonyms, 1)) { call throws(SQLError) in
            let values = call.doubles(0)
            return try call.makeDoubles { row throws(SQLError) in try compute(values[row]) }
        }
    }

    private static func binary(
        _ name: String, _ synonyms: [String], _ compute: @escaping @Sendable (Double, Double) throws(SQLError) -> Double
    ) -> ScalarFunction {
        ScalarFunction(signature(name, synonyms, 2)) { call throws(SQLError) in
            let left = call.doubles(0)
            let right = call.doubles(1)
            return try call.makeDoubles { row throws(SQLError) in try compute(left[row], right[row]) }
        }
    }

    private static let pi = ScalarFunction(
        FunctionSignature("pi") { types in types.isEmpty ? .init(arguments: [], result: .double) : nil }
    ) { call throws(SQLError) in .constant(.double(.pi), kind: .float64, count: call.count) }

    /// 0 included, 1 excluded.
    private static let random = ScalarFunction(
        FunctionSignature("random", volatility: .volatile) { types in
            types.isEmpty ? .init(arguments: [], result: .double) : nil
        }
    ) { call throws(SQLError) in
        try call.makeDoubles { _ in call.random.generator.unitDouble() }
    }
}
