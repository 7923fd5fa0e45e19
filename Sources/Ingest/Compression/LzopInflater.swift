import CZlib
import SQLTypes

/// The file format of lzop: blocks of LZO1X, each with its sizes and checksums, all numbers big-endian.
///
///     magic 9, version 2, library 2, [needed 2], method 1, [level 1], flags 4, [filter 4], mode 4, time 4, [time 4],
///     name 1 + n, checksum 4, [extra field 4 + n + 4]
///     block   text bytes 4 (0: no more), stored bytes 4, checksums 4 each, data
///
/// A block that did not shrink is stored as it is. Files may follow one another.
/// - Source: lzop 1.04, as its format is described by the flags F_* of its header.
final class LzopInflater: Inflater {
    private static let magic: [UInt8] = [0x89, 0x4C, 0x5A, 0x4F, 0x00, 0x0D, 0x0A, 0x1A, 0x0A]
    /// lzop itself writes blocks of 256 KB and reads none above this.
    private static let blockBytesMax = 64 << 20
    private enum Flag {
        static let adlerOfText: UInt32 = 0x1, adlerOfData: UInt32 = 0x2, extraField: UInt32 = 0x40
        static let crcOfText: UInt32 = 0x100, crcOfData: UInt32 = 0x200, filter: UInt32 = 0x800
        static let crcOfHeader: UInt32 = 0x1000
    }
    typealias Decompress =
        @convention(c) @Sendable (
            UnsafeRawPointer?, UInt, UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt>, UnsafeMutableRawPointer?
        ) -> Int32

    private let decompress: Decompress
    private let input: ObjectInput
    /// Of the file being read; nil: between two.
    private var flags: UInt32?
    private var hasStarted = false
    private var text: UnsafeMutableRawBufferPointer
    private var textStart = 0
    private var textEnd = 0

    init(_ reader: any ObjectReader) throws(SQLError) {
        decompress = try SystemLibrary.liblzo2.open().function("lzo1x_decompress_safe")
        input = ObjectInput(reader)
        text = .allocate(byteCount: 256 << 10, alignment: 16)
    }

    deinit { text.deallocate() }

    var storedBytesRead: Int { input.consumedBytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        var filled = 0
        while filled < buffer.count {
            if textStart == textEnd {
                guard try nextBlock() else { break }
                continue
            }
            let count = min(buffer.count - filled, textEnd - textStart)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: text[textStart..<textStart + count]))
            filled += count
            textStart += count
        }
        return filled
    }

    /// False at the end of the object.
    private func nextBlock() throws(SQLError) -> Bool {
        guard let flags else { return try openFile() }
        let textBytes = Int(try number())
        if textBytes == 0 {
            self.flags = nil
            return true
        }
        let dataBytes = Int(try number())
        guard textBytes <= LzopInflater.blockBytesMax, dataBytes > 0, dataBytes <= textBytes else {
            throw corrupt("invalid block size")
        }
        let adlerOfText = flags & Flag.adlerOfText != 0 ? try number() : nil
        let crcOfText = flags & Flag.crcOfText != 0 ? try number() : nil
        let isStored = dataBytes == textBytes
        let adlerOfData = flags & Flag.adlerOfData != 0 && !isStored ? try number() : nil
        let crcOfData = flags & Flag.crcOfData != 0 && !isStored ? try number() : nil
        guard let data = try input.load(dataBytes) else { throw endsEarly() }
        try check(data, adler: adlerOfData, crc: crcOfData)
        try unpack(data, textBytes: textBytes)
        input.consume(dataBytes)
        try check(UnsafeRawBufferPointer(rebasing: text[..<textEnd]), adler: adlerOfText, crc: crcOfText)
        return true
    }

    private func unpack(_ data: UnsafeRawBufferPointer, textBytes: Int) throws(SQLError) {
        if text.count < textBytes {
            text.deallocate()
            text = .allocate(byteCount: textBytes, alignment: 16)
        }
        textStart = 0
        textEnd = 0
        if data.count == textBytes {
            text.copyMemory(from: data)
        } else {
            var count = UInt(textBytes)
            let status = decompress(data.baseAddress, UInt(data.count), text.baseAddress, &count, nil)
            guard status == 0, count == UInt(textBytes) else { throw corrupt("invalid data") }
        }
        textEnd = textBytes
    }

    private func check(_ bytes: UnsafeRawBufferPointer, adler: UInt32?, crc: UInt32?) throws(SQLError) {
        let start = bytes.bindMemory(to: UInt8.self).baseAddress
        if let adler, adler32(1, start, UInt32(bytes.count)) != UInt(adler) { throw corrupt("wrong checksum") }
        if let crc, crc32(0, start, UInt32(bytes.count)) != UInt(crc) { throw corrupt("wrong checksum") }
    }

    /// Reads a header; false if the object ends instead.
    private func openFile() throws(SQLError) -> Bool {
        guard try input.refill() else { return false }
        let address = input.reader.address
        guard let first = try input.load(9), first.elementsEqual(LzopInflater.magic) else {
            throw hasStarted ? corrupt("garbage after the compressed data") : .notCompressed(address, format: "lzop")
        }
        hasStarted = true
        input.consume(9)
        var header: [UInt8] = []
        let version = try field(2, &header)
        _ = try field(2, &header)
        let isNew = version >= 0x0940
        if isNew, try field(2, &header) > 0x1040 { throw corrupt("written by a newer lzop") }
        guard (1...3).contains(try field(1, &header)) else { throw corrupt("unknown method") }
        if isNew { _ = try field(1, &header) }
        let flags = try field(4, &header)
        if flags & Flag.filter != 0 { throw SQLError.unsupported("lzop files with a filter") }
        for _ in 0..<(isNew ? 3 : 2) { _ = try field(4, &header) }
        for _ in 0..<(try field(1, &header)) { _ = try field(1, &header) }
        let sum =
            flags & Flag.crcOfHeader != 0
            ? crc32(0, header, UInt32(header.count)) : adler32(1, header, UInt32(header.count))
        guard UInt(try number()) == sum else { throw corrupt("wrong checksum of the header") }
        if flags & Flag.extraField != 0 {
            let count = Int(try number())
            guard count <= LzopInflater.blockBytesMax, try input.load(count + 4) != nil else { throw endsEarly() }
            input.consume(count + 4)
        }
        self.flags = flags
        return true
    }

    /// The next number of the header, whose bytes are collected for its checksum.
    private func field(_ width: Int, _ header: inout [UInt8]) throws(SQLError) -> UInt32 {
        guard let bytes = try input.load(width) else { throw endsEarly() }
        header.append(contentsOf: bytes)
        defer { input.consume(width) }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func number() throws(SQLError) -> UInt32 {
        var ignored: [UInt8] = []
        return try field(4, &ignored)
    }

    private func corrupt(_ reason: String) -> SQLError {
        .corrupt(input.reader.address, format: "lzop", "\(reason) near byte \(storedBytesRead)")
    }

    private func endsEarly() -> SQLError {
        .corrupt(input.reader.address, format: "lzop", "unexpected end of file after \(storedBytesRead) bytes")
    }
}
