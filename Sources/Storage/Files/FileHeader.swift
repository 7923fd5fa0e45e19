import SQLTypes
import VectorEngine

/// The first 64 bytes of each file.
///
///     offset  bytes
///     0       8      "BLUESHFT"
///     8       4      "DATA", "WLOG", "CKPT" or "RCNT"
///     12      4      format version
///     16      4      data: table; log: its number
///     20      4      data: slice
///     24      4      data: file number
///     28      32     0
///     60      4      CRC32C of the 60 bytes before
struct FileHeader: Equatable {
    enum Kind: String { case data = "DATA", log = "WLOG", checkpoint = "CKPT", recent = "RCNT" }

    static let byteCount = 64
    static let formatVersion: UInt32 = 3
    private static let magic = Array("BLUESHFT".utf8)

    var kind: Kind
    var fields: [Int32]

    init(_ kind: Kind, _ fields: Int32...) {
        precondition(fields.count <= 3, "\(fields.count) fields in a header")
        self.kind = kind
        self.fields = fields + Array(repeating: 0, count: 3 - fields.count)
    }

    func encoded() -> [UInt8] {
        var output = ByteWriter(capacity: FileHeader.byteCount)
        output.raw(FileHeader.magic)
        output.raw(Array(kind.rawValue.utf8))
        output.u32(FileHeader.formatVersion)
        for field in fields { output.i32(field) }
        output.raw([UInt8](repeating: 0, count: 32))
        output.u32(Checksum.crc32c(output.bytes))
        return output.bytes
    }

    /// Refuses a file that does not begin with just this header.
    func check(_ bytes: UnsafeRawBufferPointer, path: String) throws(SQLError) {
        guard bytes.count >= FileHeader.byteCount, bytes.prefix(8).elementsEqual(FileHeader.magic) else {
            throw SQLError(.dataCorrupted, "file \"\(path)\" is not a file of this system")
        }
        let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
        guard version == FileHeader.formatVersion else {
            throw SQLError(
                .featureNotSupported, "file \"\(path)\" has format version \(version)",
                detail: "This release reads version \(FileHeader.formatVersion).",
                hint: "Open the directory with the release that wrote it.")
        }
        guard bytes.prefix(FileHeader.byteCount).elementsEqual(encoded()) else {
            throw SQLError(
                .dataCorrupted, "file \"\(path)\" begins with the header of another file, or a damaged one")
        }
    }
}
