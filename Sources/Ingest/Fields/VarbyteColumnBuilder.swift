import SQLTypes
import VectorEngine

/// VARBYTE, which files hold as hexadecimal digits.
/// - Source: Redshift developer guide, "VARBYTE type": COPY reads hex.
final class VarbyteColumnBuilder: ColumnBuilder {
    private let type: SQLType
    private let length: Int
    private let rules: FieldRules
    private let isNullable: Bool
    private var values: [SQLValue] = []

    init(length: Int, rules: FieldRules, isNullable: Bool) {
        type = .varbyte(length: length)
        self.length = length
        self.rules = rules
        self.isNullable = isNullable
    }

    func append(_ block: RecordBlock, field: Int) {
        values.reserveCapacity(values.count + block.count)
        for row in 0..<block.count { values.append(value(row, block, field)) }
    }

    private func value(_ row: Int, _ block: RecordBlock, _ field: Int) -> SQLValue {
        let text = block.field(field, of: row)
        if rules.isNullMarker(text) {
            if !isNullable { block.reject(row, field: field, ColumnBuilders.missingNotNull) }
            return .null
        }
        guard let bytes = Self.bytes(ofHex: FieldRules.trimmed(text)) else {
            block.reject(
                row, field: field, RecordBlock.Failure(code: .invalidDataType, reason: "Invalid hexadecimal value"))
            return .null
        }
        guard bytes.count <= length else {
            block.reject(
                row, field: field,
                RecordBlock.Failure(code: .outOfRange, reason: "VARBYTE length exceeds DDL length"))
            return .null
        }
        return .varbyte(bytes)
    }

    /// nil if it is no even number of digits.
    private static func bytes(ofHex text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for start in stride(from: 0, to: text.count, by: 2) {
            guard let high = digit(text[start]), let low = digit(text[start + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    func truncate(to count: Int) { values.removeLast(values.count - count) }

    func seal() -> Vector {
        defer { values.removeAll(keepingCapacity: true) }
        return Vector.of(values, type: type)
    }
}
