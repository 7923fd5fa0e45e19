import CZlib
import SQLTypes

/// gzip by zlib, streaming. Members may follow one another; anything else behind the last one is an error, and so is an
/// end inside a member.
final class ZlibInflater: Inflater {
    private static let inputChunkBytes = 256 << 10

    private let reader: any ObjectReader
    /// On the heap: zlib's state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var inputOffset: Int
    private var isInsideMember = false
    private var isAtEnd = false

    /// - Parameter offset: where the first member begins that is to be read.
    init(_ reader: any ObjectReader, from offset: Int = 0) throws(SQLError) {
        self.reader = reader
        inputOffset = offset
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let chunk = max(64, min(ZlibInflater.inputChunkBytes, reader.sizeBytes))
        input = .allocate(byteCount: chunk, alignment: 16)
        let status = inflateInit2_(
            stream, GzipFormat.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw SQLError(.outOfMemory, "zlib could not be started (\(status))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    var storedBytesRead: Int { inputOffset - Int(stream.pointee.avail_in) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(Int32.max)))
        guard !isAtEnd, let start = target.baseAddress else { return 0 }
        stream.pointee.next_out = start.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(target.count)
        while stream.pointee.avail_out > 0 {
            if stream.pointee.avail_in == 0, try !refill() { break }
            if !isInsideMember { try startMember() }
            try inflateSome()
        }
        return target.count - Int(stream.pointee.avail_out)
    }

    /// False at the end of the object, which must not be inside a member.
    private func refill() throws(SQLError) -> Bool {
        let count = try reader.read(at: inputOffset, into: input)
        if count == 0 {
            guard !isInsideMember else {
                throw SQLError.corrupt(
                    reader.address, format: "gzip", "unexpected end of file after \(inputOffset) bytes")
            }
            isAtEnd = true
            return false
        }
        inputOffset += count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        return true
    }

    private func startMember() throws(SQLError) {
        isInsideMember = true
        guard inputOffset != Int(stream.pointee.avail_in) else {
            guard GzipFormat.hasMagic(UnsafeBufferPointer(start: stream.pointee.next_in, count: min(2, inputOffset)))
            else {
                throw SQLError.notCompressed(reader.address, format: "gzip")
            }
            return
        }
        guard stream.pointee.next_in?.pointee == 0x1f, inflateReset(stream) == Z_OK else {
            throw SQLError.corrupt(
                reader.address, format: "gzip", "garbage after the compressed data at byte \(storedBytesRead)")
        }
    }

    private func inflateSome() throws(SQLError) {
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isInsideMember = false
        case Z_MEM_ERROR: throw SQLError(.outOfMemory, "out of memory while decompressing \(reader.address)")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "invalid data"
            throw SQLError.corrupt(reader.address, format: "gzip", "\(reason) near byte \(storedBytesRead)")
        }
    }
}
