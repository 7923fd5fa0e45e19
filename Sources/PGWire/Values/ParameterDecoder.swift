import SQLTypes

/// A parameter's bytes → its value.
///
/// Text stays text, of type `.unknown`: what it means, the session's settings have a say in. Binary values are decoded
/// here, and are of the type that the parameter has.
enum ParameterDecoder {
    static func decode(
        _ bytes: [UInt8], _ format: WireFormat, _ type: SQLType, number: Int
    ) throws(SQLError) -> WireParameter {
        switch format {
        case .text: return WireParameter(.string(try text(bytes)), .unknown)
        case .binary:
            do throws(SQLError) {
                var reader = BinaryReader(bytes)
                let parameter = try binary(&reader, type)
                try reader.expectEnd()
                return parameter
            } catch {
                guard error.state == .invalidBinaryRepresentation else { throw error }
                throw SQLError(error.state, "\(error.message) in bind parameter \(number)")
            }
        }
    }

    /// UTF-8 without NUL, as PostgreSQL has it.
    private static func text(_ bytes: [UInt8]) throws(SQLError) -> [UInt8] {
        if let offset = UTF8Bytes.firstInvalidOffset(in: bytes.span) { throw .invalidUTF8(bytes[offset]) }
        if bytes.contains(0) { throw .invalidUTF8(0) }
        return bytes
    }

    private static func binary(_ reader: inout BinaryReader, _ type: SQLType) throws(SQLError) -> WireParameter {
        switch type {
        case .decimal: return try decimal(&reader)
        case .char, .varchar, .unknown:
            let bytes = try text(try reader.bytes(reader.remaining))
            guard bytes.count <= SQLType.maximumVarcharLength else {
                throw .valueTooLong(.varchar(length: SQLType.maximumVarcharLength))
            }
            return WireParameter(.string(bytes), .varchar(length: max(1, bytes.count)))
        case .varbyte:
            let bytes = try reader.bytes(reader.remaining)
            return WireParameter(.varbyte(bytes), .varbyte(length: max(1, bytes.count)))
        case .catalog(let catalog): return try self.catalog(&reader, catalog)
        default: return WireParameter(try fixed(&reader, type), type)
        }
    }

    /// Values of one fixed size.
    private static func fixed(_ reader: inout BinaryReader, _ type: SQLType) throws(SQLError) -> SQLValue {
        switch type {
        case .boolean: return .boolean(try reader.integer(UInt8.self) != 0)
        case .smallint: return .integer(Int64(try reader.integer(Int16.self)))
        case .integer: return .integer(Int64(try reader.integer(Int32.self)))
        case .bigint: return .integer(try reader.integer(Int64.self))
        case .real: return .real(Float(bitPattern: try reader.integer(UInt32.self)))
        case .double: return .double(Double(bitPattern: try reader.integer(UInt64.self)))
        case .date:
            return .date(try DateRange.checked(days: Int(try reader.integer(Int32.self))))
        case .time:
            let time = try reader.integer(Int64.self)
            guard BinaryRanges.timeOfDay.contains(time) else { throw .outOfRange(type) }
            return .time(time)
        case .timetz:
            let time = try reader.integer(Int64.self)
            let zone = try reader.integer(Int32.self)
            guard BinaryRanges.timeOfDay.contains(time), BinaryRanges.secondsWest.contains(zone) else {
                throw .outOfRange(type)
            }
            return .timetz(microseconds: TimeOfDay.utc(microseconds: time, secondsEast: 0 &- zone), secondsWest: 0)
        case .timestamp: return .timestamp(try DateRange.checked(microseconds: try reader.integer(Int64.self)))
        case .timestamptz: return .timestamptz(try DateRange.checked(microseconds: try reader.integer(Int64.self)))
        case .intervalYearToMonth: return .interval(months: try reader.integer(Int32.self), days: 0, microseconds: 0)
        case .intervalDayToSecond:
            return .interval(months: 0, days: 0, microseconds: try reader.integer(Int64.self))
        default: throw .unsupported("a binary parameter of type \(type)")
        }
    }

    private static func decimal(_ reader: inout BinaryReader) throws(SQLError) -> WireParameter {
        let value = try BinaryNumeric.decode(&reader)
        let digits = String(value.unscaled.magnitude).utf8.count
        let precision = min(SQLType.maximumDecimalPrecision, max(digits, value.scale, 1))
        return WireParameter(.decimal(value), .decimal(precision: precision, scale: value.scale))
    }

    private static func catalog(
        _ reader: inout BinaryReader, _ type: CatalogType
    ) throws(SQLError) -> WireParameter {
        switch type {
        case .oid, .xid, .regclass, .regtype, .regproc:
            return WireParameter(.integer(Int64(try reader.integer(UInt32.self))), .catalog(type))
        case .name, .char, .aclitem:
            return WireParameter(.string(try text(try reader.bytes(reader.remaining))), .catalog(type))
        case .array, .int2vector, .oidvector:
            let values = try BinaryArray.decode(&reader, type)
            return WireParameter(.string(ArrayText.text(values, of: type)), .catalog(type))
        }
    }
}

/// What columns of a type can hold: other numbers of the format's width are refused.
enum BinaryRanges {
    static let timeOfDay: ClosedRange<Int64> = 0...TimeOfDay.microsecondsPerDay
    static let secondsWest: ClosedRange<Int32> = -57_599...57_599
}
