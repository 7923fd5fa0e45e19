import SQLTypes
import VectorEngine

/// The decoders there are. An enumeration, not an existential: each case calls the loop below with a type that the
/// compiler knows, and gets a loop of its own.
enum FixedDecoder {
    case boolean(BooleanDecoder)
    case int16(IntegerDecoder<Int16>)
    case int32(IntegerDecoder<Int32>)
    case int64(IntegerDecoder<Int64>)
    case decimal64(DecimalDecoder<Int64>)
    case decimal128(DecimalDecoder<Int128>)
    case float(FloatDecoder<Float>)
    case double(FloatDecoder<Double>)
    case date(DateDecoder)
    case timestamp(TimestampDecoder)
    case time(TimeDecoder)
    case timeWithZone(TimeWithZoneDecoder)
    case months(IntervalDecoder<Int32>)
    case microseconds(IntervalDecoder<Int64>)

    init(_ type: SQLType, rules: FieldRules) throws(SQLError) {
        switch type {
        case .boolean: self = .boolean(BooleanDecoder())
        case .smallint: self = .int16(IntegerDecoder(typeName: "Short"))
        case .integer: self = .int32(IntegerDecoder(typeName: "Integer"))
        case .bigint: self = .int64(IntegerDecoder(typeName: "Long"))
        case .decimal(let precision, let scale):
            self =
                type.storage == .int64
                ? .decimal64(DecimalDecoder(precision: precision, scale: scale, rounding: rules.rounding))
                : .decimal128(DecimalDecoder(precision: precision, scale: scale, rounding: rules.rounding))
        case .real: self = .float(FloatDecoder(typeName: "Float", read: { NumberText.float($0) }))
        case .double: self = .double(FloatDecoder(typeName: "Double", read: { NumberText.double($0) }))
        case .date: self = .date(DateDecoder(format: rules.dateFormat, acceptsAnyDate: rules.acceptsAnyDate))
        case .timestamp, .timestamptz:
            self = .timestamp(
                try TimestampDecoder(
                    format: rules.timeFormat, hasZone: type == .timestamptz, acceptsAnyDate: rules.acceptsAnyDate))
        case .time: self = .time(TimeDecoder())
        case .timetz: self = .timeWithZone(TimeWithZoneDecoder())
        case .intervalYearToMonth: self = .months(IntervalDecoder(type: type))
        case .intervalDayToSecond: self = .microseconds(IntervalDecoder(type: type))
        case .char, .varchar, .varbyte, .unknown, .catalog:
            throw SQLError.unsupported("COPY into a column of type \(type)")
        }
    }
}

/// Values of fixed width.
final class FixedColumnBuilder: ColumnBuilder {
    private let decoder: FixedDecoder
    private let kind: StorageKind
    private let rules: FieldRules
    private let isNullable: Bool
    /// Bytes per value.
    private let width: Int
    private var values: GrowableBuffer<UInt8>
    private var validity = ValidityBuilder()

    init(_ decoder: FixedDecoder, kind: StorageKind, rules: FieldRules, isNullable: Bool) {
        self.decoder = decoder
        self.kind = kind
        self.rules = rules
        self.isNullable = isNullable
        width = kind.width ?? 1
        values = GrowableBuffer(capacity: CopyReader.rowsPerBatch * width)
    }

    func append(_ block: RecordBlock, field: Int) {
        switch decoder {
        case .boolean(let decoder): append(block, field, by: decoder)
        case .int16(let decoder): append(block, field, by: decoder)
        case .int32(let decoder): append(block, field, by: decoder)
        case .int64(let decoder): append(block, field, by: decoder)
        case .decimal64(let decoder): append(block, field, by: decoder)
        case .decimal128(let decoder): append(block, field, by: decoder)
        case .float(let decoder): append(block, field, by: decoder)
        case .double(let decoder): append(block, field, by: decoder)
        case .date(let decoder): append(block, field, by: decoder)
        case .timestamp(let decoder): append(block, field, by: decoder)
        case .time(let decoder): append(block, field, by: decoder)
        case .timeWithZone(let decoder): append(block, field, by: decoder)
        case .months(let decoder): append(block, field, by: decoder)
        case .microseconds(let decoder): append(block, field, by: decoder)
        }
    }

    private func append<Decoder: FieldDecoder>(_ block: RecordBlock, _ field: Int, by decoder: Decoder) {
        assert(width == MemoryLayout<Decoder.Value>.stride, "\(Decoder.Value.self) for \(kind)")
        let count = block.count
        let firstByte = values.count
        values.reserve(firstByte + count * width)
        values.count = firstByte + count * width
        let out = UnsafeMutableRawPointer(values.pointer + firstByte).assumingMemoryBound(to: Decoder.Value.self)
        let valid = validity.extend(from: firstByte / width, by: count)
        let starts = block.starts + field * block.stride
        let ends = starts + block.stride
        let base = block.base
        // Whether the null marker reads as a value (NULL AS '0'): then each field is held against it first.
        let looksForMarker = isValue(rules.nullMarker, for: decoder)
        for row in 0..<count {
            let start = Int(starts[row])
            let length = Int(ends[row]) &- 1 &- start
            if !looksForMarker, let value = decoder.decode(base + start, count: length) {
                out[row] = value
                valid[row] = 1
            } else {
                let value = decodeSlowly(row, block, field, by: decoder)
                out[row] = value ?? .zero
                valid[row] = value == nil ? 0 : 1
            }
        }
    }

    private func isValue<Decoder: FieldDecoder>(_ marker: [UInt8], for decoder: Decoder) -> Bool {
        let padded = marker + [UInt8](repeating: 0, count: TextWindow.padding)
        return padded.withUnsafeBufferPointer { text in
            text.baseAddress.map { decoder.decode($0, count: marker.count) != nil } ?? true
        }
    }

    /// nil: null, or rejected.
    @inline(never)
    private func decodeSlowly<Decoder: FieldDecoder>(
        _ row: Int, _ block: RecordBlock, _ field: Int, by decoder: Decoder
    ) -> Decoder.Value? {
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
        values.count = count * width
        validity.truncate(to: count)
    }

    /// Integers leave in as few bytes as the batch needs.
    func seal() -> Vector {
        let count = values.count / width
        if let narrow = Vector.narrowForm(of: values.pointer, count: count, kind: kind) {
            values.count = 0
            return Vector(kind: kind, count: count, form: narrow, validity: validity.seal())
        }
        let fresh = GrowableBuffer<UInt8>(capacity: CopyReader.rowsPerBatch * width)
        let sealed = exchange(&values, with: fresh).seal()
        return Vector(kind: kind, count: count, form: .flat(sealed), validity: validity.seal())
    }
}
