import SQLTypes

/// libzstd's streaming functions.
/// - Source: zstd.h of libzstd 1.4 and later, "Streaming"; RFC 8878.
struct ZstdLibrary: Sendable {
    /// ZSTD_inBuffer and ZSTD_outBuffer: memory, its size, how much is used up or filled.
    struct Span {
        var base: UnsafeMutableRawPointer?
        var size: Int
        var position: Int
    }
    typealias Make = @convention(c) @Sendable () -> OpaquePointer?
    typealias Free = @convention(c) @Sendable (OpaquePointer?) -> Int
    typealias Decompress =
        @convention(c) @Sendable (OpaquePointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int
    typealias Compress =
        @convention(c) @Sendable (OpaquePointer?, UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int32) -> Int
    typealias IsError = @convention(c) @Sendable (Int) -> UInt32
    typealias ErrorName = @convention(c) @Sendable (Int) -> UnsafePointer<CChar>?
    typealias SetParameter = @convention(c) @Sendable (OpaquePointer?, Int32, Int32) -> Int

    let makeDecoder: Make
    let freeDecoder: Free
    let decompress: Decompress
    let makeEncoder: Make
    let freeEncoder: Free
    let compress: Compress
    let setParameter: SetParameter
    let isError: IsError
    let errorName: ErrorName

    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    init() throws(SQLError) {
        let library = try SystemLibrary.libzstd.open()
        makeDecoder = try library.function("ZSTD_createDStream")
        freeDecoder = try library.function("ZSTD_freeDStream")
        decompress = try library.function("ZSTD_decompressStream")
        makeEncoder = try library.function("ZSTD_createCStream")
        freeEncoder = try library.function("ZSTD_freeCStream")
        compress = try library.function("ZSTD_compressStream2")
        setParameter = try library.function("ZSTD_CCtx_setParameter")
        isError = try library.function("ZSTD_isError")
        errorName = try library.function("ZSTD_getErrorName")
    }

    func reason(_ code: Int) -> String { errorName(code).map { String(cString: $0) } ?? "error \(code)" }
}

/// zstd, streaming. Frames may follow one another.
final class ZstdInflater: Inflater {
    private let library: ZstdLibrary
    private let decoder: OpaquePointer
    private let input: ObjectInput
    /// The last call ended a frame and gave out all of it.
    private var isBetweenFrames = true
    private var hasStarted = false

    init(_ reader: any ObjectReader) throws(SQLError) {
        library = try ZstdLibrary()
        guard let decoder = library.makeDecoder() else { throw SQLError(.outOfMemory, "zstd could not be started") }
        self.decoder = decoder
        input = ObjectInput(reader)
    }

    deinit { _ = library.freeDecoder(decoder) }

    var storedBytesRead: Int { input.consumedBytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        if !hasStarted { try checkMagic() }
        var output = ZstdLibrary.Span(base: buffer.baseAddress, size: buffer.count, position: 0)
        while output.position < output.size {
            // Even at the end of the object the decoder may hold text that had no room before.
            let hasInput = try input.refill()
            if !hasInput, isBetweenFrames { break }
            let before = output.position
            try decode(into: &output)
            if !hasInput, output.position == before {
                throw SQLError.corrupt(
                    input.reader.address, format: "zstd", "unexpected end of file after \(storedBytesRead) bytes")
            }
        }
        return output.position
    }

    private func checkMagic() throws(SQLError) {
        hasStarted = true
        guard input.reader.sizeBytes > 0 else { return }
        guard let first = try input.load(4), first.elementsEqual(ZstdLibrary.magic) else {
            throw SQLError.notCompressed(input.reader.address, format: "zstd")
        }
    }

    private func decode(into output: inout ZstdLibrary.Span) throws(SQLError) {
        let bytes = input.unread
        // zstd only reads through this pointer.
        var source = ZstdLibrary.Span(
            base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), size: bytes.count, position: 0)
        let result = library.decompress(decoder, &output, &source)
        input.consume(source.position)
        guard library.isError(result) == 0 else {
            throw SQLError.corrupt(
                input.reader.address, format: "zstd", "\(library.reason(result)) near byte \(storedBytesRead)")
        }
        isBetweenFrames = result == 0
    }
}

/// Writes zstd, with a checksum, into an object.
final class ZstdWriter: ObjectWriter {
    private static let outputChunkBytes = 256 << 10
    /// ZSTD_c_checksumFlag.
    private static let checksumParameter: Int32 = 201
    private enum Directive { static let goOn: Int32 = 0, end: Int32 = 2 }

    private let library: ZstdLibrary
    private let encoder: OpaquePointer
    private let target: any ObjectWriter
    private let output: UnsafeMutableRawBufferPointer
    private var isComplete = false

    init(to target: any ObjectWriter) throws(SQLError) {
        library = try ZstdLibrary()
        guard let encoder = library.makeEncoder() else { throw SQLError(.outOfMemory, "zstd could not be started") }
        self.encoder = encoder
        self.target = target
        output = .allocate(byteCount: ZstdWriter.outputChunkBytes, alignment: 16)
        _ = library.setParameter(encoder, ZstdWriter.checksumParameter, 1)
    }

    deinit {
        _ = library.freeEncoder(encoder)
        output.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        var source = ZstdLibrary.Span(
            base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), size: bytes.count, position: 0)
        while source.position < source.size { _ = try compress(&source, Directive.goOn) }
    }

    func prepare() throws(SQLError) {
        guard !isComplete else { return }
        var nothing = ZstdLibrary.Span(base: nil, size: 0, position: 0)
        while try compress(&nothing, Directive.end) != 0 {}
        isComplete = true
        try target.prepare()
    }

    func finish() throws(SQLError) {
        try prepare()
        try target.finish()
    }

    /// Returns how many bytes the encoder still holds, about.
    private func compress(_ source: inout ZstdLibrary.Span, _ directive: Int32) throws(SQLError) -> Int {
        var span = ZstdLibrary.Span(base: output.baseAddress, size: output.count, position: 0)
        let left = library.compress(encoder, &span, &source, directive)
        guard library.isError(left) == 0 else {
            throw SQLError.internalError("zstd refused to compress: \(library.reason(left))")
        }
        if span.position > 0 { try target.write(UnsafeRawBufferPointer(rebasing: output[..<span.position])) }
        return left
    }
}
