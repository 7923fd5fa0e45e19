import Catalog
import SQLTypes
import VectorEngine

/// The rows of a row group that lies in no data file yet: those of small INSERTs, which travel in the log record, so
/// that a commit costs one write and one sync.
///
/// A value that shares its parts with the versions before it. Parts are merged as they come, so that each is more than
/// twice as long as the next one: a tail of n rows has at most log₂ n of them, and each row is copied as often.
///
///     64 rows │ 16 rows │ 3 rows ◀─ 2 rows      64 │ 16 │ 5
package struct TailRows: Hashable, Sendable {
    /// Rows at which a tail is full.
    static let rowCountMax = RowGroupDescriptor.rowCountMax
    /// Encoded bytes at which it is.
    static let byteCountMax = 8 << 20
    /// Rows that a statement may add to a slice's tail; what is more is written as blocks at once, ...
    static let statementRowsMax = 1_024
    /// ... and so is what takes more bytes.
    static let statementBytesMax = 256 << 10
    /// A checkpoint turns longer tails into blocks, and has the rows of the others in itself.
    static let checkpointRowsMax = 4_096

    /// Oldest rows first.
    private(set) var parts: [TailPart]

    init(_ part: TailPart) { parts = [part] }

    /// nil: no part, or parts of unequal width.
    init?(parts: [TailPart]) {
        guard let width = parts.first?.columns.count, parts.allSatisfy({ $0.columns.count == width }) else {
            return nil
        }
        self.parts = parts
    }

    var rowCount: Int { parts.reduce(0) { $0 + $1.rowCount } }
    var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
    var columnCount: Int { parts.first?.columns.count ?? 0 }

    /// Zone maps, as scans ask for them.
    var chunks: [ChunkDescriptor] {
        (0..<columnCount).map { column in
            ChunkDescriptor(blocks: [], zone: ZoneMap(joining: parts.map { $0.columns[column].zone }))
        }
    }

    /// Whether the other's rows can follow in the same row group.
    func takes(_ other: TailRows) -> Bool {
        columnCount == other.columnCount && rowCount + other.rowCount <= Self.rowCountMax
            && byteCount + other.byteCount <= Self.byteCountMax
    }

    /// - Parameter types: of the columns.
    func appending(_ other: TailRows, types: [SQLType]) throws(SQLError) -> TailRows {
        var next = self
        for part in other.parts {
            var last = part
            while let previous = next.parts.last, previous.rowCount <= 2 * last.rowCount {
                next.parts.removeLast()
                last = try TailPart(joining: previous, last, types: types)
            }
            next.parts.append(last)
        }
        return next
    }

    /// The same rows without a column; a column that they do not have is added later than they were.
    func without(_ column: Int) throws(SQLError) -> TailRows {
        guard column < columnCount else { return self }
        var shorter: [TailPart] = []
        for part in parts {
            var columns = part.columns
            columns.remove(at: column)
            shorter.append(try TailPart(rowCount: part.rowCount, columns: columns))
        }
        return TailRows(parts: shorter) ?? self
    }

    /// All rows of one column.
    func column(_ column: Int, kind: StorageKind) throws(SQLError) -> Vector {
        var vectors: [Vector] = []
        for part in parts { vectors.append(try part.column(column, kind: kind)) }
        return Vector.concatenated(vectors, kind: kind)
    }
}

/// Some rows as one raw block a column. Immutable.
final class TailPart: Sendable {
    struct Column: Sendable {
        var zone: ZoneMap
        var block: Buffer
    }

    let rowCount: Int
    let columns: [Column]

    /// - Throws: `dataCorrupted` if the zone maps do not speak for just these rows.
    init(rowCount: Int, columns: [Column]) throws(SQLError) {
        guard columns.allSatisfy({ $0.zone.rowCount == rowCount }) else {
            throw .corrupt("a tail of \(rowCount) rows with columns of other lengths")
        }
        self.rowCount = rowCount
        self.columns = columns
    }

    /// - Parameter chunks: one a column, of equal length.
    convenience init(_ chunks: [ColumnChunk], types: [SQLType]) throws(SQLError) {
        var columns: [Column] = []
        for (chunk, type) in zip(chunks, types) {
            let encoder = ColumnEncoder(
                type: type, choice: .only(.raw), compressor: nil, blockBytesMax: RowGroupWriter.groupBytesMax)
            let blocks = try encoder.encode(chunk)
            guard let block = blocks.first, blocks.count == 1 else {
                throw .internalError("\(blocks.count) blocks for a column of a tail")
            }
            columns.append(Column(zone: block.zone, block: Buffer(block.bytes)))
        }
        try self.init(rowCount: chunks.first?.count ?? 0, columns: columns)
    }

    convenience init(joining first: TailPart, _ second: TailPart, types: [SQLType]) throws(SQLError) {
        var chunks: [ColumnChunk] = []
        for (column, type) in types.enumerated() {
            let chunk = ColumnChunk(kind: type.storage)
            try chunk.append(first.column(column, kind: type.storage))
            try chunk.append(second.column(column, kind: type.storage))
            chunks.append(chunk)
        }
        try self.init(chunks, types: types)
    }

    var byteCount: Int { columns.reduce(0) { $0 + $1.block.byteCount } }

    func column(_ column: Int, kind: StorageKind) throws(SQLError) -> Vector {
        let vector = try ColumnDecoder(kind: kind, decompressor: nil).decode(columns[column].block)
        guard vector.count == rowCount else { throw .corrupt("\(vector.count) rows in a tail's part of \(rowCount)") }
        return vector
    }
}

extension TailPart: Hashable {
    static func == (left: TailPart, right: TailPart) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
