import SQLTypes

/// The text of one object, whatever form it is stored in. How it is inflated (zlib's stream, a faster library's whole
/// members) is hidden behind `read`. Belongs to one task.
protocol Inflater: AnyObject {
    /// Fills the buffer, which is not empty, from its start; returns fewer bytes only at the end, and then 0.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int
    /// Bytes of the object that have been used up so far.
    var storedBytesRead: Int { get }
}

/// Opens objects as text.
enum Inflation {
    static func open(
        _ reader: any ObjectReader, compression: CopyOptions.Compression?
    ) throws(SQLError) -> any Inflater {
        switch compression {
        case nil: StoredText(reader)
        case .gzip:
            if let inflater = try LibdeflateInflater(reader) { inflater } else { try ZlibInflater(reader) }
        case .bzip2: try Bzip2Inflater(reader)
        case .lzop: try LzopInflater(reader)
        case .zstd: try ZstdInflater(reader)
        }
    }
}

/// An object that is text already.
final class StoredText: Inflater {
    private let reader: any ObjectReader
    private(set) var storedBytesRead = 0

    init(_ reader: any ObjectReader) { self.reader = reader }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = try reader.read(at: storedBytesRead, into: rest)
            if count == 0 { break }
            if storedBytesRead == 0, filled == 0,
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
    static func gzipWithoutKeyword(_ address: ObjectAddress) -> SQLError {
        SQLError(
            .dataCorrupted, "the file \(address) is compressed by gzip, but COPY does not say so",
            hint: "Add GZIP to the COPY command.")
    }
}
