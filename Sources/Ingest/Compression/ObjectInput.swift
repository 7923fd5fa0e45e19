import SQLTypes

/// The stored bytes of an object, from its start to its end, in chunks: what decoders read from.
final class ObjectInput {
    private static let chunkBytes = 256 << 10

    let reader: any ObjectReader
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Bytes taken from the object, those in memory among them.
    private var offset: Int

    /// - Parameter offset: where in the object to begin.
    init(_ reader: any ObjectReader, from offset: Int = 0) {
        self.reader = reader
        self.offset = offset
        let bytes = max(64, min(ObjectInput.chunkBytes, reader.sizeBytes))
        memory = .allocate(byteCount: bytes, alignment: 16)
    }

    deinit { memory.deallocate() }

    var consumedBytes: Int { offset - (end - start) }

    /// Bytes in memory that are not used up; valid until the next call of `refill` or `load`.
    var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    func consume(_ count: Int) {
        precondition(count >= 0 && count <= end - start, "\(count) bytes of \(end - start)")
        start += count
    }

    /// Reads the next chunk if nothing is unread; false at the end of the object.
    func refill() throws(SQLError) -> Bool {
        if start < end { return true }
        start = 0
        end = try reader.read(at: offset, into: memory)
        offset += end
        return end > 0
    }

    /// The next `count` bytes, together; they are not used up yet. nil: the object ends before.
    func load(_ count: Int) throws(SQLError) -> UnsafeRawBufferPointer? {
        if end - start < count {
            makeRoom(count)
            while end < count {
                let more = try reader.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
                if more == 0 { return nil }
                end += more
                offset += more
            }
        }
        return UnsafeRawBufferPointer(rebasing: memory[start..<start + count])
    }

    /// Moves what is unread to the front, of larger memory if need be.
    private func makeRoom(_ count: Int) {
        let unread = UnsafeRawBufferPointer(rebasing: memory[start..<end])
        if count > memory.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
            larger.copyMemory(from: unread)
            memory.deallocate()
            memory = larger
        } else if let target = memory.baseAddress, let source = unread.baseAddress {
            target.copyMemory(from: source, byteCount: unread.count)
        }
        end -= start
        start = 0
    }
}

extension SQLError {
    /// - Parameter format: as users call it: gzip, bzip2, zstd, lzop.
    static func notCompressed(_ address: ObjectAddress, format: String) -> SQLError {
        SQLError(
            .dataCorrupted, "the file \(address) is not in \(format) format",
            detail: "It does not begin as a \(format) file does.",
            hint: "Leave \(format.uppercased()) out of the COPY command if the file is plain text.")
    }

    static func corrupt(_ address: ObjectAddress, format: String, _ reason: String) -> SQLError {
        SQLError(.dataCorrupted, "the \(format) file \(address) cannot be decompressed: \(reason)")
    }
}
