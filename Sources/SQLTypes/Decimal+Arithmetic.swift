/// What happens to digits that a smaller scale has no room for.
package enum Rounding: Hashable, Sendable {
    /// INSERT, CAST, arithmetic: 0.5 → 1, −0.5 → −1.
    case halfAwayFromZero
    /// COPY without ROUNDEC: digits are cut off.
    case towardZero
}

extension SQLError {
    /// A result with more digits than its type has.
    package static var decimalPrecisionOverflow: SQLError {
        SQLError(.numericValueOutOfRange, "Numeric data overflow (result precision)")
    }

    /// - Parameter operation: `addition`, `subtraction`, `multiplication`, `division`.
    package static func decimalOverflow(_ operation: String) -> SQLError {
        SQLError(.numericValueOutOfRange, "128 bit numeric data overflow (\(operation))")
    }

    package static var divisionByZero: SQLError { SQLError(.divisionByZero, "Divide by zero") }
}

extension Decimal {
    /// The largest unscaled value of a precision: 10^p − 1, but with 19 digits what an Int64 holds, since such a
    /// column is stored in 64 bits. The smallest is its negative.
    /// - Source: Redshift developer guide, "Numeric types": DECIMAL(19,0) ends at ±9223372036854775807.
    package static func maximumUnscaled(precision: Int) -> Int128 {
        precondition((1...38).contains(precision), "a decimal of \(precision) digits")
        return precision == 19 ? Int128(Int64.max) : PowersOfTen.int128[precision] - 1
    }

    package static func fits(_ unscaled: Int128, precision: Int) -> Bool {
        let bound = maximumUnscaled(precision: precision)
        return unscaled <= bound && unscaled >= -bound
    }

    /// The same number with `scale` digits after the point; nil if it does not fit in 128 bits.
    package func rescaled(to newScale: Int, rounding: Rounding) -> Decimal? {
        Decimal.rescale(unscaled, from: scale, to: newScale, rounding: rounding)
            .map { Decimal(unscaled: $0, scale: newScale) }
    }

    package static func rescale(_ unscaled: Int128, from scale: Int, to newScale: Int, rounding: Rounding) -> Int128? {
        if newScale == scale { return unscaled }
        if newScale > scale {
            if unscaled == 0 { return 0 }
            guard newScale - scale <= 38 else { return nil }
            let (product, overflow) = unscaled.multipliedReportingOverflow(by: PowersOfTen.int128[newScale - scale])
            return overflow ? nil : product
        }
        let dropped = scale - newScale
        // Every Int128 is below 10³⁹ / 2, so that nothing is left of it.
        guard dropped <= 38 else { return 0 }
        return divide(unscaled, by: PowersOfTen.int128[dropped], rounding: rounding)
    }

    /// `divisor` > 0.
    static func divide(_ dividend: Int128, by divisor: Int128, rounding: Rounding) -> Int128 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        guard rounding == .halfAwayFromZero, remainder.magnitude >= divisor.magnitude - remainder.magnitude else {
            return quotient
        }
        return dividend < 0 ? quotient - 1 : quotient + 1
    }

    /// The number as a DECIMAL(precision, scale) holds it.
    package func fitted(
        precision: Int, scale newScale: Int, rounding: Rounding = .halfAwayFromZero
    ) throws(SQLError) -> Decimal {
        guard let result = rescaled(to: newScale, rounding: rounding),
            Decimal.fits(result.unscaled, precision: precision)
        else { throw .decimalPrecisionOverflow }
        return result
    }

    /// The significant digits of the unscaled value, at least 1.
    package var digitCount: Int {
        var count = 1
        let magnitude = unscaled.magnitude
        while count < 39, magnitude >= PowersOfTen.int128[count].magnitude { count += 1 }
        return count
    }

    /// The narrowest type that holds the number: what a numeric literal is declared as.
    package var type: SQLType {
        let precision = max(digitCount, scale, 1)
        return .decimal(precision: min(precision, SQLType.maximumDecimalPrecision), scale: scale)
    }
}

/// Each operation is exact, then brought to the scale of `result`; `DecimalRules` says which type that is.
extension Decimal {
    package static func apply(
        _ operation: ArithmeticOperator, _ left: Decimal, _ right: Decimal, result: (precision: Int, scale: Int)
    ) throws(SQLError) -> Decimal {
        let unscaled: Int128
        switch operation {
        case .add, .subtract: unscaled = try sum(left, right, operation, scale: result.scale)
        case .multiply: unscaled = try product(left, right, scale: result.scale)
        case .divide: unscaled = try quotient(left, right, scale: result.scale)
        case .modulo: unscaled = try remainder(left, right, scale: result.scale)
        }
        guard fits(unscaled, precision: result.precision) else { throw .decimalPrecisionOverflow }
        return Decimal(unscaled: unscaled, scale: result.scale)
    }

