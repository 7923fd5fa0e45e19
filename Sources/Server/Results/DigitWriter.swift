#if Server
/// Writes numbers backwards, from the byte before `end`: how many digits there are need not be known before.
struct DigitWriter {
    /// The first byte that has been written.
    private(set) var start: UnsafeMutablePointer<UInt8>

    init(endingAt end: UnsafeMutablePointer<UInt8>) { start = end }

    private static let pairs: StaticString = """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657\
        585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    @inline(__always)
    mutating func write(_ byte: UInt8) {
        start -= 1
        start.pointee = byte
    }

    @inline(__always)
    private mutating func writePair(_ number: Int) {
        start -= 2
        UnsafeMutableRawPointer(start).copyMemory(from: DigitWriter.pairs.utf8Start + 2 * number, byteCount: 2)
    }

    /// At least one digit.
    @inline(__always)
    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            writePair(Int(truncatingIfNeeded: pair))
            rest = quotient
        }
        if rest >= 10 { writePair(Int(truncatingIfNeeded: rest)) } else { write(digit: rest) }
    }

    @inline(__always)
    private mutating func write(digit: UInt64) { write(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)) }

    /// Two digits. - Precondition: below 100.
    @inline(__always)
    mutating func write(twoDigits value: Int) { writePair(value) }

    /// Exactly that many digits; what does not fit is returned.
    @inline(__always)
    mutating func write(_ value: UInt64, digits: Int) -> UInt64 {
        var rest = value
        for _ in 0..<digits {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            write(digit: digit)
            rest = quotient
        }
        return rest
    }

    @inline(__always)
    mutating func write(_ value: Int64) {
        write(value.magnitude)
        if value < 0 { write(UInt8(ascii: "-")) }
    }

    /// `unscaled` / 10^`scale` with all digits of the scale.
    @inline(__always)
    mutating func write(_ unscaled: Int64, scale: Int) {
        let whole = write(unscaled.magnitude, digits: scale)
        if scale > 0 { write(UInt8(ascii: ".")) }
        write(whole)
        if unscaled < 0 { write(UInt8(ascii: "-")) }
    }
}
#endif
