import SQLTypes

/// Strings one after the other, and how long each is.
///
///     offset  bytes
///     0       4      strings
///     4       1      width of a length in bits
///     5       1      form of the bytes: 0 = as they are, 1 = deflated, 2 = symbols (`SymbolTable`)
///     6       4      bytes of all strings
///     10      4      bytes as they stand here
///     14      …      packed lengths, then the bytes
enum StringSection {
    /// How the bytes stand in the section; the numbers are those in files.
    enum Form: UInt8 {
        case plain = 0
        case deflated = 1
        case symbols = 2
    }

    /// What is tried to make the bytes fewer.
    enum Compression {
        case none
        case symbols
        case general(any ByteCompressor)
    }

    /// Of one section, unpacked: more than a row group holds is no section of ours.
    static let bytesMax = 1 << 27
    private static let headerBytes = 14

    static func byteCount(lengths: Int, longest: Int, bytes: Int) -> Int {
        headerBytes + BitPacking.byteCount(lengths, width: BitPacking.width(for: UInt64(longest))) + bytes
    }

    /// Returns in what form: compressed if that saves a tenth.
    static func encode(
        lengths: [UInt32], bytes: UnsafeRawBufferPointer, by compression: Compression, to output: inout ByteWriter
    ) throws(SQLError) -> Form {
        let lengthWidth = BitPacking.width(for: UInt64(lengths.max() ?? 0))
        var compressed: [UInt8]?
        var form = Form.plain
        switch compression {
        case .none: break
        case .symbols:
            compressed = SymbolTable.compress(bytes)
            if compressed != nil { form = .symbols }
        case .general(let compressor):
            guard bytes.count > 64 else { break }
            let candidate = try compressor.compress(bytes)
            if candidate.count < bytes.count / 10 * 9 {
                compressed = candidate
                form = .deflated
            }
        }
        output.u32(UInt32(lengths.count))
        output.u8(UInt8(lengthWidth))
        output.u8(form.rawValue)
        output.u32(UInt32(bytes.count))
        output.u32(UInt32(compressed?.count ?? bytes.count))
        lengths.withUnsafeBufferPointer { BitPacking.pack($0, width: lengthWidth, to: &output) }
        if let compressed { output.raw(compressed) } else { output.raw(bytes) }
        return form
    }

    /// A view for each string, into the block itself if its bytes are not compressed.
    static func decode(
        _ reader: inout ByteReader, of block: Buffer, decompressor: (any ByteCompressor)?
    ) throws(SQLError) -> (views: Buffer, owner: Buffer) {
        let count = Int(try reader.u32())
        let lengthWidth = Int(try reader.u8())
        let formCode = try reader.u8()
        guard let form = Form(rawValue: formCode) else { throw .corrupt("form \(formCode) of strings") }
        let byteCount = Int(try reader.u32())
        let storedCount = Int(try reader.u32())
        guard count <= ColumnEncoder.rowCountMax, BitPacking.isWidth(lengthWidth), lengthWidth <= 32 else {
            throw .corrupt("\(count) strings with lengths of \(lengthWidth) bits")
        }
        guard byteCount <= bytesMax else { throw .corrupt("\(byteCount) bytes of strings") }
        let packedLengths = try reader.raw(BitPacking.byteCount(count, width: lengthWidth))
        let stored = try reader.raw(storedCount)
        let owner: Buffer
        let bytes: UnsafeRawBufferPointer
        switch form {
        case .deflated:
            guard let decompressor else { throw .corrupt("compressed strings, and nothing to unpack them with") }
            owner = try Buffer(count: byteCount, of: UInt8.self) { (target) throws(SQLError) in
                try decompressor.decompress(stored, into: UnsafeMutableRawBufferPointer(target))
            }
            bytes = UnsafeRawBufferPointer(owner.values(as: UInt8.self))
        case .symbols:
            owner = try Buffer(count: byteCount, of: UInt8.self) { (target) throws(SQLError) in
                try SymbolTable.decompress(stored, into: UnsafeMutableRawBufferPointer(target))
            }
            bytes = UnsafeRawBufferPointer(owner.values(as: UInt8.self))
        case .plain:
            guard storedCount == byteCount else { throw .corrupt("\(storedCount) bytes for \(byteCount)") }
            owner = block
            bytes = stored
        }
        let lengths = [UInt32](unsafeUninitializedCapacity: count) { target, initialized in
            BitPacking.unpack(
                packedLengths, width: lengthWidth, into: UnsafeMutableBufferPointer(rebasing: target[..<count]))
            initialized = count
        }
        return (try views(of: bytes, lengths: lengths), owner)
    }

    /// Views to strings that follow each other and fill `bytes`.
    static func views(of bytes: UnsafeRawBufferPointer, lengths: [UInt32]) throws(SQLError) -> Buffer {
        guard lengths.reduce(0, { $0 + UInt64($1) }) == UInt64(bytes.count) else {
            throw .corrupt("lengths of strings that do not add up to \(bytes.count) bytes")
        }
        return Buffer(count: lengths.count, of: StringView.self) { target in
            guard var next = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                target.update(repeating: StringView(nil, count: 0))
                return
            }
            for row in 0..<lengths.count {
                target[row] = StringView(next, count: Int(lengths[row]))
                next += Int(lengths[row])
            }
        }
    }
}
