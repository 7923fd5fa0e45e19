import SQLTypes

/// Some rows of a column chunk as bytes for a file.
///
///     offset  bytes
///     0       1      codec (`BlockCodec`)
///     1       1      storage kind (`BlockHeader.code(of:)`)
///     2       1      flags: 1 = some rows are null, 2 = 128-bit values that span more than 64 bits
///     3       1      0
///     4       4      rows
///     8       ⌈rows / 8⌉ if flag 1: one bit a row, 1 = valid, the first row in the lowest bit
///     …              what the codec makes of the values (for numbers `NumberFrame` first); null rows have a filler
package struct EncodedBlock: Sendable {
    /// Within the chunk.
    package let rows: Range<Int>
    package let codec: BlockCodec
    package let zone: ZoneMap
    package let bytes: [UInt8]
}

struct BlockHeader {
    static let hasNulls: UInt8 = 1
    static let isWide: UInt8 = 2

    var codec: BlockCodec
    var kind: StorageKind
    var flags: UInt8
    var rowCount: Int

    func write(to output: inout ByteWriter) {
        output.u8(codec.rawValue)
        output.u8(BlockHeader.code(of: kind))
        output.u8(flags)
        output.u8(0)
        output.u32(UInt32(rowCount))
    }

    init(codec: BlockCodec, kind: StorageKind, flags: UInt8, rowCount: Int) {
        self.codec = codec
        self.kind = kind
        self.flags = flags
        self.rowCount = rowCount
    }

    init(from reader: inout ByteReader) throws(SQLError) {
        let codecCode = try reader.u8()
        guard let codec = BlockCodec(rawValue: codecCode) else { throw .corrupt("unknown codec \(codecCode)") }
        let kindCode = try reader.u8()
        guard let kind = StorageKind.allCases.first(where: { BlockHeader.code(of: $0) == kindCode }) else {
            throw .corrupt("unknown storage kind \(kindCode)")
        }
        self.codec = codec
        self.kind = kind
        flags = try reader.u8()
        guard flags & ~(BlockHeader.hasNulls | BlockHeader.isWide) == 0, try reader.u8() == 0 else {
            throw .corrupt("unknown flags \(flags)")
        }
        rowCount = Int(try reader.u32())
        guard rowCount <= ColumnEncoder.rowCountMax else { throw .corrupt("\(rowCount) rows") }
    }

    /// As it stands in files, whatever the enumeration looks like.
    static func code(of kind: StorageKind) -> UInt8 {
        switch kind {
        case .int8: 1
        case .int16: 2
        case .int32: 3
        case .int64: 4
        case .int128: 5
        case .float32: 6
        case .float64: 7
        case .bytes: 8
        }
    }
}
