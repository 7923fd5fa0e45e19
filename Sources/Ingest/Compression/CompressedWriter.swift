package import SQLTypes

/// Makes writers that compress, for UNLOAD.
package enum CompressedWriter {
    /// - Parameter compression: nil: bytes are written as they are.
    package static func make(
        _ compression: CopyOptions.Compression?, to target: any ObjectWriter
    ) throws(SQLError) -> any ObjectWriter {
        switch compression {
        case nil: target
        case .gzip: try GzipWriter(to: target)
        case .bzip2: try Bzip2Writer(to: target)
        case .zstd: try ZstdWriter(to: target)
        case .lzop: throw SQLError.unsupported("UNLOAD option LZOP")
        }
    }
}
