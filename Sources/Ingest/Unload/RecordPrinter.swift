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
    /// Of FIXEDWIDTH; nil: fields are delimited.
    private let widths: [Int]?

    package init(_ types: [SQLType], _ options: UnloadOptions) {
        let quoting = FieldQuoting(options)
        columns = types.map { ColumnPrinter($0, quoting) }
        delimiter = options.effectiveDelimiter
        nullText = options.nullText ?? []
        if case .fixedWidth(let specification) = options.format {
            widths = specification.widths
        } else {
            widths = nil
        }
    }

    package mutating func print(_ batch: Batch) throws(SQLError) {
        precondition(batch.columns.count == columns.count, "\(batch.columns.count) columns, not \(columns.count)")
        for column in columns.indices { columns[column].print(batch.columns[column]) }
        text.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        ends.reserveCapacity(batch.count)
        for row in 0..<batch.count {
            for column in columns.indices {
                if let widths {
                    try appendPadded(row, column, width: widths[column])
                    continue
                }
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

    /// Values are never cut off. - Source: Redshift developer guide, "UNLOAD", FIXEDWIDTH and NULL AS.
    private mutating func appendPadded(_ row: Int, _ column: Int, width: Int) throws(SQLError) {
        let start = text.count
        appendField(row, columns[column])
        var length = text[start...].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        if length > width, columns[column].valid[row] == 0, !columns[column].isText {
            text.removeSubrange(start...)
            length = 0
        }
        guard length <= width else {
            throw SQLError(
                .stringDataRightTruncation, "value too long for field \(column + 1) of FIXEDWIDTH",
                detail: "It has \(length) characters, the field \(width).")
        }
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: width - length))
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
