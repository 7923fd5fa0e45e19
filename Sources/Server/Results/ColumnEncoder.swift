#if Server
import PGWire
import SQLTypes
import VectorEngine

/// What the session's settings say of how values look as text.
struct TextStyle: Hashable {
    var zone = SessionTimeZone.utc
    var extraFloatDigits = 0
}

/// Encodes one column of a result, batch after batch: one dispatch a batch, then one loop over plain values, with no
/// `SQLValue` or String per cell but for the types named in `appendValues`.
final class ColumnEncoder {
    private let type: SQLType
    private let format: WireFormat
    private let style: TextStyle
    private let memory = CellMemory()
    /// What the cells of strings point into.
    private var owners: [Buffer] = []

    init(_ column: WireColumn, _ style: TextStyle) {
        type = column.type
        format = column.format
        self.style = style
    }

    /// The cells of the last vector, as long as that lives.
    var cells: UnsafePointer<Cell> { UnsafePointer(memory.cells) }

    /// Whether `CellMemory.slack` bytes behind every cell may be read.
    var hasSlack: Bool { owners.isEmpty }

    func encode(_ vector: Vector) {
        owners = []
        switch format {
        case .text: encodeText(vector)
        case .binary: encodeBinary(vector)
        }
    }

    // MARK: Text

    private func encodeText(_ vector: Vector) {
        switch type {
        case .boolean:
            forEachInteger(vector, width: 1) { value, end in
                end[-1] = UInt8(ascii: value != 0 ? "t" : "f")
                return end - 1
            }
        case .smallint, .integer, .bigint, .catalog(.oid), .catalog(.xid):
            forEachInteger(vector, width: 20) { value, end in
                var writer = DigitWriter(endingAt: end)
                writer.write(value)
                return writer.start
            }
        case .decimal(_, let scale) where vector.kind == .int64 && scale <= 19:
            forEachInteger(vector, width: 24) { value, end in
                var writer = DigitWriter(endingAt: end)
                writer.write(value, scale: scale)
                return writer.start
            }
        case .date: forEachInteger(vector, width: DateTimeWriter.dateWidth, DateTimeWriter.write(date:endingAt:))
        case .time: forEachInteger(vector, width: DateTimeWriter.timeWidth, DateTimeWriter.write(time:endingAt:))
        case .timestamp:
            forEachInteger(vector, width: DateTimeWriter.timestampWidth, DateTimeWriter.write(timestamp:endingAt:))
        case .timestamptz:
            forEachInteger(vector, width: DateTimeWriter.timestampWidth) { [style] value, end in
                DateTimeWriter.write(timestamptz: value, zone: style.zone, endingAt: end)
            }
        case .double:
            appendDoubles(vector) { [style] value, text in
                TextWriter.append(value, extraDigits: style.extraFloatDigits, to: &text)
            }
        case .real:
            appendDoubles(vector) { [style] value, text in
                TextWriter.append(Float(value), extraDigits: style.extraFloatDigits, to: &text)
            }
        default:
            if type.storage == .bytes, !isVarbyte { return encodeStrings(vector) }
            appendValues(vector) { [type, style] value, text in value.append(as: type, zone: style.zone, to: &text) }
        }
    }

    private var isVarbyte: Bool { if case .varbyte = type { true } else { false } }

    // MARK: Binary

    private func encodeBinary(_ vector: Vector) {
        switch type {
        case .boolean:
            forEachInteger(vector, width: 1) { value, end in
                end[-1] = value != 0 ? 1 : 0
                return end - 1
            }
        case .smallint: bigEndian(vector, Int16.self)
        case .integer, .date, .intervalYearToMonth: bigEndian(vector, Int32.self)
        case .bigint, .time, .timestamp, .timestamptz, .intervalDayToSecond: bigEndian(vector, Int64.self)
        case .catalog(let type) where type.storage == .int64: bigEndian(vector, UInt32.self)
        case .double: encodeDoubles(vector)
        case .decimal(_, let scale) where vector.kind == .int64:
            appendIntegers(vector) { value, bytes in BinaryNumeric.append(Int128(value), scale: scale, to: &bytes) }
        default:
            if type.storage == .bytes, type.element == nil { return encodeStrings(vector) }
            appendValues(vector) { [type] value, bytes in BinaryValue.append(value, as: type, to: &bytes) }
        }
    }

    @inline(__always)
    private func bigEndian<T: FixedWidthInteger>(_ vector: Vector, _ width: T.Type) {
        forEachInteger(vector, width: MemoryLayout<T>.size) { value, end in
            let start = end - MemoryLayout<T>.size
            UnsafeMutableRawPointer(start).storeBytes(of: T(truncatingIfNeeded: value).bigEndian, as: T.self)
            return start
        }
    }

