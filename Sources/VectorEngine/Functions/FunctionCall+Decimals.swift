import SQLTypes

extension FunctionCall {
    /// Unscaled decimals (or integers) of the result's type; one that does not fit is an overflow.
    func makeExact(_ make: (_ row: Int) throws(SQLError) -> Int128) throws(SQLError) -> Vector {
        let limits: (Int128, Int128)
        if case .decimal(let precision, _) = resultType {
            let bound = Decimal.maximumUnscaled(precision: precision)
            limits = (-bound, bound)
        } else {
            limits = (Int128(resultType.integerRange.lowerBound), Int128(resultType.integerRange.upperBound))
        }
        func checked(_ row: Int) throws(SQLError) -> Int128 {
            let value = try make(row)
            guard value >= limits.0, value <= limits.1 else {
                throw resultType.isDecimal ? .decimalPrecisionOverflow : .outOfRange(resultType)
            }
            return value
        }
        if resultType.storage == .int128 { return try makeWideIntegers(checked) }
        return try makeIntegers { row throws(SQLError) in Int64(truncatingIfNeeded: try checked(row)) }
    }
}

extension Accepts {
    /// A number as it is; FLOAT8 for an untyped literal or a string; nil for anything else.
    static func number(_ type: SQLType) -> SQLType? {
        if type.isNumeric { return type }
        return type.isString ? .double : nil
    }
}
