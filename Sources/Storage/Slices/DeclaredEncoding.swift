package import Catalog
package import SQLTypes
package import VectorEngine

extension ColumnDefinition {
    /// What ENCODE asks for, as the encoder takes it: LZO and ZSTD are deflate at two levels on strings (a dictionary
    /// where that is better still) and AZ64 on numbers, DELTA32K is DELTA, and without a declared encoding each block
    /// has what is smallest of those that pack and unpack quickly.
    var encoder: ColumnEncoder {
        let choice: ColumnEncoder.Choice =
            switch isEncodingDeclared ? encoding : .az64 {
            case .raw: .only(.raw)
            case .az64, .lzo, .zstd: .smallest
            case .bytedict: .only(.dictionary)
            case .delta, .delta32k: .only(.delta)
            case .mostly8: .only(.mostly8)
            case .mostly16: .only(.mostly16)
            case .mostly32: .only(.mostly32)
            case .runlength: .only(.runLength)
            case .text255: .only(.text255)
            case .text32k: .only(.text32k)
            }
        let compressor: Deflate? =
            switch isEncodingDeclared ? encoding : .az64 {
            case .zstd: .small
            case .lzo: .quick
            default: nil
            }
        return ColumnEncoder(
            type: type, choice: choice, compressor: compressor, blockBytesMax: RowGroupWriter.blockBytesMax)
    }

    /// Bytes at rest that the values of a row group take in this column.
    package func encodedByteCount(of values: Vector) throws(SQLError) -> Int {
        try encoder.encode(values).reduce(0) { $0 + $1.bytes.count }
    }
}
