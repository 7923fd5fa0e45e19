import SQLTypes

/// Reads the fields of one message's payload. Valid as long as the memory that it was given.
struct MessageReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    private mutating func take(_ count: Int) throws(SQLError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw SQLError(.protocolViolation, "insufficient data left in message")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    mutating func byte() throws(SQLError) -> UInt8 { try take(1)[0] }

    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(SQLError) -> T {
        T(bigEndian: try take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
    }

    mutating func bytes(_ count: Int) throws(SQLError) -> [UInt8] { Array(try take(count)) }

    /// Whatever is left.
    mutating func rest() throws(SQLError) -> [UInt8] { try bytes(remaining) }

    /// Up to the next NUL, which is read, too.
    mutating func cString() throws(SQLError) -> String {
        let left = UnsafeRawBufferPointer(rebasing: bytes[position...])
        guard let length = left.firstIndex(of: 0) else {
            throw SQLError(.protocolViolation, "invalid string in message")
        }
        let text = UnsafeRawBufferPointer(rebasing: left[..<length])
        position += length + 1
        return try text.withMemoryRebound(to: UInt8.self) { text throws(SQLError) in
            if let offset = UTF8Bytes.firstInvalidOffset(in: text.span) { throw .invalidUTF8(text[offset]) }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// A count of 16 bits and that many items. Counts are unsigned here, as PostgreSQL's own reader takes them.
    mutating func list<Item>(
        _ item: (inout MessageReader) throws(SQLError) -> Item
    ) throws(SQLError) -> [Item] {
        let count = Int(try integer(UInt16.self))
        var items: [Item] = []
        items.reserveCapacity(min(count, remaining))
        for _ in 0..<count { items.append(try item(&self)) }
        return items
    }

    func expectEnd() throws(SQLError) {
        guard remaining == 0 else { throw SQLError(.protocolViolation, "invalid message format") }
    }
}
