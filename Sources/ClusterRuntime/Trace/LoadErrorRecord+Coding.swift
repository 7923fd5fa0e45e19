import Catalog
import Ingest
import SQLTypes
import Storage
import VectorEngine

// How a refused record stands in the file that outlives the process. The first byte is the form's version: records of
// another one are passed over, since they are but history.

extension LoadErrorRecord {
    private static let version: UInt8 = 3
    /// Without the record's fields and the file's range.
    private static let fieldlessVersion: UInt8 = 2
    /// Without the user, when there was one only.
    private static let userlessVersion: UInt8 = 1

    var encoded: [UInt8] {
        var output = ByteWriter(capacity: 256 + error.rawLine.utf8.count)
        output.u8(LoadErrorRecord.version)
        output.i64(query)
        output.i32(Int32(truncatingIfNeeded: slice))
        output.i32(table.rawValue)
        output.i32(session)
        output.i32(user.rawValue)
        output.i64(startTime)
        output.string(error.file)
        output.i64(error.lineNumber)
        output.optional(error.column) { $0.u32(UInt32($1)) }
        output.string(error.columnName)
        output.string(error.typeName)
        output.string(error.columnLength)
        output.i64(Int64(error.position))
        output.string(error.rawLine)
        output.string(error.rawFieldValue)
        output.i32(error.code.rawValue)
        output.string(error.reason)
        output.u32(UInt32(error.fields.count))
        for field in error.fields {
            output.strings(field.columnName, field.typeName, field.columnLength, field.value)
            output.bool(field.isNull)
        }
        output.bool(error.isPartial)
        output.i64(error.startOffset)
        return output.bytes
    }

    /// nil: another version's, or not of this form.
    init?(decoding bytes: [UInt8]) {
        let decoded = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) -> LoadErrorRecord? in
                var reader = ByteReader(bytes)
                return try LoadErrorRecord(from: &reader)
            }
        }
        guard case .success(let record?) = decoded else { return nil }
        self = record
    }

    private init?(from reader: inout ByteReader) throws(SQLError) {
        let version = try reader.u8()
        guard (LoadErrorRecord.userlessVersion...LoadErrorRecord.version).contains(version) else { return nil }
        query = try reader.i64()
        slice = Int(try reader.i32())
        table = TableID(try reader.i32())
        session = try reader.i32()
        user = version == LoadErrorRecord.userlessVersion ? .master : UserID(try reader.i32())
        startTime = try reader.i64()
        let file = try reader.string()
        let lineNumber = try reader.i64()
        let column = try reader.optional { (reader) throws(SQLError) in Int(try reader.u32()) }
        let columnName = try reader.string()
        let typeName = try reader.string()
        let columnLength = try reader.string()
        let position = Int(try reader.i64())
        let rawLine = try reader.string()
        let rawFieldValue = try reader.string()
        guard let code = LoadErrorCode(rawValue: try reader.i32()) else { return nil }
        let reason = try reader.string()
        let fields = version == LoadErrorRecord.version ? try Self.fields(from: &reader) : []
        error = LoadError(
            file: file, lineNumber: lineNumber, column: column, columnName: columnName, typeName: typeName,
            columnLength: columnLength, position: position, rawLine: rawLine, rawFieldValue: rawFieldValue, code: code,
            reason: reason, fields: fields)
        if version == LoadErrorRecord.version {
            error.isPartial = try reader.bool()
            error.startOffset = try reader.i64()
        }
        try reader.expectEnd()
    }

    private static func fields(from reader: inout ByteReader) throws(SQLError) -> [LoadError.Field] {
        var fields: [LoadError.Field] = []
        for _ in 0..<(try reader.count(bytesEach: 17)) {
            fields.append(
                LoadError.Field(
                    columnName: try reader.string(), typeName: try reader.string(),
                    columnLength: try reader.string(), value: try reader.string(), isNull: try reader.bool()))
        }
        return fields
    }
}
