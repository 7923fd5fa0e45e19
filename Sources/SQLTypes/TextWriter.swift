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
    /// - Parameter extraDigits: that setting: from 2 on, the shortest text that reads back as the value.
    package static func append(_ value: Double, extraDigits: Int = 0, to text: inout [UInt8]) {
        let digits = min(max(15 + extraDigits, 1), 17)
        appendGeneral(value, shortest: value.description, isSubnormal: value.isSubnormal, digits: digits, to: &text)
    }

    /// 6 significant digits; from `extraDigits` 3 on, as many as it takes.
    package static func append(_ value: Float, extraDigits: Int = 0, to text: inout [UInt8]) {
        let digits = min(max(6 + extraDigits, 1), 9)
        appendGeneral(
            Double(value), shortest: value.description, isSubnormal: value.isSubnormal, digits: digits, to: &text)
    }

    /// `%.<digits>g`, made from the shortest text that reads back as the value, which Swift prints quickly. Rounding
    /// that text gives what rounding the exact value gives: no midpoint between two results can lie between the value
    /// and its shortest text, since the midpoint has only one digit more than a result and would itself have been
    /// that text. Undecided is only the case where the text is such a midpoint; that one, and subnormals, go to the C
    /// library.
    private static func appendGeneral(
        _ value: Double, shortest: String, isSubnormal: Bool, digits limit: Int, to text: inout [UInt8]
    ) {
        guard value.isFinite else {
            text.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8)
            return
        }
        if value == 0 {
            text.append(contentsOf: (value.sign == .minus ? "-0" : "0").utf8)
            return
        }
        var significand = Significand(shortest)
        let isMidpoint = significand.count == limit + 1 && significand.digits[limit] == 5
        if isSubnormal || isMidpoint {
            text.append(contentsOf: Platform.shortestGeneral(value, significantDigits: limit))
            return
        }
        significand.round(to: limit)
        if value < 0 { text.append(UInt8(ascii: "-")) }
        significand.append(limit: limit, to: &text)
    }
}

/// 0.d₀d₁d₂… · 10^(exponent + 1), d₀ ≠ 0: the digits of a float's shortest text (17 at most) without outer zeros.
private struct Significand {
    var digits = InlineArray<24, UInt8>(repeating: 0)
    var count = 0
    /// The power of ten of the first digit.
    var exponent = 0

    /// - Parameter text: what `description` gives for a finite number other than 0: `-12.5`, `5e-324`, `1.25e+20`.
    init(_ text: String) {
        var wholeDigits = 0
        var leadingZeros = 0
        var seenPoint = false
        var exponentText = 0
        var isExponent = false
        var isNegativeExponent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte - UInt8(ascii: "0")
                if isExponent {
                    exponentText = exponentText * 10 + Int(digit)
                    continue
                }
                if !seenPoint { wholeDigits += 1 }
                if count == 0, digit == 0 {
                    leadingZeros += 1
                } else if count < 24 {
                    digits[count] = digit
                    count += 1
                }
            case UInt8(ascii: "."): seenPoint = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-") where isExponent: isNegativeExponent = true
            default: break
            }
        }
        exponent = (isNegativeExponent ? -exponentText : exponentText) + wholeDigits - leadingZeros - 1
        dropTrailingZeros()
    }

    private mutating func dropTrailingZeros() {
        while count > 1, digits[count - 1] == 0 { count -= 1 }
    }

    /// Half goes up: the caller has dealt with ties.
    mutating func round(to limit: Int) {
        guard count > limit else { return }
        let roundsUp = digits[limit] >= 5
        count = limit
        if roundsUp {
            var index = limit - 1
            while index >= 0, digits[index] == 9 { index -= 1 }
            if index < 0 {
                digits[0] = 1
                count = 1
                exponent += 1
            } else {
                digits[index] += 1
                count = index + 1
            }
        }
        dropTrailingZeros()
    }

    /// In the manner of `%g`: with an exponent if it is below −4 or not below `limit`.
    func append(limit: Int, to text: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        let point = UInt8(ascii: ".")
        if exponent < -4 || exponent >= limit {
            text.append(zero + digits[0])
            if count > 1 { text.append(point) }
            for index in 1..<max(1, count) { text.append(zero + digits[index]) }
            text.append(UInt8(ascii: "e"))
            text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
            TextWriter.appendDigits(UInt64(exponent.magnitude), minimumDigits: 2, to: &text)
        } else if exponent < 0 {
            text.append(zero)
            text.append(point)
            for _ in 0..<(-exponent - 1) { text.append(zero) }
            for index in 0..<count { text.append(zero + digits[index]) }
        } else {
            for index in 0..<max(count, exponent + 1) {
                if index == exponent + 1 { text.append(point) }
                text.append(index < count ? zero + digits[index] : zero)
            }
        }
    }
}
