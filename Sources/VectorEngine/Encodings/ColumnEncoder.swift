package import SQLTypes

/// Makes blocks of a column chunk: picks a codec for each block, and notes what a scan may know of it without reading it.
package struct ColumnEncoder: Sendable {
    package static let rowCountMax = 65_536
    /// Unpacked bytes of strings of one block, so that compression is not tried on much more than fits one.
    static let textBytesMax = 8 << 20

    package enum Choice: Hashable, Sendable {
        /// The codec that makes the fewest bytes, those quick to unpack preferred when it is close.
        case smallest
        /// This one, unless it does not suit the values or makes them larger than `raw` would.
        case only(BlockCodec)
    }

    package let type: SQLType
    package let choice: Choice
    /// For strings; nil: never compressed.
    package let compressor: (any ByteCompressor)?
    /// A block with more encoded bytes is cut in two, down to a single row.
    package let blockBytesMax: Int

    package init(type: SQLType, choice: Choice, compressor: (any ByteCompressor)?, blockBytesMax: Int = 1 << 20) {
        self.type = type
        self.choice = choice
        self.compressor = compressor
        self.blockBytesMax = blockBytesMax
    }

    /// The blocks of all rows, in order, without gaps; none for no rows.
    package func encode(_ chunk: ColumnChunk) throws(SQLError) -> [EncodedBlock] {
        precondition(chunk.count <= ColumnEncoder.rowCountMax, "\(chunk.count) rows in a chunk")
        precondition(chunk.kind == type.storage, "a chunk of \(chunk.kind) for \(type)")
        var blocks: [EncodedBlock] = []
        var pending = chunk.count > 0 ? [0 ..< chunk.count] : []
        while let rows = pending.popLast() {
            if rows.count > 1, textBytes(of: chunk, rows) > ColumnEncoder.textBytesMax {
                pending.append(contentsOf: halves(rows))
                continue
            }
            let block = try encode(chunk, rows)
            if block.bytes.count > blockBytesMax && rows.count > 1 {
                pending.append(contentsOf: halves(rows))
            } else {
                blocks.append(block)
            }
        }
        return blocks
    }

    package func encode(_ vector: Vector) throws(SQLError) -> [EncodedBlock] {
        let chunk = ColumnChunk(kind: type.storage)
        try chunk.append(vector)
        return try encode(chunk)
    }

    /// Last half first, as they are taken from the end.
    private func halves(_ rows: Range<Int>) -> [Range<Int>] {
        let middle = rows.lowerBound + rows.count / 2
        return [middle ..< rows.upperBound, rows.lowerBound ..< middle]
    }

    private func textBytes(of chunk: ColumnChunk, _ rows: Range<Int>) -> Int {
        guard chunk.kind == .bytes else { return 0 }
        let start = rows.lowerBound == 0 ? 0 : Int(chunk.ends[rows.lowerBound - 1])
        return Int(chunk.ends[rows.upperBound - 1]) - start
    }

    private func encode(_ chunk: ColumnChunk, _ rows: Range<Int>) throws(SQLError) -> EncodedBlock {
        var nullCount = 0
        if chunk.nullCount > 0 {
            for row in rows where chunk.validity[row] == 0 { nullCount += 1 }
        }
        if nullCount == rows.count {
            var output = ByteWriter(capacity: 8)
            BlockHeader(codec: .allNull, kind: chunk.kind, flags: 0, rowCount: rows.count).write(to: &output)
            let zone = ZoneMap(nullCount: nullCount, rowCount: rows.count)
            return EncodedBlock(rows: rows, codec: .allNull, zone: zone, bytes: output.bytes)
        }
        let source = BlockSource(chunk: chunk, rows: rows, nullCount: nullCount)
        return switch chunk.kind {
        case .bytes: try encodeStrings(source)
        case .int128: encodeWide(source)
        case .int8, .int16, .int32, .int64, .float32, .float64: encodeNumbers(source)
        }
    }
}

/// The rows that one block is made of; at least one is not null.
struct BlockSource {
    let chunk: ColumnChunk
    let rows: Range<Int>
    let nullCount: Int

    var count: Int { rows.count }

    /// One byte a row, nil if none is null. Valid while the chunk is not appended to.
    var validity: UnsafePointer<UInt8>? {
        nullCount > 0 ? UnsafePointer(chunk.validity.pointer + rows.lowerBound) : nil
    }

    /// Header and validity; the codec writes the rest.
    func begin(_ codec: BlockCodec, flags: UInt8 = 0, capacity: Int) -> ByteWriter {
        var output = ByteWriter(capacity: capacity + 64 + count / 8)
        let nullFlag = nullCount > 0 ? BlockHeader.hasNulls : 0
        BlockHeader(codec: codec, kind: chunk.kind, flags: flags | nullFlag, rowCount: count).write(to: &output)
        if let validity {
            BitPacking.pack(UnsafeBufferPointer(start: validity, count: count), width: 1, to: &output)
        }
        return output
    }

    func finish(_ codec: BlockCodec, _ output: ByteWriter, minimum: SQLValue?, maximum: SQLValue?) -> EncodedBlock {
        let zone = ZoneMap(minimum: minimum, maximum: maximum, nullCount: nullCount, rowCount: count)
        return EncodedBlock(rows: rows, codec: codec, zone: zone, bytes: output.bytes)
    }
}
