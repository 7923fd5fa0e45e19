package import SQLTypes
package import VectorEngine

/// Batches → lines of text. Columns are printed one by one, then interleaved.
package struct RecordPrinter {
    /// The lines of the last batch, and where each ends, line end included.
    package private(set) var text: [UInt8] = []
    package private(set) var ends: [Int] = []
    private var columns: [ColumnPrinter]
    private let delimiter: UInt8
    private let nullText: [UInt8]

    package init(_ types: [SQLType], _ options: UnloadOptions) {
        let quoting = FieldQuoting(options)
        columns = types.map { ColumnPrinter($0, quoting) }
        delimiter = options.effectiveDelimiter
        nullText = options.nullText ?? []
    }

    package mutating func print(_ batch: Batch) {
        precondition(batch.columns.count == columns.count, "\(batch.columns.count) columns, not \(columns.count)")
        for column in columns.indices { columns[column].print(batch.columns[column]) }
        text.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        ends.reserveCapacity(batch.count)
        for row in 0..<batch.count {
            for column in columns.indices {
                if column > 0 { text.append(delimiter) }
                appendField(row, columns[column])
            }
            text.append(UInt8(ascii: "\n"))
            ends.append(text.count)
        }
    }

    @inline(__always)
    private mutating func appendField(_ row: Int, _ column: borrowing ColumnPrinter) {
        if column.valid[row] == 0 {
            text.append(contentsOf: nullText)
        } else {
            text.append(contentsOf: column.text[(row == 0 ? 0 : column.ends[row - 1])..<column.ends[row]])
        }
    }

    /// The line of column names, for HEADER.
    package static func header(_ names: [String], _ options: UnloadOptions) -> [UInt8] {
        let quoting = FieldQuoting(options)
        var line: [UInt8] = []
        for (position, name) in names.enumerated() {
            if position > 0 { line.append(options.effectiveDelimiter) }
            Array(name.utf8).withUnsafeBufferPointer { quoting.append($0, to: &line) }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
