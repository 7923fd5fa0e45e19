import SQLTypes
import VectorEngine

/// What the options say about single fields, resolved once.
struct FieldRules {
    let nullMarker: [UInt8]
    let blanksAsNull: Bool
    let emptyAsNull: Bool
    let trimBlanks: Bool
    let truncateColumns: Bool
    let rounding: Rounding
    let replacement: UInt8?
    let acceptsAnyDate: Bool
    let dateFormat: DateTimeFormat
    let timeFormat: DateTimeFormat

    init(_ options: CopyOptions) throws(SQLError) {
        nullMarker = options.effectiveNullMarker
        blanksAsNull = options.blanksAsNull
        emptyAsNull = options.emptyAsNull
        trimBlanks = options.trimBlanks
        truncateColumns = options.truncateColumns
        rounding = options.roundDecimals ? .halfAwayFromZero : .towardZero
        replacement = options.replacementCharacter
        acceptsAnyDate = options.acceptsAnyDate
        dateFormat = try options.effectiveDateFormat
        timeFormat = try options.effectiveTimeFormat
    }

    @inline(__always)
    func isNullMarker(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        field.count == nullMarker.count && isNullMarkerOfSameLength(field)
    }

    @inline(never)
    private func isNullMarkerOfSameLength(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        field.elementsEqual(nullMarker)
    }

    /// Other types than strings: the marker, nothing, or blanks only.
    func isNull(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
        isNullMarker(field) || field.allSatisfy(FieldRules.isBlank)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: field[UTF8Bytes.trimmedRange(Span(_unsafeElements: field))])
    }
}

/// What became of a field.
enum FieldOutcome<Value> {
    case value(Value)
    case null
    case failure(RecordBlock.Failure)

    static func failure(_ code: LoadErrorCode, _ reason: String, position: Int = 0) -> FieldOutcome {
        .failure(RecordBlock.Failure(code: code, reason: reason, position: position))
    }
}
