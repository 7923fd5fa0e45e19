package import SQLTypes

/// Makes blocks of a column chunk: picks a codec for each block, and notes what a scan may know of it without reading
/// it.
package struct ColumnEncoder: Sendable {
    package static let rowCountMax = 65_536

    package enum Choice: Hashable, Sendable {
        /// The codec that makes the fewest bytes, those quick to unpack preferred when it is close.
        case smallest
        /// This one, unless it does not suit the values or makes them larger than `raw` would.
        case only(BlockCodec)
    }

    package let type: SQLType
    package let choice: Choice
    /// For strings; nil: symbols, where the choice is ours.
    package let compressor: (any ByteCompressor)?
    /// A block with more encoded bytes is cut in two, down to a single row.
    package let blockBytesMax: Int

    /// Unpacked bytes of strings that are tried as one block: not much more than may fit one.
    private var textBytesMax: Int { choice == .only(.raw) ? blockBytesMax : 8 * blockBytesMax }

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
        // Strings that may not fit one block are cut by their text.
        if !allowsDictionary || chunk.textByteCount > textBytesMax { try chunk.unfold() }
        var blocks: [EncodedBlock] = []
        var pending = chunk.count > 0 ? [0..<chunk.count] : []
        while let rows = pending.popLast() {
            if rows.count > 1, textBytes(of: chunk, rows) > textBytesMax {
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
        return [middle..<rows.upperBound, rows.lowerBound..<middle]
    }

    private func textBytes(of chunk: ColumnChunk, _ rows: Range<Int>) -> Int {
        guard chunk.kind == .bytes, chunk.dictionary == nil else { return 0 }
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
        if let dictionary = chunk.dictionary {
            let source = BlockSource(chunk: chunk, rows: rows, nullCount: nullCount)
            if let block = try encodeCodes(source, of: dictionary) { return block }
            try chunk.unfold()
        }
        let source = BlockSource(chunk: chunk, rows: rows, nullCount: nullCount)
        return switch chunk.kind {
        case .bytes: try encodeStrings(source)
        case .int128: encodeWide(source)
        case .int8, .int16, .int32, .int64, .float32, .float64: encodeNumbers(source)
        }
    }
}

/// The rows that one block is made of; at least one is not null. The pointers are the chunk's, valid while it is there
/// and not appended to; held here because an access to a property of the chunk is checked each time.
struct BlockSource {
    let chunk: ColumnChunk
    let rows: Range<Int>
    let nullCount: Int
    /// One byte a row, nil if none is null.
    let validity: UnsafePointer<UInt8>?
    private let textStart: UnsafePointer<UInt8>
    /// Where each row of the block ends in the text.
    private let ends: UnsafePointer<UInt32>
    /// Where its first row begins.
    private let textBegin: Int

    init(chunk: ColumnChunk, rows: Range<Int>, nullCount: Int) {
        self.chunk = chunk
        self.rows = rows
        self.nullCount = nullCount
        validity = nullCount > 0 ? UnsafePointer(chunk.validity.pointer + rows.lowerBound) : nil
        textStart = UnsafePointer(chunk.text.pointer)
        let allEnds = UnsafePointer(chunk.ends.pointer)
        ends = allEnds + rows.lowerBound
        let hasText = chunk.kind == .bytes && chunk.dictionary == nil
        textBegin = hasText && rows.lowerBound > 0 ? Int(allEnds[rows.lowerBound - 1]) : 0
    }

    var count: Int { rows.count }

    /// Where a row's string lies in the text of the chunk; row 0 is the block's first.
    @inline(__always)
    func textRange(_ row: Int) -> Range<Int> {
        let start = row == 0 ? textBegin : Int(ends[row - 1])
        return Range(uncheckedBounds: (start, Int(ends[row])))
    }

    /// Of all rows.
    var textRange: Range<Int> { textBegin..<Int(ends[count - 1]) }

    @inline(__always)
    func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: textStart + range.lowerBound, count: range.count)
    }

    var lengths: [UInt32] { (0..<count).map { UInt32(textRange($0).count) } }

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
