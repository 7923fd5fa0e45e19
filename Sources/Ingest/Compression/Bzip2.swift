import SQLTypes

/// libbz2's streaming functions, and the state that they share with us.
/// - Source: bzlib.h of bzip2 1.0.
struct Bzip2Library: Sendable {
    /// bz_stream of a 64-bit machine; both counts of totals are not used here.
    struct Stream {
        var nextIn: UnsafeMutableRawPointer?
        var availableIn: UInt32 = 0
        var totalInLow: UInt32 = 0
        var totalInHigh: UInt32 = 0
        var nextOut: UnsafeMutableRawPointer?
        var availableOut: UInt32 = 0
        var totalOutLow: UInt32 = 0
        var totalOutHigh: UInt32 = 0
        var state: UnsafeMutableRawPointer?
        var allocate: UnsafeMutableRawPointer?
        var free: UnsafeMutableRawPointer?
        var opaque: UnsafeMutableRawPointer?
    }
    enum Status {
        static let ok: Int32 = 0, runOK: Int32 = 1, finishOK: Int32 = 3, streamEnd: Int32 = 4
        static let memory: Int32 = -3, badMagic: Int32 = -5
    }
    enum Action { static let run: Int32 = 0, finish: Int32 = 2 }

    typealias StartDecoder = @convention(c) @Sendable (UnsafeMutableRawPointer, Int32, Int32) -> Int32
    typealias StartEncoder = @convention(c) @Sendable (UnsafeMutableRawPointer, Int32, Int32, Int32) -> Int32
    typealias Step = @convention(c) @Sendable (UnsafeMutableRawPointer) -> Int32
    typealias Compress = @convention(c) @Sendable (UnsafeMutableRawPointer, Int32) -> Int32

    let startDecoder: StartDecoder
    let decompress: Step
    let endDecoder: Step
    let startEncoder: StartEncoder
    let compress: Compress
    let endEncoder: Step

    init() throws(SQLError) {
        let library = try SystemLibrary.libbz2.open()
        startDecoder = try library.function("BZ2_bzDecompressInit")
        decompress = try library.function("BZ2_bzDecompress")
        endDecoder = try library.function("BZ2_bzDecompressEnd")
        startEncoder = try library.function("BZ2_bzCompressInit")
        compress = try library.function("BZ2_bzCompress")
        endEncoder = try library.function("BZ2_bzCompressEnd")
    }
}

/// bzip2, streaming. Streams may follow one another, as parallel compressors write them.
final class Bzip2Inflater: Inflater {
    private let library: Bzip2Library
    /// On the heap: the library's state points back to it.
    private let stream: UnsafeMutablePointer<Bzip2Library.Stream>
    private let input: ObjectInput
    private var isInsideStream = false
    private var isFirst = true

    init(_ reader: any ObjectReader) throws(SQLError) {
        library = try Bzip2Library()
        stream = .allocate(capacity: 1)
        stream.initialize(to: Bzip2Library.Stream())
        input = ObjectInput(reader)
    }

    deinit {
        if isInsideStream { _ = library.endDecoder(stream) }
        stream.deallocate()
    }

    var storedBytesRead: Int { input.consumedBytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(Int32.max)))
        stream.pointee.nextOut = target.baseAddress
        stream.pointee.availableOut = UInt32(target.count)
        while stream.pointee.availableOut > 0 {
            let hasInput = try input.refill()
            if !isInsideStream {
                guard hasInput else { break }
                try start()
            }
            let before = stream.pointee.availableOut
            try decode()
            if !hasInput, isInsideStream, stream.pointee.availableOut == before {
                throw SQLError.corrupt(
                    input.reader.address, format: "bzip2", "unexpected end of file after \(storedBytesRead) bytes")
            }
        }
        return target.count - Int(stream.pointee.availableOut)
    }

    private func start() throws(SQLError) {
        let (out, room) = (stream.pointee.nextOut, stream.pointee.availableOut)
        stream.pointee = Bzip2Library.Stream()
        stream.pointee.nextOut = out
        stream.pointee.availableOut = room
        guard library.startDecoder(stream, 0, 0) == Bzip2Library.Status.ok else {
            throw SQLError(.outOfMemory, "bzip2 could not be started")
        }
        isInsideStream = true
    }

    private func decode() throws(SQLError) {
        let bytes = input.unread
        stream.pointee.nextIn = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        stream.pointee.availableIn = UInt32(bytes.count)
        let status = library.decompress(stream)
        input.consume(bytes.count - Int(stream.pointee.availableIn))
        switch status {
        case Bzip2Library.Status.ok: break
        case Bzip2Library.Status.streamEnd:
            _ = library.endDecoder(stream)
            isInsideStream = false
            isFirst = false
        case Bzip2Library.Status.memory:
            throw SQLError(.outOfMemory, "out of memory while decompressing \(input.reader.address)")
        case Bzip2Library.Status.badMagic where isFirst:
            throw SQLError.notCompressed(input.reader.address, format: "bzip2")
        default:
            throw SQLError.corrupt(
                input.reader.address, format: "bzip2", "invalid data near byte \(storedBytesRead)")
        }
    }
}

/// Writes bzip2 into an object.
final class Bzip2Writer: ObjectWriter {
    private static let outputChunkBytes = 256 << 10
    /// Of 100 kB: the largest.
    private static let blockSize: Int32 = 9

    private let library: Bzip2Library
    private let stream: UnsafeMutablePointer<Bzip2Library.Stream>
    private let target: any ObjectWriter
    private let output: UnsafeMutableRawBufferPointer
    private var isComplete = false

    init(to target: any ObjectWriter) throws(SQLError) {
        library = try Bzip2Library()
        self.target = target
        stream = .allocate(capacity: 1)
        stream.initialize(to: Bzip2Library.Stream())
        output = .allocate(byteCount: Bzip2Writer.outputChunkBytes, alignment: 16)
        guard library.startEncoder(stream, Bzip2Writer.blockSize, 0, 0) == Bzip2Library.Status.ok else {
            throw SQLError(.outOfMemory, "bzip2 could not be started")
        }
    }

    deinit {
        _ = library.endEncoder(stream)
        stream.deallocate()
        output.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, Int(Int32.max))
            stream.pointee.nextIn = UnsafeMutableRawPointer(mutating: rest.baseAddress)
            stream.pointee.availableIn = UInt32(count)
            while stream.pointee.availableIn > 0 { _ = try compress(Bzip2Library.Action.run) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func prepare() throws(SQLError) {
        guard !isComplete else { return }
        stream.pointee.availableIn = 0
        while try compress(Bzip2Library.Action.finish) != Bzip2Library.Status.streamEnd {}
        isComplete = true
        try target.prepare()
    }

    func finish() throws(SQLError) {
        try prepare()
        try target.finish()
    }

    private func compress(_ action: Int32) throws(SQLError) -> Int32 {
        stream.pointee.nextOut = output.baseAddress
        stream.pointee.availableOut = UInt32(output.count)
        let status = library.compress(stream, action)
        guard status > 0 else { throw SQLError.internalError("bzip2 refused to compress (\(status))") }
        let count = output.count - Int(stream.pointee.availableOut)
        if count > 0 { try target.write(UnsafeRawBufferPointer(rebasing: output[..<count])) }
        return status
    }
}
