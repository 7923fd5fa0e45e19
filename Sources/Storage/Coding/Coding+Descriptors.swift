import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func rowGroup(_ group: RowGroupDescriptor) {
        i64(group.number)
        i32(group.file)
        u32(UInt32(group.rowCount))
        bool(group.isSorted)
        if let tail = group.tail { list(tail.parts) { $0.part($1) } } else { list(group.chunks) { $0.chunk($1) } }
    }

    private mutating func part(_ part: TailPart) {
        u32(UInt32(part.rowCount))
        list(part.columns) { output, column in
            output.zone(column.zone)
            output.u32(UInt32(column.block.byteCount))
            output.raw(UnsafeRawBufferPointer(column.block.values(as: UInt8.self)))
        }
    }

    private mutating func chunk(_ chunk: ChunkDescriptor) {
        zone(chunk.zone)
        list(chunk.blocks) { $0.block($1) }
    }

    private mutating func block(_ block: BlockDescriptor) {
        i64(block.fileOffset)
        u32(UInt32(block.byteCount))
        u32(UInt32(block.firstRow))
        u32(UInt32(block.rowCount))
        u8(block.codec.rawValue)
        u32(block.checksum)
        zone(block.zone)
    }

    private mutating func zone(_ zone: ZoneMap) {
        u32(UInt32(zone.rowCount))
        u32(UInt32(zone.nullCount))
        optional(zone.minimum) { $0.value($1) }
        optional(zone.maximum) { $0.value($1) }
    }
}

extension ByteWriter {
    /// In the order of their numbers.
    mutating func deletedRowGroups(_ groups: DeletedRowGroups) {
        list(groups.keys.sorted()) { output, number in
            output.i64(number)
            output.deletedRows(groups[number] ?? DeletedRows())
        }
    }

    /// Few rows as a list, many as bits, whichever is shorter.
    private mutating func deletedRows(_ deleted: DeletedRows) {
        let isList = deleted.count * 2 <= deleted.words.count * 8
        bool(!isList)
        if isList {
            list(deleted.rows) { $0.u16(UInt16($1)) }
        } else {
            list(deleted.words) { $0.u64($1) }
        }
    }
}

extension ByteReader {
    mutating func deletedRowGroups() throws(SQLError) -> DeletedRowGroups {
        var groups = DeletedRowGroups()
        for _ in 0..<(try count(bytesEach: 13)) {
            let number = try i64()
            guard groups.updateValue(try deletedRows(), forKey: number) == nil else {
                throw .corrupt("row group \(number) listed twice")
            }
        }
        return groups
    }

    private mutating func deletedRows() throws(SQLError) -> DeletedRows {
        if try bool() {
            let words = try list(bytesEach: 8) { (reader) throws(SQLError) in try reader.u64() }
            guard let deleted = DeletedRows(words: words) else {
                throw .corrupt("\(words.count) words of deleted rows")
            }
            return deleted
        }
        return DeletedRows(try list(bytesEach: 2) { (reader) throws(SQLError) in Int(try reader.u16()) })
    }
}

extension ByteReader {
    mutating func rowGroup() throws(SQLError) -> RowGroupDescriptor {
        let number = try i64()
        let file = try i32()
        let rowCount = Int(try u32())
        let isSorted = try bool()
        guard rowCount <= RowGroupDescriptor.rowCountMax else { throw .corrupt("a row group of \(rowCount) rows") }
        if file == 0 {
            let parts = try list(bytesEach: 8) { (reader) throws(SQLError) in try reader.part() }
            guard let tail = TailRows(parts: parts), tail.rowCount == rowCount, !isSorted else {
                throw .corrupt("a tail of \(parts.count) parts for \(rowCount) rows")
            }
            return RowGroupDescriptor(number: number, tail: tail)
        }
        let chunks = try list(bytesEach: 14) { (reader) throws(SQLError) in try reader.chunk(rowCount: rowCount) }
        return RowGroupDescriptor(number: number, file: file, rowCount: rowCount, chunks: chunks, isSorted: isSorted)
    }

    private mutating func part() throws(SQLError) -> TailPart {
        let rowCount = Int(try u32())
        let columns = try list(bytesEach: 14) { (reader) throws(SQLError) in
            let zone = try reader.zone()
            let bytes = try reader.raw(try reader.count(bytesEach: 1))
            return TailPart.Column(zone: zone, block: Buffer(Array(bytes)))
        }
        return try TailPart(rowCount: rowCount, columns: columns)
    }

    private mutating func chunk(rowCount: Int) throws(SQLError) -> ChunkDescriptor {
        let zone = try zone()
        var next = 0
        let blocks = try list(bytesEach: 35) { (reader) throws(SQLError) in
            let block = try reader.block()
            guard block.firstRow == next else {
                throw .corrupt("a block that begins with row \(block.firstRow), not \(next)")
            }
            next += block.rowCount
            return block
        }
        guard next == rowCount else { throw .corrupt("blocks of \(next) rows in a row group of \(rowCount)") }
        return ChunkDescriptor(blocks: blocks, zone: zone)
    }

    private mutating func block() throws(SQLError) -> BlockDescriptor {
        let fileOffset = try i64()
        let byteCount = Int(try u32())
        let firstRow = Int(try u32())
        let rowCount = Int(try u32())
        let codecCode = try u8()
        guard let codec = BlockCodec(rawValue: codecCode) else { throw .corrupt("unknown codec \(codecCode)") }
        guard fileOffset >= 0, fileOffset <= Int64.max - Int64(byteCount) else {
            throw .corrupt("a block at byte \(fileOffset)")
        }
        let checksum = try u32()
        return BlockDescriptor(
            fileOffset: fileOffset, byteCount: byteCount, firstRow: firstRow, rowCount: rowCount, zone: try zone(),
            codec: codec, checksum: checksum)
    }

    private mutating func zone() throws(SQLError) -> ZoneMap {
        let rowCount = Int(try u32())
        let nullCount = Int(try u32())
        let minimum = try optional { (reader) throws(SQLError) in try reader.value() }
        let maximum = try optional { (reader) throws(SQLError) in try reader.value() }
        return ZoneMap(minimum: minimum, maximum: maximum, nullCount: nullCount, rowCount: rowCount)
    }
}
