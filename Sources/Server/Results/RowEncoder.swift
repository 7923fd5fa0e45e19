#if Server
import NIOCore
import PGWire
import SQLTypes
import VectorEngine

/// Batches → DataRow messages.
///
///     'D' | Int32 length | Int16 columns | per column Int32 length, −1 for NULL, and its bytes
///
/// Columns are encoded one by one (`ColumnEncoder`), then rows are put together from their cells in one pass.
final class RowEncoder {
    private let columns: [ColumnEncoder]

    init(_ columns: [WireColumn], _ style: TextStyle) {
        self.columns = columns.map { ColumnEncoder($0, style) }
    }

    /// Appends all rows of the batch, whose columns are those of the result, in their order.
    func encode(_ batch: Batch, into buffer: inout ByteBuffer) {
        precondition(batch.columns.count == columns.count, "\(batch.columns.count) columns, not \(columns.count)")
        guard batch.count > 0 else { return }
        for index in columns.indices { columns[index].encode(batch.columns[index]) }
        withExtendedLifetime(batch) {
            let byteCount = size(ofRows: batch.count)
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: byteCount + CellMemory.slack) { target in
                if let start = target.baseAddress { write(batch.count, to: start) }
                return byteCount
            }
        }
    }

    private func size(ofRows count: Int) -> Int {
        var size = count * (7 + 4 * columns.count)
        for column in columns {
            let cells = column.cells
            for row in 0..<count { size += max(0, cells[row].length) }
        }
        return size
    }

    private func write(_ count: Int, to start: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Column.self, capacity: max(1, columns.count)) { list in
            for (index, column) in columns.enumerated() {
                list[index] = Column(cells: column.cells, hasSlack: column.hasSlack)
            }
            var target = start
            for row in 0..<count {
                let rowStart = target
                target.storeBytes(of: UInt8(ascii: "D"), as: UInt8.self)
                (target + 5).storeBytes(of: UInt16(truncatingIfNeeded: columns.count).bigEndian, as: UInt16.self)
                target += 7
                for index in 0..<columns.count { RowEncoder.append(list[index], row, &target) }
                let length = UInt32(truncatingIfNeeded: target - rowStart - 1)
                (rowStart + 1).storeBytes(of: length.bigEndian, as: UInt32.self)
            }
        }
    }

    private struct Column: BitwiseCopyable {
        var cells: UnsafePointer<Cell>
        var hasSlack: Bool
    }

    /// Short cells are copied by 32 bytes, of which the next ones overwrite what is too much.
    @inline(__always)
    private static func append(_ column: Column, _ row: Int, _ target: inout UnsafeMutableRawPointer) {
        let cell = column.cells[row]
        target.storeBytes(of: UInt32(truncatingIfNeeded: cell.length).bigEndian, as: UInt32.self)
        target += 4
        guard cell.length > 0, let source = UnsafeRawPointer(bitPattern: cell.address) else { return }
        if column.hasSlack, cell.length <= CellMemory.slack {
            target.storeBytes(of: source.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
        } else {
            target.copyMemory(from: source, byteCount: cell.length)
        }
        target += cell.length
    }
}
#endif
