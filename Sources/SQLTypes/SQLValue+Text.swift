/// Text out: what psql shows.
extension SQLValue {
    public func text(as type: SQLType, zone: SessionTimeZone = .utc) -> [UInt8] {
        var text: [UInt8] = []
        append(as: type, zone: zone, to: &text)
        return text
    }

    /// Appends the value as a column of `type` shows it: BOOLEAN as `t` and `f`, CHAR filled up with blanks, DECIMAL
    /// with all digits of its scale, floats with 15 or 6 significant digits, times without trailing zeros in the
    /// fraction, VARBYTE as hex. NULL appends nothing: how it is marked is the output format's affair.
    public func append(as type: SQLType, zone: SessionTimeZone = .utc, to text: inout [UInt8]) {
        switch self {
        case .null: break
        case .boolean(let flag): text.append(UInt8(ascii: flag ? "t" : "f"))
        case .integer(let integer): TextWriter.append(integer, to: &text)
        case .decimal(let decimal):
            let scale = type.isDecimal ? type.scale : decimal.scale
            let shown = decimal.rescaled(to: scale, rounding: .halfAwayFromZero) ?? decimal
            TextWriter.append(shown.unscaled, scale: shown.scale, to: &text)
        case .real(let float): TextWriter.append(float, to: &text)
        case .double(let double): TextWriter.append(double, to: &text)
        case .string(let bytes):
            text.append(contentsOf: bytes)
            if case .char(let length) = type {
                text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, length - bytes.count)))
            }
        case .date(let days): TextWriter.append(date: days, to: &text)
        case .time(let microseconds): TextWriter.append(time: microseconds, to: &text)
        case .timetz(let microseconds, let secondsWest):
            TextWriter.append(timetz: microseconds, secondsWest: secondsWest, to: &text)
        case .timestamp(let timestamp): TextWriter.append(timestamp: timestamp, to: &text)
        case .timestamptz(let timestamp): TextWriter.append(timestamptz: timestamp, zone: zone, to: &text)
        case .interval(let months, let days, let microseconds):
            var interval = Interval(months: months, days: days, microseconds: microseconds)
            if type == .intervalDayToSecond { interval = interval.withWholeDays }
            TextWriter.append(interval, to: &text)
        case .varbyte(let bytes): TextWriter.append(hex: bytes, to: &text)
        }
    }
}

extension Interval {
    /// Full days of the microseconds counted as days, as a DAY TO SECOND column, which stores microseconds only, is
    /// shown.
    var withWholeDays: Interval {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: TimeOfDay.microsecondsPerDay)
        let (sum, overflow) = days.addingReportingOverflow(Int32(truncatingIfNeeded: whole))
        return overflow ? self : Interval(months: months, days: sum, microseconds: rest)
    }
}

extension TextWriter {
    package static func append(hex bytes: [UInt8], to text: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}

/// Text in: a literal or a field as a value of a type.
extension SQLType {
    /// - Parameters:
    ///   - text: UTF-8; white space around anything but a string does not count. An empty text is a value of the
    ///   string types
    ///     only.
    ///   - rounding: what happens to fraction digits past a DECIMAL's scale.
    /// - Throws: 22P02, 22007 for text that is none of the type; 22003, 22008 for one out of range; 22001 for a
    ///   string that is too long, unless only blanks are past the limit.
    public func parse(_ text: [UInt8], context: DateTimeContext = .utc) throws(SQLError) -> SQLValue {
        try parse(text.span, context: context)
    }

