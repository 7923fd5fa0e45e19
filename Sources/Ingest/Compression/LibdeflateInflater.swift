import SQLTypes

/// gzip by libdeflate, which inflates a whole member in one call, about twice as fast as zlib. So objects that are
/// small enough are read into memory as a whole. What libdeflate does not take (damaged, or larger than the memory
/// meant for it) is left to zlib from that member on, whose errors are the same ones as without libdeflate.
final class LibdeflateInflater: Inflater {
    /// Larger objects are left to zlib: slices hold object and text in memory.
    static let storedBytesMax = 64 << 20
    static let textBytesMax = 256 << 20
    private enum Status { static let success: Int32 = 0, insufficientSpace: Int32 = 3 }

    private typealias Make = @convention(c) @Sendable () -> OpaquePointer?
    private typealias Free = @convention(c) @Sendable (OpaquePointer?) -> Void
    private typealias Inflate =
        @convention(c) @Sendable (
            OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<Int>
        ) -> Int32

    private let inflate: Inflate
    private let free: Free
    private let decoder: OpaquePointer
    private let reader: any ObjectReader
    private let memory: WholeObjectMemory
    /// Memory of `memory`, which this object has for itself while it lives.
    private var stored: UnsafeMutableRawBufferPointer
    private var text = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var storedCount = 0
    private var memberStart = 0
    private var textStart = 0
    private var textEnd = 0
    /// Reads on where libdeflate gave up.
    private var rest: ZlibInflater?

    /// nil if the library is not installed, the object too large for it, or the memory refused.
    init?(_ reader: any ObjectReader, memory: WholeObjectMemory, libraries: LibraryLookup) throws(SQLError) {
        guard reader.sizeBytes > 0, reader.sizeBytes <= LibdeflateInflater.storedBytesMax,
            let library = libraries.handle(.libdeflate), let stored = memory.reserveStored(reader.sizeBytes)
        else { return nil }
        let make: Make = try library.function("libdeflate_alloc_decompressor")
        free = try library.function("libdeflate_free_decompressor")
        inflate = try library.function("libdeflate_gzip_decompress_ex")
        guard let decoder = make() else { throw SQLError(.outOfMemory, "libdeflate could not be started") }
        self.decoder = decoder
        self.reader = reader
        self.memory = memory
        self.stored = stored
    }

    deinit { free(decoder) }

    var storedBytesRead: Int { rest?.storedBytesRead ?? memberStart }
    var pendingTextBytes: Int { textEnd - textStart }

    func borrowWholeText() throws(SQLError) -> UnsafeMutableBufferPointer<UInt8>? {
        try load()
        try inflateMember()
        guard rest == nil, memberStart == storedCount, let start = text.baseAddress else { return nil }
        // One member, which is all there is.
        textStart = textEnd
        return UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: textEnd)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        if storedCount == 0 { try load() }
        var filled = 0
        while filled < buffer.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            if textStart < textEnd {
                let count = min(room.count, textEnd - textStart)
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[textStart..<textStart + count]))
                textStart += count
                filled += count
            } else if let rest {
                return filled + (try rest.read(into: room))
            } else if memberStart < storedCount {
                try inflateMember()
            } else {
                break
            }
        }
        return filled
    }

    private func load() throws(SQLError) {
        while storedCount < stored.count {
            let count = try reader.read(
                at: storedCount, into: UnsafeMutableRawBufferPointer(rebasing: stored[storedCount...]))
            if count == 0 { break }
            storedCount += count
        }
    }

    private func inflateMember() throws(SQLError) {
        var capacity = expectedTextBytes
        while let target = memory.reserveText(capacity) {
            text = target
            var (read, written) = (0, 0)
            let source = UnsafeRawBufferPointer(rebasing: stored[memberStart..<storedCount])
            let status = inflate(
                decoder, source.baseAddress, source.count, text.baseAddress, text.count, &read, &written)
            if status == Status.success, read > 0 {
                memberStart += read
                textStart = 0
                textEnd = written
                return
            }
            guard status == Status.insufficientSpace, text.count < LibdeflateInflater.textBytesMax else { break }
            capacity = min(text.count * 4, LibdeflateInflater.textBytesMax)
        }
        rest = try ZlibInflater(reader, from: memberStart)
    }

    /// What the object's last four bytes say, if it has one member: its size modulo 2³².
    private var expectedTextBytes: Int {
        let tail = stored[max(0, storedCount - 4)..<storedCount].reversed().reduce(0) { $0 << 8 | Int($1) }
        return max(64 << 10, min(tail, LibdeflateInflater.textBytesMax, (storedCount - memberStart) * 1_100))
    }
}
