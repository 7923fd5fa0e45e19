/// Reads numbers from UTF-8 text. Outer white space is ignored, as in PostgreSQL; an empty text is not a number.
package enum NumberText {
    package enum IntegerResult: Hashable, Sendable {
        case value(Int64)
        case notANumber
        /// A well-formed integer past 64 bits.
        case overflow
    }

    /// `[+|-]digits`.
    package static func integer(_ text: Span<UInt8>) -> IntegerResult {
        var index = 0
        let end = text.count
        guard end > 0 else { return .notANumber }
        var isNegative = false
        if text[0] == minus || text[0] == plus {
            isNegative = text[0] == minus
            index = 1
        }
        guard index < end, end - index <= 18 else { return longInteger(text) }
        var magnitude: Int64 = 0
        while index < end {
            let digit = text[index] &- zero
            guard digit <= 9 else { return longInteger(text) }
            magnitude = magnitude &* 10 &+ Int64(digit)
            index &+= 1
        }
        return .value(isNegative ? -magnitude : magnitude)
    }

    /// What the fast path leaves: blanks around the number, more than 18 characters, or no number at all.
    private static func longInteger(_ text: Span<UInt8>) -> IntegerResult {
        let range = UTF8Bytes.trimmedRange(text)
        var index = range.lowerBound
        var isNegative = false
        if index < range.upperBound, text[index] == minus || text[index] == plus {
            isNegative = text[index] == minus
            index += 1
        }
        guard index < range.upperBound else { return .notANumber }
        var value: Int64 = 0
        var overflows = false
        while index < range.upperBound {
            let digit = text[index] &- zero
            guard digit <= 9 else { return .notANumber }
            let (tenfold, overflow1) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow2) =
                isNegative
                ? tenfold.subtractingReportingOverflow(Int64(digit)) : tenfold.addingReportingOverflow(Int64(digit))
            overflows = overflows || overflow1 || overflow2
            value = next
            index += 1
        }
        return overflows ? .overflow : .value(value)
    }

    /// A number as it was written: `coefficient` / 10^`scale`, with the sign apart.
    struct Scan {
        var isNegative = false
        /// At most 38 significant digits.
        var coefficient: UInt128 = 0
        /// May be negative after an exponent: 5e3 is (5, −3).
        var scale = 0
        /// Whether the first digit that the coefficient had no room for was 5 or more.
        var roundsUp = false
        var digitsDropped = false
    }

    /// `[+|-]digits[.digits][e[+|-]digits]`, with at least one digit before the exponent; nil for anything else.
    static func scan(_ text: Span<UInt8>) -> Scan? {
        let range = UTF8Bytes.trimmedRange(text)
        var index = range.lowerBound
        let end = range.upperBound
        var scan = Scan()
        if index < end, text[index] == minus || text[index] == plus {
            scan.isNegative = text[index] == minus
            index += 1
        }
        var digitCount = 0
        var seenPoint = false
        while index < end {
            let byte = text[index]
            if byte == point, !seenPoint {
                seenPoint = true
            } else {
                let digit = byte &- zero
                guard digit <= 9 else { break }
                digitCount += 1
                scan.take(digit, isFraction: seenPoint)
            }
            index += 1
        }
        guard digitCount > 0 else { return nil }
        if index < end {
            guard text[index] | 0x20 == UInt8(ascii: "e"), let exponent = exponent(text, from: index + 1, to: end)
            else {
                return nil
            }
            scan.scale -= exponent
        }
        return scan
    }

    /// The digits after `e`; saturates, since every exponent past a thousand means overflow or zero.
    private static func exponent(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        var isNegative = false
        if index < end, text[index] == minus || text[index] == plus {
            isNegative = text[index] == minus
            index += 1
        }
        guard index < end else { return nil }
        var exponent = 0
        while index < end {
            let digit = text[index] &- zero
            guard digit <= 9 else { return nil }
            exponent = min(100_000, exponent * 10 + Int(digit))
            index += 1
        }
        return isNegative ? -exponent : exponent
    }

    package enum DecimalResult: Hashable, Sendable {
        /// The unscaled value at the scale asked for.
        case value(Int128)
        case notANumber
        /// More digits than the precision has.
        case overflow
    }

    /// A DECIMAL(precision, scale) as COPY and literals write it.
    package static func decimal(
        _ text: Span<UInt8>, precision: Int, scale: Int, rounding: Rounding
    ) -> DecimalResult {
        if let unscaled = shortDecimal(text, scale: scale) {
            return Decimal.fits(Int128(unscaled), precision: precision) ? .value(Int128(unscaled)) : .overflow
        }
        guard let scan = scan(text) else { return .notANumber }
        guard let unscaled = scan.unscaled(scale: scale, rounding: rounding),
            Decimal.fits(unscaled, precision: precision)
        else { return .overflow }
        return .value(unscaled)
    }

    /// The common case: digits and a point, no more fraction digits than `scale`, at most 18 digits in all once the
    /// missing zeros are filled in. nil leaves it to the general scan.
    @inline(__always)
    private static func shortDecimal(_ text: Span<UInt8>, scale: Int) -> Int64? {
        var index = 0
        let end = text.count
        guard end > 0, end <= 20, scale <= 18 else { return nil }
        let isNegative = text[0] == minus
        if isNegative { index = 1 }
        let firstDigit = index
        var magnitude: Int64 = 0
        var pointIndex = end
        while index < end {
            let digit = text[index] &- zero
            if digit <= 9 {
                magnitude = magnitude &* 10 &+ Int64(digit)
            } else if text[index] == point, pointIndex == end {
                pointIndex = index
            } else {
                return nil
            }
            index &+= 1
        }
        let fractionCount = max(0, end &- pointIndex &- 1)
        let digitCount = end &- firstDigit &- (pointIndex < end ? 1 : 0)
        guard digitCount > 0, fractionCount <= scale, digitCount + scale - fractionCount <= 18 else { return nil }
        magnitude &*= PowersOfTen.int64[scale - fractionCount]
        return isNegative ? -magnitude : magnitude
    }

    /// A decimal at the scale it was written with, as the lexer needs it; nil if it is none or has more than 38 digits.
    package static func decimalLiteral(_ text: Span<UInt8>) -> Decimal? {
        guard let scan = scan(text), !scan.digitsDropped || scan.coefficient == 0 else { return nil }
        let scale = max(0, scan.scale)
        guard scale <= 37, let unscaled = scan.unscaled(scale: scale, rounding: .towardZero),
            Decimal.fits(unscaled, precision: 38)
        else { return nil }
        return Decimal(unscaled: unscaled, scale: scale)
    }

    package enum FloatResult<Value: Sendable & Hashable>: Hashable, Sendable {
        case value(Value)
        case notANumber
        /// Well-formed, but past the largest finite value, or not zero and below the smallest.
        case overflow
    }

    /// A FLOAT8: a number, `NaN`, `Infinity`, `-Infinity` (any case).
    package static func double(_ text: Span<UInt8>) -> FloatResult<Double> {
        guard let scan = scan(text) else { return special(text).map { .value($0) } ?? .notANumber }
        if !scan.digitsDropped, scan.coefficient < 1 << 53, scan.scale.magnitude < PowersOfTen.double.count {
            // Both operands are exact, so that the one rounding is the correct one (Clinger, "How to read floating
            // point numbers accurately", PLDI 1990).
            let coefficient = Double(UInt64(scan.coefficient))
            let power = PowersOfTen.double[Int(scan.scale.magnitude)]
            let magnitude = scan.scale >= 0 ? coefficient / power : coefficient * power
            return .value(scan.isNegative ? -magnitude : magnitude)
        }
        guard let value = Double(trimmedText(text)) else { return .notANumber }
        if value.isInfinite || (value == 0 && scan.coefficient != 0) { return .overflow }
        return .value(value)
    }

    package static func float(_ text: Span<UInt8>) -> FloatResult<Float> {
        guard let scan = scan(text) else { return special(text).map { .value(Float($0)) } ?? .notANumber }
        guard let value = Float(trimmedText(text)) else { return .notANumber }
        if value.isInfinite || (value == 0 && scan.coefficient != 0) { return .overflow }
        return .value(value)
    }

    private static func trimmedText(_ text: Span<UInt8>) -> String {
        text.extracting(UTF8Bytes.trimmedRange(text)).text
    }

    private static func special(_ text: Span<UInt8>) -> Double? {
        switch trimmedText(text).lowercased() {
        case "nan": .nan
        case "infinity", "+infinity": .infinity
        case "-infinity": -.infinity
        default: nil
        }
    }

    private static let zero = UInt8(ascii: "0")
    private static let minus = UInt8(ascii: "-")
    private static let plus = UInt8(ascii: "+")
    private static let point = UInt8(ascii: ".")
}

extension NumberText.Scan {
    private static let coefficientLimit: UInt128 = 10_000_000_000_000_000_000_000_000_000_000_000_000

    mutating func take(_ digit: UInt8, isFraction: Bool) {
        if !digitsDropped, coefficient < Self.coefficientLimit {
            coefficient = coefficient * 10 + UInt128(digit)
            if isFraction { scale += 1 }
            return
        }
        if !digitsDropped { roundsUp = digit >= 5 }
        digitsDropped = true
        if !isFraction { scale -= 1 }
    }

    /// nil if it does not fit in 128 bits.
    func unscaled(scale newScale: Int, rounding: Rounding) -> Int128? {
        if coefficient == 0 { return 0 }
        var magnitude: Int128
        if newScale == scale {
            magnitude = Int128(coefficient)
            if rounding == .halfAwayFromZero, roundsUp { magnitude += 1 }
        } else if newScale > scale, digitsDropped {
            return nil
        } else {
            guard
                let rescaled = Decimal.rescale(Int128(coefficient), from: scale, to: newScale, rounding: rounding)
            else { return nil }
            magnitude = rescaled
        }
        return isNegative ? -magnitude : magnitude
    }
}