    package func parse(
        _ text: Span<UInt8>, context: DateTimeContext = .utc, rounding: Rounding = .halfAwayFromZero
    ) throws(SQLError) -> SQLValue {
        switch self {
        case .boolean: return .boolean(try BooleanText.parse(text))
        case .smallint, .integer, .bigint: return .integer(try parseInteger(text))
        case .decimal(let precision, let scale):
            switch NumberText.decimal(text, precision: precision, scale: scale, rounding: rounding) {
            case .value(let unscaled): return .decimal(Decimal(unscaled: unscaled, scale: scale))
            case .notANumber: throw .invalidSyntax(self, text)
            case .overflow: throw .decimalPrecisionOverflow
            }
        case .real:
            switch NumberText.float(text) {
            case .value(let value): return .real(value)
            case .notANumber: throw .invalidSyntax(self, text)
            case .overflow: throw .textOutOfRange(self, text)
            }
        case .double:
            switch NumberText.double(text) {
            case .value(let value): return .double(value)
            case .notANumber: throw .invalidSyntax(self, text)
            case .overflow: throw .textOutOfRange(self, text)
            }
        case .char(let length):
            return .string(try StringLength.fitted(text.bytes, to: length, as: self, truncates: false))
        case .varchar(let length):
            return .string(try StringLength.fitted(text.bytes, to: length, as: self, truncates: false))
        case .unknown: return .string(text.bytes)
        case .date: return .date(try DateTimeText.date(text, context: context))
        case .time: return .time(try DateTimeText.time(text, context: context))
        case .timetz:
            return .timetz(microseconds: try DateTimeText.timetz(text, context: context), secondsWest: 0)
        case .timestamp: return .timestamp(try DateTimeText.timestamp(text, context: context))
        case .timestamptz: return .timestamptz(try DateTimeText.timestamptz(text, context: context))
        case .intervalYearToMonth, .intervalDayToSecond:
            let qualifier: IntervalQualifier? = self == .intervalYearToMonth ? .yearToMonth : nil
            let interval = try IntervalText.parse(text, qualifier: qualifier)
            return SQLValue(interval)
        case .varbyte(let length):
            guard text.count <= length else { throw .valueTooLong(self) }
            return .varbyte(text.bytes)
        case .catalog(let type): return try type.parse(text)
        }
    }

    private func parseInteger(_ text: Span<UInt8>) throws(SQLError) -> Int64 {
        switch NumberText.integer(text) {
        case .value(let value):
            guard integerRange.contains(value) else { throw .textOutOfRange(self, text) }
            return value
        case .notANumber: throw .invalidSyntax(self, text)
        case .overflow: throw .textOutOfRange(self, text)
        }
    }

    /// The values of an integer type; all of Int64 for any other.
    package var integerRange: ClosedRange<Int64> {
        switch self {
        case .smallint: Int64(Int16.min)...Int64(Int16.max)
        case .integer: Int64(Int32.min)...Int64(Int32.max)
        default: .min ... .max
        }
    }
}

/// `t true y yes 1` and `f false n no 0`, in any case.
package enum BooleanText {
    package static func parse(_ text: Span<UInt8>) throws(SQLError) -> Bool {
        let trimmed = text.extracting(UTF8Bytes.trimmedRange(text))
        guard trimmed.count <= 5 else { throw .invalidSyntax(.boolean, text) }
        switch trimmed.text.lowercased() {
        case "t", "true", "y", "yes", "1": return true
        case "f", "false", "n", "no", "0": return false
        default: throw .invalidSyntax(.boolean, text)
        }
    }
}

/// CHAR and VARCHAR limits, which count bytes.
package enum StringLength {
    /// CHAR is stored without trailing blanks and holds ASCII only. Blanks past the limit are dropped; other bytes
    /// are an error, or cut off (at a character's border) by an explicit cast.
    package static func fitted(
        _ bytes: [UInt8], to length: Int, as type: SQLType, truncates: Bool
    ) throws(SQLError) -> [UInt8] {
        var isChar = false
        if case .char = type { isChar = true }
        if isChar, let byte = bytes.first(where: { $0 >= 0x80 }) { throw .notASCII(byte) }
        let significant = UTF8Bytes.lengthWithoutTrailingBlanks(bytes.span)
        let wanted = isChar ? significant : bytes.count
        if wanted <= length { return wanted == bytes.count ? bytes : Array(bytes[..<wanted]) }
        if significant <= length { return Array(bytes[..<length]) }
        guard truncates else { throw .valueTooLong(type) }
        var kept = UTF8Bytes.prefixLength(bytes.span, limit: length)
        if isChar { kept = UTF8Bytes.lengthWithoutTrailingBlanks(bytes.span.extracting(0..<kept)) }
        return Array(bytes[..<kept])
    }
}

extension SQLError {
    /// `value too long for type character varying(3)`
    package static func valueTooLong(_ type: SQLType) -> SQLError {
        SQLError(.stringDataRightTruncation, "value too long for type \(type)")
    }

    /// CHAR columns hold single-byte characters only.
    package static func notASCII(_ byte: UInt8) -> SQLError {
        SQLError(.characterNotInRepertoire, "CHAR string contains invalid ASCII character \(byte)")
    }

    static func textOutOfRange(_ type: SQLType, _ text: Span<UInt8>) -> SQLError {
        SQLError(.numericValueOutOfRange, "value \"\(text.text)\" is out of range for type \(type)")
    }

    /// `smallint out of range`
    package static func outOfRange(_ type: SQLType) -> SQLError {
        SQLError(.numericValueOutOfRange, "\(type) out of range")
    }
}

extension Span where Element == UInt8 {
    var bytes: [UInt8] { withUnsafeBufferPointer { Array($0) } }
}
