import SQLTypes

/// TO_NUMBER: a number read by its format. Digits go where the format has digits, from the left, at most as many as it
/// has before and behind its point; currency signs, group separators and blanks are skipped in both.
/// - Source: Redshift developer guide, "TO_NUMBER", "Numeric format strings".
extension NumberFormat {
    /// Digits before and behind the point: what the result's type is made from.
    var digitCounts: (whole: Int, fraction: Int) {
        let point = pointIndex
        return (digitCount(0..<point), digitCount(min(point, elements.count)..<elements.count))
    }

    func parse(_ text: UnsafeBufferPointer<UInt8>) throws(SQLError) -> Decimal {
        guard isRomanUpper == nil else { throw .unsupported("RN in a format of TO_NUMBER") }
        let counts = digitCounts
        guard counts.whole + counts.fraction <= 38 else { throw .decimalPrecisionOverflow }
        func invalid() -> SQLError {
            SQLError(
                .invalidTextRepresentation,
                "invalid input syntax for type numeric: \"\(String(decoding: text, as: UTF8.self))\"")
        }
        var unscaled: Int128 = 0
        var scale = 0
        var wholeDigits = 0
        var seen = (digit: false, point: false, sign: false, closing: false)
        var isNegative = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard !seen.closing else { throw invalid() }
                seen.digit = true
                if seen.point {
                    // More digits than the format has are cut off.
                    if scale == counts.fraction { continue }
                    scale += 1
                } else {
                    if wholeDigits > 0 || byte != UInt8(ascii: "0") { wholeDigits += 1 }
                    guard wholeDigits <= counts.whole else { throw .decimalPrecisionOverflow }
                }
                unscaled = unscaled * 10 + Int128(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "."):
                guard !seen.point, elements.contains(.point) else { throw invalid() }
                seen.point = true
            case UInt8(ascii: ","):
                guard !seen.point, elements.contains(.group) else { throw invalid() }
            case UInt8(ascii: "$"):
                guard elements.contains(.currency) else { throw invalid() }
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "<"):
                guard !seen.sign, byte != UInt8(ascii: "<") || isBracketed else { throw invalid() }
                seen.sign = true
                isNegative = byte != UInt8(ascii: "+")
            case UInt8(ascii: ">"):
                guard isBracketed, seen.sign, isNegative, !seen.closing else { throw invalid() }
                seen.closing = true
            case 0x20: continue
            default:
                guard elements.contains(.literal([byte])) else { throw invalid() }
            }
        }
        guard seen.digit else { throw invalid() }
        return Decimal(unscaled: isNegative ? -unscaled : unscaled, scale: scale)
    }
}