    private static func sum(
        _ left: Decimal, _ right: Decimal, _ operation: ArithmeticOperator, scale: Int
    ) throws(SQLError) -> Int128 {
        let common = max(left.scale, right.scale)
        let name = operation == .add ? "addition" : "subtraction"
        guard let a = left.rescaled(to: common, rounding: .towardZero)?.unscaled,
            let b = right.rescaled(to: common, rounding: .towardZero)?.unscaled
        else { throw .decimalOverflow(name) }
        let (exact, overflow) = operation == .add ? a.addingReportingOverflow(b) : a.subtractingReportingOverflow(b)
        guard !overflow, let result = rescale(exact, from: common, to: scale, rounding: .halfAwayFromZero) else {
            throw .decimalOverflow(name)
        }
        return result
    }

    /// The full product must fit in 128 bits before it is brought to a smaller scale, as in Redshift:
    /// `CAST(1 AS DECIMAL(38,20)) * CAST(10 AS DECIMAL(38,20))` overflows.
    private static func product(_ left: Decimal, _ right: Decimal, scale: Int) throws(SQLError) -> Int128 {
        let (exact, overflow) = left.unscaled.multipliedReportingOverflow(by: right.unscaled)
        guard !overflow,
            let result = rescale(exact, from: left.scale + right.scale, to: scale, rounding: .halfAwayFromZero)
        else { throw .decimalOverflow("multiplication") }
        return result
    }

    /// round(left / right · 10^scale), with a numerator of up to 256 bits.
    private static func quotient(_ left: Decimal, _ right: Decimal, scale: Int) throws(SQLError) -> Int128 {
        guard right.unscaled != 0 else { throw .divisionByZero }
        let isNegative = (left.unscaled < 0) != (right.unscaled < 0)
        var numerator: (high: UInt128, low: UInt128) = (0, left.unscaled.magnitude)
        var denominator = right.unscaled.magnitude
        let shift = scale + right.scale - left.scale
        if shift > 0 {
            // Two factors, since 10^shift alone may exceed 128 bits.
            let first = min(shift, 38)
            numerator = numerator.low.multipliedFullWidth(by: PowersOfTen.int128[first].magnitude)
            guard shift - first <= 38, multiply(&numerator, by: PowersOfTen.int128[shift - first].magnitude) else {
                throw .decimalOverflow("division")
            }
        } else if shift < 0 {
            guard -shift <= 38 else { return 0 }
            let (scaled, overflow) = denominator.multipliedReportingOverflow(by: PowersOfTen.int128[-shift].magnitude)
            if overflow { return 0 }
            denominator = scaled
        }
        guard numerator.high < denominator else { throw .decimalOverflow("division") }
        let (floor, remainder) = denominator.dividingFullWidth(numerator)
        let roundsUp: UInt128 = remainder >= denominator - remainder ? 1 : 0
        let (magnitude, overflow) = floor.addingReportingOverflow(roundsUp)
        guard !overflow, magnitude <= UInt128(Int128.max) else { throw .decimalOverflow("division") }
        return isNegative ? -Int128(magnitude) : Int128(magnitude)
    }

    /// false if the product exceeds 256 bits; no quotient of it by 127 bits would fit in 128.
    private static func multiply(_ number: inout (high: UInt128, low: UInt128), by factor: UInt128) -> Bool {
        let low = number.low.multipliedFullWidth(by: factor)
        let (scaledHigh, overflow1) = number.high.multipliedReportingOverflow(by: factor)
        let (high, overflow2) = scaledHigh.addingReportingOverflow(low.high)
        number = (high, low.low)
        return !overflow1 && !overflow2
    }

    /// The sign is the dividend's: mod(−10.5, 4) = −2.5.
    private static func remainder(_ left: Decimal, _ right: Decimal, scale: Int) throws(SQLError) -> Int128 {
        guard right.unscaled != 0 else { throw .divisionByZero }
        let common = max(left.scale, right.scale)
        guard let a = left.rescaled(to: common, rounding: .towardZero)?.unscaled,
            let b = right.rescaled(to: common, rounding: .towardZero)?.unscaled
        else { throw .decimalOverflow("division") }
        // Int128.min % −1 is 0, but the hardware-style operation reports overflow.
        let exact = b == -1 ? 0 : a % b
        guard let result = rescale(exact, from: common, to: scale, rounding: .halfAwayFromZero) else {
            throw .decimalOverflow("division")
        }
        return result
    }

    /// The nearest double.
    package var doubleValue: Double {
        if unscaled.magnitude < 1 << 53, scale < PowersOfTen.double.count {
            return Double(Int64(unscaled)) / PowersOfTen.double[scale]
        }
        var text: [UInt8] = []
        TextWriter.append(unscaled, scale: scale, to: &text)
        return Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }
}
