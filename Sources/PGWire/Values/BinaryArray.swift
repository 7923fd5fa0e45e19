import SQLTypes

/// Arrays in binary, of one dimension.
///
///     Int32 dimensions | Int32 has nulls | UInt32 oid of the elements | Int32 count | Int32 lower bound
///     then of each element Int32 length, −1 for NULL | its bytes
///
/// - Source: PostgreSQL, `array_send`.
enum BinaryArray {
    static func append(_ values: [SQLValue], as type: CatalogType, to bytes: inout [UInt8]) {
        guard let element = type.element else { return }
        var writer = MessageWriter(bytes)
        bytes = []
        writer.integer(Int32(values.isEmpty ? 0 : 1))
        writer.integer(Int32(values.contains(.null) ? 1 : 0))
        writer.integer(type.elementOID)
        if !values.isEmpty {
            writer.integer(Int32(clamping: values.count))
            writer.integer(Int32(clamping: type.lowerBound))
        }
        for value in values {
            guard value != .null else {
                writer.integer(Int32(-1))
                continue
            }
            var cell: [UInt8] = []
            BinaryValue.append(value, as: element, to: &cell)
            writer.integer(Int32(clamping: cell.count))
            writer.raw(cell)
        }
        bytes = writer.bytes
    }

    static func decode(_ reader: inout BinaryReader, _ type: CatalogType) throws(SQLError) -> [SQLValue] {
        guard let element = type.element else { throw BinaryReader.malformed }
        let dimensions = try reader.integer(Int32.self)
        _ = try reader.integer(Int32.self)
        guard try reader.integer(UInt32.self) == type.elementOID else {
            throw SQLError(.datatypeMismatch, "wrong element type in an array of \(element)")
        }
        guard dimensions != 0 else { return [] }
        guard dimensions == 1 else { throw .unsupported("an array of \(dimensions) dimensions") }
        let count = Int(try reader.integer(Int32.self))
        _ = try reader.integer(Int32.self)
        guard count >= 0, count <= reader.remaining / 4 else { throw BinaryReader.malformed }
        var values: [SQLValue] = []
        for _ in 0..<count {
            let length = Int(try reader.integer(Int32.self))
            guard length != -1 else {
                values.append(.null)
                continue
            }
            let bytes = try reader.bytes(length)
            values.append(try ParameterDecoder.decode(bytes, .binary, element, number: 0).value)
        }
        return values
    }
}

extension CatalogType {
    /// TEXT and VARCHAR differ here, though not as types of columns.
    fileprivate var elementOID: UInt32 {
        if case .array(let element) = self, element == .text { return SQLType.postgreSQLText.oid }
        return element?.oid ?? 0
    }
}
