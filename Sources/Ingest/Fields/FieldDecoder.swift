import SQLTypes

/// Turns one field into a value of fixed width: a quick way for what files usually hold, and a thorough one for all
/// else.
protocol FieldDecoder {
    associatedtype Value: BitwiseCopyable & AdditiveArithmetic
    /// nil if the field is not in its usual form; says nothing about its being wrong or null. `text` has at least
    /// `TextWindow.padding` readable bytes.
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Value?
    /// Called for fields that are not null and that `decode` passed on. White space around has been taken off, but
    /// positions of failures count from the field's own start, `leadingBlanks` earlier.
    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Value>
}

/// SMALLINT, INTEGER, BIGINT.
struct IntegerDecoder<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>: FieldDecoder {
    /// As err_reason names the type: Short, Integer, Long.
    let typeName: String

    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Value? {
        guard count > 0 else { return nil }
        let isNegative = text.pointee == UInt8(ascii: "-")
        let sign = isNegative ? 1 : 0
        guard let magnitude = Digits.parse(text + sign, count: count &- sign) else { return nil }
        return Value(exactly: isNegative ? 0 &- magnitude : magnitude)
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Value> {
        switch NumberText.integer(Span(_unsafeElements: field)) {
        case .value(let wide):
            guard let value = Value(exactly: wide) else { return overflow(field) }
            return .value(value)
        case .overflow: return overflow(field)
        case .notANumber:
            return .failure(NumberFailure.invalidDigit(field, leadingBlanks: leadingBlanks, typeName: typeName))
        }
    }

    private func overflow(_ field: UnsafeBufferPointer<UInt8>) -> FieldOutcome<Value> {
        let text = String(decoding: field.prefix(40), as: UTF8.self)
        return .failure(.integerOverflow, "Overflow, Value '\(text)', Pos \(field.count), Type: \(typeName)")
    }
}

enum NumberFailure {
    /// `Invalid digit, Value 'a', Pos 0, Type: Integer`, at the first character that no number of the kind has there.
    static func invalidDigit(
        _ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int, typeName: String, allowsPoint: Bool = false,
        code: LoadErrorCode = .invalidDigit
    ) -> RecordBlock.Failure {
        var position = 0
        var allowsPoint = allowsPoint
        while position < field.count {
            let byte = field[position]
            let isSign = position == 0 && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
            let isPoint = allowsPoint && byte == UInt8(ascii: ".")
            if isPoint { allowsPoint = false }
            guard isSign || isPoint || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
            position += 1
        }
        let culprit = position < field.count ? String(decoding: [field[position]], as: UTF8.self) : ""
        let place = position + leadingBlanks
        return RecordBlock.Failure(
            code: code, reason: "Invalid digit, Value '\(culprit)', Pos \(place), Type: \(typeName)", position: place)
    }
}

/// DECIMAL, as its unscaled integer.
struct DecimalDecoder<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>: FieldDecoder {
    let precision: Int
    let scale: Int
    let rounding: Rounding
    /// 10^precision, if a 64-bit integer has it.
    private let limit: Int64
    /// 10^scale, or 0 if the quick way does not apply.
    private let power: Int64

    init(precision: Int, scale: Int, rounding: Rounding) {
        self.precision = precision
        self.scale = scale
        self.rounding = rounding
        limit = precision <= 18 ? PowersOfTen.int64[precision] : .max
        power = scale <= 8 ? PowersOfTen.int64[scale] : 0
    }

    /// `123`, `123.45` with exactly `scale` digits behind the point; at most 8 digits before it.
    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Value? {
        guard count > 0, power > 0 else { return nil }
        let isNegative = text.pointee == UInt8(ascii: "-")
        let digits = isNegative ? text + 1 : text
        let length = isNegative ? count &- 1 : count
        let wholeCount = length &- 1 &- scale
        let magnitude: Int64
        if wholeCount > 0, scale > 0, digits[wholeCount] == UInt8(ascii: ".") {
            guard wholeCount <= 8 else { return nil }
            guard let value = withPoint(digits, wholeCount: wholeCount) else { return nil }
            magnitude = value
        } else {
            guard length <= 8, let whole = Digits.parse(digits, count: length) else { return nil }
            magnitude = whole &* power
        }
        guard magnitude < limit else { return nil }
        return Value(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
    }

    @inline(__always)
    private func withPoint(_ digits: UnsafePointer<UInt8>, wholeCount: Int) -> Int64? {
        let fraction = Digits.load(digits + (wholeCount &+ 1), count: scale)
        let whole = Digits.load(digits, count: wholeCount)
        if wholeCount &+ scale <= 8 {
            // Both in one word: the whole part below the fraction, that is, before it.
            let joined = fraction | whole &>> UInt64(truncatingIfNeeded: 8 &* scale)
            let word = joined ^ Digits.zeros(count: wholeCount &+ scale)
            return Digits.areDigits(word) ? Digits.value(word) : nil
        }
        let wholeWord = whole ^ Digits.zeros(count: wholeCount)
        let fractionWord = fraction ^ Digits.zeros(count: scale)
        guard Digits.areDigits(wholeWord), Digits.areDigits(fractionWord) else { return nil }
        return Digits.value(wholeWord) &* power &+ Digits.value(fractionWord)
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Value> {
        let text = Span(_unsafeElements: field)
        switch NumberText.decimal(text, precision: precision, scale: scale, rounding: rounding) {
        case .value(let wide):
            guard let value = Value(exactly: wide) else { return overflow }
            return .value(value)
        case .overflow: return overflow
        case .notANumber:
            return .failure(
                NumberFailure.invalidDigit(field, leadingBlanks: leadingBlanks, typeName: "Decimal", allowsPoint: true))
        }
    }

    private var overflow: FieldOutcome<Value> {
        .failure(.outOfRange, "Overflow for NUMERIC(\(precision),\(scale))")
    }
}

/// REAL, DOUBLE PRECISION.
struct FloatDecoder<Value: BinaryFloatingPoint & BitwiseCopyable & Sendable>: FieldDecoder {
    let typeName: String
    let read: @Sendable (Span<UInt8>) -> NumberText.FloatResult<Value>

    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Value? { nil }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Value> {
        switch read(Span(_unsafeElements: field)) {
        case .value(let value): .value(value)
        case .overflow: .failure(.outOfRange, "Value out of range for \(typeName)")
        case .notANumber:
            .failure(
                NumberFailure.invalidDigit(
                    field, leadingBlanks: leadingBlanks, typeName: typeName, allowsPoint: true, code: .invalidFloat))
        }
    }
}

/// BOOLEAN, as 0 or 1.
struct BooleanDecoder: FieldDecoder {
    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> UInt8? {
        guard count == 1 else { return nil }
        switch text.pointee | 0x20 {
        case UInt8(ascii: "t"), UInt8(ascii: "y"): return 1
        case UInt8(ascii: "f"), UInt8(ascii: "n"): return 0
        default: return nil
        }
    }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<UInt8> {
        do throws(SQLError) {
            return .value(try BooleanText.parse(Span(_unsafeElements: field)) ? 1 : 0)
        } catch {
            return .failure(.invalidBoolean, "Unknown boolean format")
        }
    }
}
