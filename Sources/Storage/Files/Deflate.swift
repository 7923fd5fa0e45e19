import CZlib
import SQLTypes
import VectorEngine

/// Raw deflate by zlib: what the names LZO and ZSTD stand for here.
/// - Source: RFC 1951.
struct Deflate: ByteCompressor {
    /// 1 is quick, 9 is small.
    let level: Int32

    static let quick = Deflate(level: 1)
    static let small = Deflate(level: 6)
    /// No zlib header or checksum: the block has its own.
    private static let windowBits: Int32 = -15

    func compress(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8] {
        var stream = z_stream()
        let opened = deflateInit2_(
            &stream, level, Z_DEFLATED, Deflate.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { throw SQLError(.outOfMemory, "zlib could not start: \(opened)") }
        defer { deflateEnd(&stream) }
        var result = Z_OK
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(bytes.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(capacity)
            result = deflate(&stream, Z_FINISH)
            count = Int(stream.total_out)
        }
        guard result == Z_STREAM_END else { throw .internalError("zlib stopped while compressing: \(result)") }
        return output
    }

    func decompress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        var stream = z_stream()
        let opened = inflateInit2_(&stream, Deflate.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { throw SQLError(.outOfMemory, "zlib could not start: \(opened)") }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(target.count)
        let result = inflate(&stream, Z_FINISH)
        guard result == Z_STREAM_END, stream.avail_out == 0, stream.avail_in == 0 else {
            throw .corrupt("compressed bytes that do not unpack to \(target.count): zlib says \(result)")
        }
    }
}
