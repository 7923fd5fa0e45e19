import SQLTypes

/// A numeric format of TO_CHAR and TO_NUMBER: digits, point, groups, signs.
/// - Source: Redshift developer guide, "Numeric format strings".
struct NumberFormat: Sendable {
    enum Element: Sendable, Equatable {
        /// 9 or 0.
        case digit(isZero: Bool)
        case point, group
        /// S, SG, MI, PL
        case sign, signHere, minusHere, plusHere
        case currency
        case literal([UInt8])
    }

    private(set) var elements: [Element] = []
    private var isFilled = true
    private(set) var isBracketed = false
    /// RN, rn; nil for digits.
    private(set) var isRomanUpper: Bool?
    private var ordinal: [UInt8]?
    private var signIsLast = false

    init(_ format: [UInt8]) {
        var index = 0
        while index < format.count {
            let two = String(decoding: format[index...].prefix(2), as: UTF8.self).uppercased()
            switch two {
            case "FM": isFilled = false
            case "PR": isBracketed = true
            case "SG": elements.append(.signHere)
            case "MI": elements.append(.minusHere)
            case "PL": elements.append(.plusHere)
            case "RN": isRomanUpper = format[index] == UInt8(ascii: "R")
            case "TH": ordinal = Array(format[index..<index + 2])
            default:
                elements.append(NumberFormat.element(format[index]))
                index += 1
                continue
            }
            index += 2
        }
        if case .sign? = elements.last { signIsLast = true }
    }

    private static func element(_ byte: UInt8) -> Element {
        switch byte {
        case UInt8(ascii: "9"): .digit(isZero: false)
        case UInt8(ascii: "0"): .digit(isZero: true)
        case UInt8(ascii: "."), UInt8(ascii: "D"), UInt8(ascii: "d"): .point
        case UInt8(ascii: ","), UInt8(ascii: "G"), UInt8(ascii: "g"): .group
        case UInt8(ascii: "S"), UInt8(ascii: "s"): .sign
        case UInt8(ascii: "L"), UInt8(ascii: "l"), UInt8(ascii: "$"): .currency
        default: .literal([byte])
        }
    }

    var pointIndex: Int { elements.firstIndex(of: .point) ?? elements.count }

    func digitCount(_ range: Range<Int>) -> Int {
        elements[range].reduce(0) { count, element in if case .digit = element { count + 1 } else { count } }
    }

