import Catalog
import SQLTypes
import VectorEngine

/// Collects one column of the batch in the making.
protocol ColumnBuilder: AnyObject {
    /// Appends the block's records. Those whose field cannot be read are rejected in the block, and hold a filler here.
    func append(_ block: RecordBlock, field: Int)
    /// Forgets all but the first `count` rows.
    func truncate(to count: Int)
    /// The rows so far, as a vector; the builder is empty again.
    func seal() -> Vector
}

/// Which builder a column needs.
enum ColumnBuilders {
    static func make(for column: ColumnDefinition, rules: FieldRules) throws(SQLError) -> any ColumnBuilder {
        func fixed<Decoder: FieldDecoder>(_ decoder: Decoder) -> any ColumnBuilder {
            FixedColumnBuilder(decoder, kind: column.type.storage, rules: rules, isNullable: column.isNullable)
        }
        switch column.type {
        case .boolean: return fixed(BooleanDecoder())
        case .smallint: return fixed(IntegerDecoder<Int16>(typeName: "Short"))
        case .integer: return fixed(IntegerDecoder<Int32>(typeName: "Integer"))
        case .bigint: return fixed(IntegerDecoder<Int64>(typeName: "Long"))
        case .decimal(let precision, let scale):
            return column.type.storage == .int64
                ? fixed(DecimalDecoder<Int64>(precision: precision, scale: scale, rounding: rules.rounding))
                : fixed(DecimalDecoder<Int128>(precision: precision, scale: scale, rounding: rules.rounding))
        case .real: return fixed(FloatDecoder<Float>(typeName: "Float", read: { NumberText.float($0) }))
        case .double: return fixed(FloatDecoder<Double>(typeName: "Double", read: { NumberText.double($0) }))
        case .date: return fixed(DateDecoder(format: rules.dateFormat, acceptsAnyDate: rules.acceptsAnyDate))
        case .timestamp, .timestamptz:
            return fixed(
                try TimestampDecoder(
                    format: rules.timeFormat, hasZone: column.type == .timestamptz,
                    acceptsAnyDate: rules.acceptsAnyDate))
        case .time: return fixed(TimeDecoder())
        case .timetz: return fixed(TimeWithZoneDecoder())
        case .char(let length):
            return StringColumnBuilder(length: length, isChar: true, rules: rules, isNullable: column.isNullable)
        case .varchar(let length):
            return StringColumnBuilder(length: length, isChar: false, rules: rules, isNullable: column.isNullable)
        case .intervalYearToMonth, .intervalDayToSecond, .varbyte, .unknown:
            throw SQLError.unsupported("COPY into a column of type \(column.type)")
        }
    }

    static let missingNotNull = RecordBlock.Failure(
        code: .missingNotNull, reason: "Missing data for not-null field")
}

/// Values of fixed width.
final class FixedColumnBuilder<Decoder: FieldDecoder>: ColumnBuilder {
    private let decoder: Decoder
    private let kind: StorageKind
    private let rules: FieldRules
    private let isNullable: Bool
    /// The null marker reads as a value (NULL AS '0'), so that each field is held against it first.
    private let looksForMarker: Bool
    private var values: GrowableBuffer<Decoder.Value>
    /// 1 = valid; kept for all rows, handed out only if one is null.
    private var validity: GrowableBuffer<UInt8>

    init(_ decoder: Decoder, kind: StorageKind, rules: FieldRules, isNullable: Bool) {
        self.decoder = decoder
        self.kind = kind
        self.rules = rules
        self.isNullable = isNullable
        let paddedMarker = rules.nullMarker + [UInt8](repeating: 0, count: TextWindow.padding)
        looksForMarker = paddedMarker.withUnsafeBufferPointer { marker in
            marker.baseAddress.map { decoder.decode($0, count: rules.nullMarker.count) != nil } ?? true
        }
        values = GrowableBuffer(capacity: CopyReader.rowsPerBatch)
        validity = GrowableBuffer(capacity: CopyReader.rowsPerBatch)
    }

    func append(_ block: RecordBlock, field: Int) {
        let count = block.count
        let first = values.count
        values.reserve(first + count)
        validity.reserve(first + count)
        let out = values.pointer + first
        let valid = validity.pointer + first
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        let base = block.base
        for row in 0..<count {
            let start = Int(starts[row])
            let length = Int(ends[row]) &- 1 &- start
            if !looksForMarker, let value = decoder.decode(base + start, count: length) {
                out[row] = value
                valid[row] = 1
            } else {
                let value = decodeSlowly(row, block, field)
                out[row] = value ?? .zero
                valid[row] = value == nil ? 0 : 1
            }
        }
        values.count = first + count
        validity.count = first + count
    }

    /// nil: null, or rejected.
    @inline(never)
    private func decodeSlowly(_ row: Int, _ block: RecordBlock, _ field: Int) -> Decoder.Value? {
        let bytes = block.field(field, of: row)
        if rules.isNull(bytes) {
            if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
            return nil
        }
        let trimmed = FieldRules.trimmed(bytes)
        if let start = trimmed.baseAddress, let value = decoder.decode(start, count: trimmed.count) { return value }
        let leadingBlanks = UTF8Bytes.trimmedRange(Span(_unsafeElements: bytes)).lowerBound
        switch decoder.decodeSlowly(trimmed, leadingBlanks: leadingBlanks) {
        case .value(let value): return value
        case .null:
            if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
            return nil
        case .failure(let failure):
            block.reject(row, field: field, failure)
            return nil
        }
    }

    func truncate(to count: Int) {
        values.count = count
        validity.count = count
    }

    func seal() -> Vector {
        let count = values.count
        var hasNulls = false
        for row in 0..<count where validity.pointer[row] == 0 {
            hasNulls = true
            break
        }
        let sealedValues = exchange(&values, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        guard hasNulls else {
            validity.count = 0
            return Vector(kind: kind, count: count, form: .flat(sealedValues))
        }
        let sealedValidity = exchange(&validity, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
        return Vector(kind: kind, count: count, form: .flat(sealedValues), validity: sealedValidity)
    }
}
