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
        switch column.type {
        case .char(let length):
            StringColumnBuilder(length: length, isChar: true, rules: rules, isNullable: column.isNullable)
        case .varchar(let length):
            StringColumnBuilder(length: length, isChar: false, rules: rules, isNullable: column.isNullable)
        case .varbyte(let length): VarbyteColumnBuilder(length: length, rules: rules, isNullable: column.isNullable)
        default:
            FixedColumnBuilder(
                try FixedDecoder(column.type, rules: rules), kind: column.type.storage, rules: rules,
                isNullable: column.isNullable)
        }
    }

    static let missingNotNull = RecordBlock.Failure(
        code: .missingNotNull, reason: "Missing data for not-null field")
}

/// One byte a row, 1 = valid; kept for all rows, handed out only if one is null.
struct ValidityBuilder: ~Copyable {
    private var bytes = GrowableBuffer<UInt8>(capacity: CopyReader.rowsPerBatch)

    /// Room for `count` rows behind the first `first`, to be written by the caller.
    mutating func extend(from first: Int, by count: Int) -> UnsafeMutablePointer<UInt8> {
        bytes.reserve(first + count)
        bytes.count = first + count
        return bytes.pointer + first
    }

    mutating func truncate(to count: Int) { bytes.count = count }

    /// nil if no row is null. Empty again.
    mutating func seal() -> Buffer? {
        let rows = UnsafeBufferPointer(start: bytes.pointer, count: bytes.count)
        guard rows.contains(0) else {
            bytes.count = 0
            return nil
        }
        return exchange(&bytes, with: GrowableBuffer(capacity: CopyReader.rowsPerBatch)).seal()
    }
}