    func append(_ value: Decimal, to text: inout [UInt8]) throws(SQLError) {
        if let isRomanUpper { return appendRoman(value, isUpper: isRomanUpper, to: &text) }
        let wholeCount = digitCount(0..<pointIndex)
        let fractionCount = digitCount(min(pointIndex, elements.count)..<elements.count)
        guard fractionCount <= 37, let rounded = value.rescaled(to: fractionCount, rounding: .halfAwayFromZero) else {
            throw .decimalPrecisionOverflow
        }
        var digits: [UInt8] = []
        TextWriter.append(
            Int128(rounded.unscaled.magnitude > UInt128(Int128.max) ? 0 : rounded.unscaled.magnitude), scale: 0,
            to: &digits)
        digits = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, fractionCount + 1 - digits.count)) + digits
        let whole = Array(digits.dropLast(fractionCount))
        let significant = whole == [UInt8(ascii: "0")] && wholeCount > 0 ? [] : whole
        let fits = significant.count <= wholeCount
        let body = self.body(
            whole: significant, fraction: Array(digits.suffix(fractionCount)), wholeCount: wholeCount, fits: fits,
            isNegative: rounded.unscaled < 0, isZero: fractionCount == 0 && significant.isEmpty)
        text.append(contentsOf: body)
    }

    /// Digits from the left, blanks where a 9 has none; the sign stands right before the first digit.
    private func body(
        whole: [UInt8], fraction: [UInt8], wholeCount: Int, fits: Bool, isNegative: Bool, isZero: Bool
    ) -> [UInt8] {
        let blank = UInt8(ascii: " ")
        var out: [UInt8] = []
        var place = 0
        var fractionPlace = 0
        var hasStarted = false
        var signPlace: Int?
        let zeroStart = elements.firstIndex(of: .digit(isZero: true)) ?? .max
        for (index, element) in elements.enumerated() {
            switch element {
            case .digit where index < pointIndex:
                let fromRight = wholeCount - place
                let hasDigit = fromRight <= whole.count
                let isLastOfZero = isZero && place == wholeCount - 1
                if hasDigit || index >= zeroStart || isLastOfZero {
                    if !hasStarted { signPlace = out.count }
                    hasStarted = true
                    let digit = hasDigit ? whole[whole.count - fromRight] : UInt8(ascii: "0")
                    out.append(fits ? digit : UInt8(ascii: "#"))
                } else if isFilled {
                    out.append(blank)
                }
                place += 1
            case .digit:
                let digit = fraction[fractionPlace]
                fractionPlace += 1
                // FM drops zeros that end the fraction.
                let isDropped =
                    !isFilled && element == .digit(isZero: false)
                    && fraction[(fractionPlace - 1)...].allSatisfy { $0 == UInt8(ascii: "0") }
                if !isDropped { out.append(fits ? digit : UInt8(ascii: "#")) }
            case .point:
                if !hasStarted { signPlace = out.count }
                hasStarted = true
                out.append(UInt8(ascii: "."))
            case .group:
                if hasStarted { out.append(UInt8(ascii: ",")) } else if isFilled { out.append(blank) }
            case .sign: break
            case .signHere: out.append(UInt8(ascii: isNegative ? "-" : "+"))
            case .minusHere: if isNegative { out.append(UInt8(ascii: "-")) } else if isFilled { out.append(blank) }
            case .plusHere: if !isNegative { out.append(UInt8(ascii: "+")) } else if isFilled { out.append(blank) }
            case .currency: out.append(UInt8(ascii: "$"))
            case .literal(let bytes): out.append(contentsOf: bytes)
            }
        }
        if let ordinal, !isNegative, fraction.isEmpty {
            out += suffix(of: whole, isUpper: ordinal[0] == UInt8(ascii: "T"))
        }
        return signed(out, at: signPlace ?? 0, isNegative: isNegative)
    }

    private func signed(_ body: [UInt8], at place: Int, isNegative: Bool) -> [UInt8] {
        let blank = UInt8(ascii: " ")
        if isBracketed {
            var out = body
            // A currency sign stays outside of the brackets.
            out.insert(UInt8(ascii: isNegative ? "<" : " "), at: place)
            out.append(UInt8(ascii: isNegative ? ">" : " "))
            return isFilled || isNegative ? out : body
        }
        if elements.contains(.signHere) || elements.contains(.minusHere) || elements.contains(.plusHere) { return body }
        if elements.contains(.sign) {
            let sign = UInt8(ascii: isNegative ? "-" : "+")
            if signIsLast { return body + [sign] }
            return Array(body[..<place]) + [sign] + Array(body[place...])
        }
        if !isNegative, !isFilled { return body }
        return Array(body[..<place]) + [isNegative ? UInt8(ascii: "-") : blank] + Array(body[place...])
    }

    private func suffix(of whole: [UInt8], isUpper: Bool) -> [UInt8] {
        let last = whole.last ?? UInt8(ascii: "0")
        let isTeen = whole.count > 1 && whole[whole.count - 2] == UInt8(ascii: "1")
        let suffix =
            switch last {
            case UInt8(ascii: "1") where !isTeen: "st"
            case UInt8(ascii: "2") where !isTeen: "nd"
            case UInt8(ascii: "3") where !isTeen: "rd"
            default: "th"
            }
        return Array((isUpper ? suffix.uppercased() : suffix).utf8)
    }

    /// 1…3999; anything else is a row of #.
    private func appendRoman(_ value: Decimal, isUpper: Bool, to text: inout [UInt8]) {
        let number = value.rescaled(to: 0, rounding: .halfAwayFromZero)?.unscaled ?? 0
        guard (1...3_999).contains(number) else {
            text.append(contentsOf: repeatElement(UInt8(ascii: "#"), count: 15))
            return
        }
        var rest = Int(number)
        var numeral = ""
        let steps = [
            (1_000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
            (10, "X"),
            (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        for (step, letters) in steps {
            while rest >= step {
                numeral += letters
                rest -= step
            }
        }
        text.append(contentsOf: (isUpper ? numeral : numeral.lowercased()).utf8)
    }
}
