import CZlib
package import SQLTypes

/// Writes gzip into an object. The header carries no time and no name, so that the same bytes in give the same bytes
/// out.
package final class GzipWriter: ObjectWriter {
    private static let outputChunkBytes = 256 << 10

    private let target: any ObjectWriter
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var isComplete = false

    /// - Parameter level: zlib's, 1 (fast) … 9 (small).
    package init(to target: any ObjectWriter, level: Int = 6) throws(SQLError) {
        precondition((1...9).contains(level), "compression level \(level)")
        self.target = target
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(byteCount: GzipWriter.outputChunkBytes, alignment: 16)
        let memoryLevel: Int32 = 8
        let status = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, GzipFormat.windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw SQLError(.outOfMemory, "zlib could not be started (\(status))") }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = min(rest.count, Int(Int32.max))
            // zlib reads through this pointer only, though its C declaration does not say const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(count)
            repeat { try deflateSome(Z_NO_FLUSH) } while stream.pointee.avail_in > 0
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    package func prepare() throws(SQLError) {
        guard !isComplete else { return }
        while try deflateSome(Z_FINISH) != Z_STREAM_END {}
        isComplete = true
        try target.prepare()
    }

    package func finish() throws(SQLError) {
        try prepare()
        try target.finish()
    }

    @discardableResult
    private func deflateSome(_ flush: Int32) throws(SQLError) -> Int32 {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = deflate(stream, flush)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw SQLError.internalError("zlib refused to compress (\(status))")
        }
        let count = output.count - Int(stream.pointee.avail_out)
        if count > 0 { try target.write(UnsafeRawBufferPointer(rebasing: output[..<count])) }
        return status
    }
}