    private func encodeDoubles(_ vector: Vector) {
        let count = vector.count
        memory.reserve(rows: count, bytes: count * 8)
        withValues(of: vector, Double.self, { $0.copyDoubles(to: $1) }) { values, valid in
            for row in 0..<count {
                let start = UnsafeMutableRawPointer(memory.bytes + row * 8)
                start.storeBytes(of: values[row].bitPattern.bigEndian, as: UInt64.self)
                memory.cells[row] = valid[row] != 0 ? Cell(start, length: 8) : .null
            }
        }
    }

    // MARK: Loops

    /// Each value is written before the end of its own `width` bytes; `write` says where it begins. Inlined: every
    /// caller passes a literal.
    @inline(__always)
    private func forEachInteger(
        _ vector: Vector, width: Int,
        _ write: (Int64, UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8>
    ) {
        let count = vector.count
        memory.reserve(rows: count, bytes: count * width)
        let cells = memory.cells
        withValues(of: vector, Int64.self, { $0.copyInt64s(to: $1) }) { values, valid in
            var end = memory.bytes
            for row in 0..<count {
                end += width
                guard valid[row] != 0 else {
                    cells[row] = .null
                    continue
                }
                let start = write(values[row], end)
                cells[row] = Cell(start, length: end - start)
            }
        }
    }

    @inline(__always)
    private func withValues<T: BitwiseCopyable>(
        of vector: Vector, _ type: T.Type, _ copy: (Vector, UnsafeMutablePointer<T>) -> Void,
        _ body: (UnsafeMutablePointer<T>, UnsafeMutablePointer<UInt8>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: T.self, capacity: max(1, vector.count)) { values in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, vector.count)) { valid in
                guard let values = values.baseAddress, let valid = valid.baseAddress else { return }
                copy(vector, values)
                vector.copyValidity(to: valid)
                body(values, valid)
            }
        }
    }

    @inline(__always)
    private func appendIntegers(_ vector: Vector, _ append: (Int64, inout [UInt8]) -> Void) {
        withValues(of: vector, Int64.self, { $0.copyInt64s(to: $1) }) { values, valid in
            collect(vector.count) { row, bytes in
                guard valid[row] != 0 else { return false }
                append(values[row], &bytes)
                return true
            }
        }
    }

    @inline(__always)
    private func appendDoubles(_ vector: Vector, _ append: (Double, inout [UInt8]) -> Void) {
        withValues(of: vector, Double.self, { $0.copyDoubles(to: $1) }) { values, valid in
            collect(vector.count) { row, bytes in
                guard valid[row] != 0 else { return false }
                append(values[row], &bytes)
                return true
            }
        }
    }

    /// Types whose values are seldom many: DECIMAL past 19 digits, TIMETZ, intervals, VARBYTE,
    /// arrays.
    private func appendValues(_ vector: Vector, _ append: (SQLValue, inout [UInt8]) -> Void) {
        collect(vector.count) { row, bytes in
            let value = vector.value(at: row, as: type)
            guard !value.isNull else { return false }
            append(value, &bytes)
            return true
        }
    }

    /// Cells of any length, behind each other. - Parameter append: false: NULL.
    @inline(__always)
    private func collect(_ count: Int, _ append: (Int, inout [UInt8]) -> Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 16)
        memory.reserve(rows: count, bytes: 0)
        for row in 0..<count {
            let start = bytes.count
            let isValid = append(row, &bytes)
            memory.cells[row] = isValid ? Cell(address: UInt(start), length: bytes.count - start) : .null
        }
        memory.reserve(rows: count, bytes: bytes.count)
        bytes.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            memory.bytes.update(from: source, count: bytes.count)
        }
        let base = UInt(bitPattern: memory.bytes)
        for row in 0..<count { memory.cells[row].address &+= base }
    }

    // MARK: Strings

    /// The cells point at the strings themselves; CHAR is filled up with blanks.
    private func encodeStrings(_ vector: Vector) {
        let count = vector.count
        var blanksTo = 0
        if case .char(let length) = type { blanksTo = length }
        memory.reserve(rows: count, bytes: count * blanksTo)
        withValues(
            of: vector, StringView.self, { [self] in owners = $0.copyViews(to: $1) }
        ) { views, valid in
            for row in 0..<count {
                let bytes = views[row].bytes
                guard valid[row] != 0 else {
                    memory.cells[row] = .null
                    continue
                }
                memory.cells[row] =
                    bytes.count < blanksTo
                    ? padded(bytes, to: blanksTo, at: memory.bytes + row * blanksTo)
                    : Cell(address: bytes.baseAddress.map { UInt(bitPattern: $0) } ?? 0, length: bytes.count)
            }
        }
        // An empty list of owners would say that all cells are in `memory`.
        if owners.isEmpty { owners = [Buffer([UInt8]())] }
    }

    private func padded(
        _ bytes: UnsafeBufferPointer<UInt8>, to length: Int, at start: UnsafeMutablePointer<UInt8>
    ) -> Cell {
        if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
        (start + bytes.count).update(repeating: UInt8(ascii: " "), count: length - bytes.count)
        return Cell(start, length: length)
    }
}
#endif
