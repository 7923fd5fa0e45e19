import SQLTypes

/// NUMERIC in binary: digits to the base 10,000.
///
///     Int16 digits | Int16 weight | UInt16 sign | Int16 display scale | Int16 digit …
///
/// The value is the sum of digit[i] · 10,000^(weight − i). Leading and trailing zero digits are left out; the display
/// scale counts decimal digits behind the point.
/// - Source: PostgreSQL, `numeric_send` and `numeric_recv`.
package enum BinaryNumeric {
    private static let positive: UInt16 = 0x0000
    private static let negative: UInt16 = 0x4000

    /// Appends `unscaled` / 10^`scale`. - Precondition: 0 ≤ scale ≤ 38.
    package static func append(_ unscaled: Int128, scale: Int, to bytes: inout [UInt8]) {
        precondition((0...38).contains(scale), "a scale of \(scale)")
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 24) { digits in
            var start = 24
            // The digits behind the point fill their last group up with zeros.
            let groups = (scale + 3) / 4
            let missing = groups * 4 - scale
            var rest = unscaled.magnitude
            if missing > 0, groups > 0 {
                let power: UInt128 = missing == 1 ? 10 : missing == 2 ? 100 : 1_000
                let cut: UInt128 = 10_000 / power
                let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: cut)
                start -= 1
                digits[start] = UInt16(truncatingIfNeeded: remainder * power)
                rest = quotient
            }
            while rest > UInt128(UInt64.max) {
                let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10_000)
                start -= 1
                digits[start] = UInt16(truncatingIfNeeded: remainder)
                rest = quotient
            }
            var narrow = UInt64(truncatingIfNeeded: rest)
            while narrow > 0 {
                let (quotient, remainder) = narrow.quotientAndRemainder(dividingBy: 10_000)
                start -= 1
                digits[start] = UInt16(truncatingIfNeeded: remainder)
                narrow = quotient
            }
            var weight = 23 - start - groups
            while start < 24, digits[start] == 0 {
                start += 1
                weight -= 1
            }
            var end = 24
            while end > start, digits[end - 1] == 0 { end -= 1 }
            if start == end { weight = 0 }
            append(UInt16(truncatingIfNeeded: end - start), to: &bytes)
            append(UInt16(bitPattern: Int16(truncatingIfNeeded: weight)), to: &bytes)
            append(unscaled < 0 ? negative : positive, to: &bytes)
            append(UInt16(truncatingIfNeeded: scale), to: &bytes)
            for index in start..<end { append(digits[index], to: &bytes) }
        }
    }

    private static func append(_ value: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// With the display scale as its scale.
    static func decode(_ reader: inout BinaryReader) throws(SQLError) -> Decimal {
        let count = Int(try reader.integer(Int16.self))
        let weight = Int(try reader.integer(Int16.self))
        let sign = try reader.integer(UInt16.self)
        let scale = Int(try reader.integer(Int16.self))
        guard sign == positive || sign == negative else {
            // PostgreSQL's NaN and infinities, which DECIMAL has not.
            throw SQLError(.invalidParameterValue, "invalid value for a parameter of type numeric")
        }
        guard count >= 0, scale >= 0, scale <= 0x3FFF else { throw BinaryReader.malformed }
        guard count <= 32, scale <= SQLType.maximumDecimalPrecision - 1 else { throw overflow }
        var magnitude: Int128 = 0
        for index in 0..<count {
            let digit = try reader.integer(Int16.self)
            guard (0..<10_000).contains(digit) else { throw BinaryReader.malformed }
            try add(Int128(digit), power: (weight - index) * 4 + scale, to: &magnitude)
        }
        guard magnitude < limit else { throw overflow }
        return Decimal(unscaled: sign == negative ? -magnitude : magnitude, scale: scale)
    }

    /// Adds digit · 10^power; digits behind the display scale are cut off.
    private static func add(_ digit: Int128, power: Int, to magnitude: inout Int128) throws(SQLError) {
        guard digit != 0 else { return }
        if power < 0 {
            if power > -4 { magnitude += digit / powers[-power] }
            return
        }
        guard power < powers.count else { throw overflow }
        let (product, overflow1) = digit.multipliedReportingOverflow(by: powers[power])
        let (sum, overflow2) = magnitude.addingReportingOverflow(product)
        guard !overflow1, !overflow2 else { throw overflow }
        magnitude = sum
    }

    /// 10^0 … 10^38.
    private static let powers: [Int128] = (0..<38).reduce(into: [Int128(1)]) { list, _ in
        list.append(list[list.count - 1] * 10)
    }
    private static let limit = powers[38]
    private static var overflow: SQLError {
        SQLError(.numericValueOutOfRange, "Numeric data overflow (result precision)")
    }
}
