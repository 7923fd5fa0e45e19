/// Appends numbers to UTF-8 text, without a String in between.
package enum TextWriter {
    package static func append(_ value: Int64, to text: inout [UInt8]) {
        if value < 0 { text.append(UInt8(ascii: "-")) }
        appendDigits(value.magnitude, minimumDigits: 1, to: &text)
    }

    /// At least `minimumDigits` digits, filled up with zeros on the left.
    package static func appendDigits(_ value: UInt64, minimumDigits: Int, to text: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            var rest = value
            while rest > 0 || 20 - start < min(minimumDigits, 20) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
            text.append(contentsOf: digits[start...])
        }
    }

    /// `unscaled` / 10^`scale` with all `scale` digits after the point: 4.50 for (450, 2), 0.05 for (5, 2).
    package static func append(_ unscaled: Int128, scale: Int, to text: inout [UInt8]) {
        if unscaled < 0 { text.append(UInt8(ascii: "-")) }
        let magnitude = unscaled.magnitude
        guard scale > 0 else { return appendWide(magnitude, minimumDigits: 1, to: &text) }
        guard scale <= 38 else {
            text.append(contentsOf: [UInt8(ascii: "0"), UInt8(ascii: ".")])
            return appendWide(magnitude, minimumDigits: scale, to: &text)
        }
        if let narrow = UInt64(exactly: magnitude), scale <= 18 {
            let power = PowersOfTen.int64[scale].magnitude
            appendDigits(narrow / power, minimumDigits: 1, to: &text)
            text.append(UInt8(ascii: "."))
            return appendDigits(narrow % power, minimumDigits: scale, to: &text)
        }
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: PowersOfTen.int128[scale].magnitude)
        appendWide(whole, minimumDigits: 1, to: &text)
        text.append(UInt8(ascii: "."))
        appendWide(fraction, minimumDigits: scale, to: &text)
    }

    private static func appendWide(_ value: UInt128, minimumDigits: Int, to text: inout [UInt8]) {
        let chunk: UInt128 = 1_000_000_000_000_000_000
        if value < chunk, minimumDigits <= 18 {
            return appendDigits(UInt64(value), minimumDigits: minimumDigits, to: &text)
        }
        appendWide(value / chunk, minimumDigits: max(0, minimumDigits - 18), to: &text)
        appendDigits(UInt64(value % chunk), minimumDigits: 18, to: &text)
    }

    /// 15 significant digits, as PostgreSQL 8 prints FLOAT8 with `extra_float_digits = 0`.
    package static func append(_ value: Double, to text: inout [UInt8]) {
        appendGeneral(value, shortest: value.description, isSubnormal: value.isSubnormal, digits: 15, to: &text)
    }

    /// 6 significant digits.
    package static func append(_ value: Float, to text: inout [UInt8]) {
        appendGeneral(Double(value), shortest: value.description, isSubnormal: value.isSubnormal, digits: 6, to: &text)
    }

    /// `%.<digits>g`, made from the shortest text that reads back as the value, which Swift prints quickly. Rounding that text
    /// gives what rounding the exact value gives: no midpoint between two results can lie between the value and its
    /// shortest text, since the midpoint has only one digit more than a result and would itself have been that text.
    /// Undecided is only the case where the text is such a midpoint; that one, and subnormals, go to the C library.
    private static func appendGeneral(
        _ value: Double, shortest: String, isSubnormal: Bool, digits: Int, to text: inout [UInt8]
    ) {
        guard value.isFinite else {
            text.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
            return
        }
        if value == 0 {
            text.append(contentsOf: (value.sign == .minus ? "-0" : "0").utf8)
            return
        }
        var (significand, exponent) = significandDigits(of: shortest)
        let isMidpoint = significand.count == digits + 1 && significand[digits] == UInt8(ascii: "5")
        if isSubnormal || isMidpoint {
            text.append(contentsOf: Platform.shortestGeneral(value, significantDigits: digits))
            return
        }
        if significand.count > digits, round(&significand, to: digits) { exponent += 1 }
        while significand.count > 1, significand.last == UInt8(ascii: "0") { significand.removeLast() }
        if value < 0 { text.append(UInt8(ascii: "-")) }
        appendGeneral(significand, exponent: exponent, digits: digits, to: &text)
    }

    /// The digits of a printed float without leading and trailing zeros, and the power of ten of the first one.
    private static func significandDigits(of shortest: String) -> (digits: [UInt8], exponent: Int) {
        let parts = shortest.utf8.split(separator: UInt8(ascii: "e"), maxSplits: 1)
        var digits: [UInt8] = []
        var pointPosition: Int?
        for byte in parts[0] {
            if byte == UInt8(ascii: ".") {
                pointPosition = digits.count
            } else if byte != UInt8(ascii: "-") {
                digits.append(byte)
            }
        }
        let exponent = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        return normalised(digits, pointPosition: pointPosition ?? digits.count, exponent: exponent)
    }

    private static func normalised(
        _ digits: [UInt8], pointPosition: Int, exponent: Int
    ) -> (digits: [UInt8], exponent: Int) {
        let zero = UInt8(ascii: "0")
        let leading = digits.prefix { $0 == zero }.count
        var significand = Array(digits.dropFirst(leading))
        while significand.count > 1, significand.last == zero { significand.removeLast() }
        return (significand, exponent + pointPosition - leading - 1)
    }

    /// Rounds decimal digits to `count` of them; true if a carry made one more digit in front.
    private static func round(_ digits: inout [UInt8], to count: Int) -> Bool {
        let roundsUp = digits[count] >= UInt8(ascii: "5")
        digits.removeLast(digits.count - count)
        guard roundsUp else { return false }
        for index in digits.indices.reversed() {
            if digits[index] < UInt8(ascii: "9") {
                digits[index] += 1
                return false
            }
            digits[index] = UInt8(ascii: "0")
        }
        digits.insert(UInt8(ascii: "1"), at: 0)
        digits.removeLast()
        return true
    }

    private static func appendGeneral(_ significand: [UInt8], exponent: Int, digits: Int, to text: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        let point = UInt8(ascii: ".")
        if exponent < -4 || exponent >= digits {
            text.append(significand[0])
            if significand.count > 1 {
                text.append(point)
                text.append(contentsOf: significand[1...])
            }
            text.append(UInt8(ascii: "e"))
            text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
            appendDigits(UInt64(exponent.magnitude), minimumDigits: 2, to: &text)
        } else if exponent < 0 {
            text.append(zero)
            text.append(point)
            text.append(contentsOf: repeatElement(zero, count: -exponent - 1))
            text.append(contentsOf: significand)
        } else {
            let wholeCount = exponent + 1
            text.append(contentsOf: significand.prefix(wholeCount))
            text.append(contentsOf: repeatElement(zero, count: max(0, wholeCount - significand.count)))
            guard significand.count > wholeCount else { return }
            text.append(point)
            text.append(contentsOf: significand[wholeCount...])
        }
    }
}
