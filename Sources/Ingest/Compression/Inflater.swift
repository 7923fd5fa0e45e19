import SQLTypes

/// The text of one object, whatever form it is stored in. How it is inflated (zlib's stream, a faster library's whole
/// members) is hidden behind `read`. Belongs to one task.
protocol Inflater: AnyObject {
    /// Fills the buffer, which is not empty, from its start; returns fewer bytes only at the end, and then 0.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int
    /// Bytes of the object that have been used up so far.
    var storedBytesRead: Int { get }
    /// Of text that was inflated and not read yet.
    var pendingTextBytes: Int { get }
    /// The whole text, if the decoder has it in memory anyway: then nothing is left for `read`. The memory belongs to
    /// the borrower until the object is closed; `TextWindow.padding` and one bytes behind the text are there, too.
    /// nil: read it piece by piece.
    func borrowWholeText() throws(SQLError) -> UnsafeMutableBufferPointer<UInt8>?
}

extension Inflater {
    func borrowWholeText() throws(SQLError) -> UnsafeMutableBufferPointer<UInt8>? { nil }
    /// Those that inflate no more than they are asked for.
    var pendingTextBytes: Int { 0 }
}

/// Opens objects as text.
enum Inflation {
    /// - Parameter memory: of decoders that take whole objects; what it does not grant is decoded piece by piece.
    static func open(
        _ reader: any ObjectReader, compression: CopyOptions.Compression?, memory: WholeObjectMemory,
        libraries: LibraryLookup = .system
    ) throws(SQLError) -> any Inflater {
        guard let compression else { return StoredText(reader) }
        // No compressor makes a file of nothing: one of no bytes was cut off, or is no data at all.
        guard reader.sizeBytes > 0 else { throw SQLError.emptyCompressedObject(reader.address, compression.keyword) }
        return switch compression {
        case .gzip:
            if let inflater = try LibdeflateInflater(reader, memory: memory, libraries: libraries) {
                inflater
            } else {
                try ZlibInflater(reader)
            }
        case .bzip2: try Bzip2Inflater(reader)
        case .lzop: try LzopInflater(reader)
        case .zstd: try ZstdInflater(reader)
        }
    }
}

/// An object that is text already, or a range of it.
final class StoredText: Inflater {
    private let reader: any ObjectReader
    private let bytes: Range<Int>
    private(set) var storedBytesRead = 0

    /// - Parameter bytes: nil: to the end, wherever it is by then.
    init(_ reader: any ObjectReader, bytes: Range<Int>? = nil) {
        self.reader = reader
        self.bytes = bytes ?? 0..<Int.max
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        var filled = 0
        while filled < buffer.count, storedBytesRead < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(
                rebasing: buffer[filled...].prefix(bytes.count - storedBytesRead))
            let count = try reader.read(at: bytes.lowerBound + storedBytesRead, into: rest)
            if count == 0 { break }
            if bytes.lowerBound == 0, storedBytesRead == 0, filled == 0,
                GzipFormat.hasMagic(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            {
                throw SQLError.gzipWithoutKeyword(reader.address)
            }
            filled += count
            storedBytesRead += count
        }
        return filled
    }
}

/// - Source: RFC 1952.
enum GzipFormat {
    /// What zlib wants to hear for a gzip header and trailer: 15 bits of window, plus 16.
    static let windowBits: Int32 = 15 + 16

    /// Shorter input has no magic number.
    static func hasMagic(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }
}

extension SQLError {
    static func emptyCompressedObject(_ address: ObjectAddress, _ keyword: String) -> SQLError {
        SQLError(
            .dataCorrupted, "the file \(address) is empty, which is no \(keyword.lowercased()) file",
            detail: "A \(keyword) file has a header even if there is nothing in it.",
            hint: "Write the file again, or leave it out by a manifest or a longer prefix.")
    }

    static func gzipWithoutKeyword(_ address: ObjectAddress) -> SQLError {
        SQLError(
            .dataCorrupted, "the file \(address) is compressed by gzip, but COPY does not say so",
            hint: "Add GZIP to the COPY command.")
    }
}
