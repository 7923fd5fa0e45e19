import SQLTypes

/// ABS, SIGN, MOD, and the operators on bits.
/// - Source: Redshift developer guide, "ABS", "SIGN", "MOD".
enum ArithmeticFunctions {
    static let abs = ScalarFunction(
        FunctionSignature("abs") { types in
            guard types.count == 1, let type = Accepts.number(types[0]) else { return nil }
            return .init(arguments: [type], result: type)
        }
    ) { call throws(SQLError) in
        if call.resultType.isFloat {
            let values = call.doubles(0)
            return try call.makeFloats { row in values[row].magnitude }
        }
        let values = call.arguments[0].int128Lanes()
        return try call.makeExact { row in values[row] < 0 ? 0 &- values[row] : values[row] }
    }

    static let sign = ScalarFunction(
        FunctionSignature("sign") { types in
            guard types.count == 1, let type = Accepts.number(types[0]) else { return nil }
            return .init(
                arguments: [type],
                result: type.isFloat ? .double : type.isDecimal ? .decimal(precision: 1, scale: 0) : .integer)
        }
    ) { call throws(SQLError) in
        if call.resultType == .double {
            let values = call.doubles(0)
            return try call.makeDoubles { row in values[row] > 0 ? 1 : values[row] < 0 ? -1 : 0 }
        }
        let values = call.arguments[0].int128Lanes()
        return try call.makeIntegers { row in Int64(values[row].signum()) }
    }

    /// The dividend's sign; a DECIMAL operand makes DECIMAL: `mod(10.5, 4)` is 2.5.
    static let mod = ScalarFunction(
        FunctionSignature("mod") { types in
            guard types.count == 2, let left = Accepts.number(types[0]), let right = Accepts.number(types[1]),
                let result = SQLType.arithmetic(.modulo, left, right)
            else { return nil }
            if result.isFloat || result.isInteger { return .init(arguments: [result, result], result: result) }
            return .init(arguments: [left, right].map { asDecimal($0) }, result: result)
        }
    ) { call throws(SQLError) in
        if call.resultType.isFloat {
            let left = call.doubles(0)
            let right = call.doubles(1)
            return try call.makeFloats { row throws(SQLError) in
                guard right[row] != 0 else { throw .divisionByZero }
                return left[row].truncatingRemainder(dividingBy: right[row])
            }
        }
        let left = call.arguments[0].int128Lanes()
        let right = call.arguments[1].int128Lanes()
        let shape = (precision: 38, scale: call.resultType.scale)
        return try call.makeExact { row throws(SQLError) in
            try Decimal.apply(
                .modulo, Decimal(unscaled: left[row], scale: call.argumentTypes[0].scale),
                Decimal(unscaled: right[row], scale: call.argumentTypes[1].scale), result: shape
            ).unscaled
        }
    }

    private static func asDecimal(_ type: SQLType) -> SQLType {
        type.asDecimal.map { .decimal(precision: $0.precision, scale: $0.scale) } ?? type
    }

    static let bits: [ScalarFunction] = [
        binary("bitand") { $0 & $1 }, binary("bitor") { $0 | $1 }, binary("bitxor") { $0 ^ $1 },
        // Shifting by the width or more leaves nothing.
        binary("shiftleft") { $1 < 0 || $1 > 63 ? 0 : $0 << $1 },
        binary("shiftright") { $1 < 0 || $1 > 63 ? ($0 < 0 ? -1 : 0) : $0 >> $1 },
        ScalarFunction(
            FunctionSignature("bitnot") { types in
                guard types.count == 1, types[0].isInteger else { return nil }
                return .init(arguments: types, result: types[0])
            }
        ) { call throws(SQLError) in
            let values = call.integers(0)
            return try call.makeIntegers { row in ~values[row] }
        },
    ]

    private static func binary(
        _ name: String, _ combine: @escaping @Sendable (Int64, Int64) -> Int64
    ) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 2, types[0].isInteger, types[1].isInteger,
                let type = SQLType.arithmetic(.add, types[0], types[1])
            else { return nil }
            return .init(arguments: [type, type], result: type)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let left = call.integers(0)
            let right = call.integers(1)
            let width = Int64((call.resultType.storage.width ?? 8) * 8)
            return try call.makeIntegers { row in
                // Bits past a narrow type's width are cut off.
                let value = combine(left[row], right[row])
                return (value << (64 - width)) >> (64 - width)
            }
        }
    }
}
