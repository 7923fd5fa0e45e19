package import VectorEngine

/// Where one block lies in its data file, and what is known of it without reading it.
package struct BlockDescriptor: Hashable, Sendable {
    /// In bytes from the start of the row group's data file.
    package var fileOffset: Int64
    /// Encoded bytes, at most `RowGroupWriter.blockBytesMax` unless a single value is longer.
    package var byteCount: Int
    /// First row within the row group, from 0.
    package var firstRow: Int
    package var rowCount: Int
    package var zone: ZoneMap
    package var codec: BlockCodec
    /// CRC32C of the encoded bytes.
    package var checksum: UInt32

    package init(
        fileOffset: Int64, byteCount: Int, firstRow: Int, rowCount: Int, zone: ZoneMap, codec: BlockCodec,
        checksum: UInt32
    ) {
        self.fileOffset = fileOffset
        self.byteCount = byteCount
        self.firstRow = firstRow
        self.rowCount = rowCount
        self.zone = zone
        self.codec = codec
        self.checksum = checksum
    }
}

/// One column of a row group: its blocks in the order of their rows, without gaps.
package struct ChunkDescriptor: Hashable, Sendable {
    package var blocks: [BlockDescriptor]
    /// Of all rows of the row group.
    package var zone: ZoneMap

    package init(blocks: [BlockDescriptor], zone: ZoneMap) {
        self.blocks = blocks
        self.zone = zone
    }

    /// Bytes at rest.
    package var byteCount: Int { blocks.reduce(0) { $0 + $1.byteCount } }
}

/// Up to 65,536 rows of one table on one slice. A row group never changes; its number names it in caches and in the
/// log.
package struct RowGroupDescriptor: Hashable, Sendable {
    package static let rowCountMax = 65_536

    /// Unique within table and slice, growing.
    package var number: Int64
    /// Which of the table's data files on that slice holds the blocks; 0: none yet, the rows are in `tail`.
    package var file: Int32
    package var rowCount: Int
    /// By column position. A column added later has no chunk here.
    package var chunks: [ChunkDescriptor]
    /// The rows follow the table's sort key, and belong to its sorted region.
    package var isSorted: Bool
    /// The rows of a row group that lies in no data file: its chunks have zone maps and no blocks.
    package internal(set) var tail: TailRows?

    package init(number: Int64, file: Int32, rowCount: Int, chunks: [ChunkDescriptor], isSorted: Bool) {
        self.number = number
        self.file = file
        self.rowCount = rowCount
        self.chunks = chunks
        self.isSorted = isSorted
    }

    init(number: Int64, tail: TailRows) {
        self.init(number: number, file: 0, rowCount: tail.rowCount, chunks: tail.chunks, isSorted: false)
        self.tail = tail
    }

    /// Bytes at rest.
    package var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }
}
