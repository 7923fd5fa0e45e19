import Catalog
package import SQLTypes
package import VectorEngine

/// Cuts rows of one table into row groups, encodes them and writes them to the slice's data file. Belongs to one task.
package final class RowGroupWriter {
    /// Encoded bytes of a block.
    package static let blockBytesMax = 1 << 20
    /// Unpacked bytes at which a row group is closed early, if memory is not short.
    package static let groupBytesMax = 64 << 20

    /// A sorted load is cut into this many row groups at least, so that zone maps of a small table skip something, ...
    private static let sortedGroupsMin = 8
    /// ... unless they would have fewer rows than this.
    private static let sortedGroupRowsMin = 4_096

    /// Rows appended so far.
    package private(set) var rowCount = 0
    /// Encoded bytes written so far.
    package private(set) var writtenBytes = 0

    private let encoders: [ColumnEncoder]
    private let chunks: [ColumnChunk]
    private let store: SliceStore
    private let file: DataFile
    private let isSorted: Bool
    private let types: [SQLType]
    private let allowsTail: Bool
    private let groupRowsMax: Int
    private let groupBytesMax: Int
    private var groupRows = 0
    private var groups: [RowGroupDescriptor] = []
    /// Of the row group that is being written; its memory is used again for the next one.
    private var encoded: [UInt8] = []

    init(
        table: TableDefinition, isSorted: Bool, expectedRowCount: Int?, allowsTail: Bool, groupBytesMax: Int,
        file: DataFile, store: SliceStore
    ) {
        types = table.columns.map(\.type)
        self.allowsTail = allowsTail && !isSorted
        encoders = table.columns.map(\.encoder)
        chunks = table.columns.map { ColumnChunk(kind: $0.type.storage) }
        self.store = store
        self.file = file
        self.isSorted = isSorted
        self.groupBytesMax = groupBytesMax
        if isSorted, let expectedRowCount {
            let share = (expectedRowCount + Self.sortedGroupsMin - 1) / Self.sortedGroupsMin
            groupRowsMax = min(max(share, Self.sortedGroupRowsMin), RowGroupDescriptor.rowCountMax)
        } else {
            groupRowsMax = RowGroupDescriptor.rowCountMax
        }
    }

    /// Takes a batch of the table's columns, in their order.
    package func append(_ batch: Batch) throws(SQLError) {
        guard batch.columns.count == chunks.count else {
            throw .internalError("\(batch.columns.count) columns for a table of \(chunks.count)")
        }
        var start = 0
        while start < batch.count {
            if groupRows == groupRowsMax { try writeGroup() }
            var count = min(batch.count - start, groupRowsMax - groupRows)
            var part = batch.slice(start..<start + count)
            var partBytes = bytes(of: part)
            while unpackedBytes + partBytes > groupBytesMax && count > 1 {
                count /= 2
                part = batch.slice(start..<start + count)
                partBytes = bytes(of: part)
            }
            if groupRows > 0 && unpackedBytes + partBytes > groupBytesMax { try writeGroup() }
            for (chunk, column) in zip(chunks, part.columns) { try chunk.append(column) }
            groupRows += count
            rowCount += count
            start += count
        }
    }

    private var unpackedBytes: Int { chunks.reduce(0) { $0 + $1.unpackedBytes } }

    private func bytes(of batch: Batch) -> Int {
        batch.columns.reduce(0) { $0 + ColumnChunk.unpackedBytes(of: $1) }
    }

    /// Writes what is left. On return all row groups are on disk (synced), to be named in a `CommitRecord`; or it is one
    /// that is a tail, whose rows the record carries.
    package func finish() throws(SQLError) -> [RowGroupDescriptor] {
        if groupRows > 0, isTail {
            let part = try TailPart(chunks, types: types)
            let number = store.nextGroupNumber(of: file.table)
            writtenBytes = part.byteCount
            abandon()
            return [RowGroupDescriptor(number: number, tail: TailRows(part))]
        }
        try writeGroup()
        defer { groups = [] }
        if !groups.isEmpty { try file.sync() }
        return groups
    }

    private var isTail: Bool {
        allowsTail && groups.isEmpty && !types.isEmpty && groupRows <= TailRows.statementRowsMax
            && unpackedBytes <= TailRows.statementBytesMax
    }

    /// Forgets the rows; the space that they took in the file stays unused.
    package func abandon() {
        chunks.forEach { $0.removeAll() }
        groupRows = 0
        groups = []
    }

    /// Encodes the rows collected and writes them in one piece.
    private func writeGroup() throws(SQLError) {
        guard groupRows > 0 else { return }
        encoded.removeAll(keepingCapacity: true)
        var descriptors: [ChunkDescriptor] = []
        for (encoder, chunk) in zip(encoders, chunks) {
            var blocks: [BlockDescriptor] = []
            for block in try encoder.encode(chunk) {
                blocks.append(
                    BlockDescriptor(
                        fileOffset: Int64(encoded.count), byteCount: block.bytes.count, firstRow: block.rows.lowerBound,
                        rowCount: block.rows.count, zone: block.zone, codec: block.codec,
                        checksum: Checksum.crc32c(block.bytes)))
                encoded.append(contentsOf: block.bytes)
            }
            descriptors.append(ChunkDescriptor(blocks: blocks, zone: ZoneMap(joining: blocks.map(\.zone))))
            chunk.removeAll()
        }
        let offset = try file.append(encoded)
        for column in descriptors.indices {
            for block in descriptors[column].blocks.indices { descriptors[column].blocks[block].fileOffset += offset }
        }
        groups.append(
            RowGroupDescriptor(
                number: store.nextGroupNumber(of: file.table), file: file.number, rowCount: groupRows,
                chunks: descriptors, isSorted: isSorted))
        writtenBytes += encoded.count
        groupRows = 0
    }
}
