import SQLTypes

/// Reads big-endian fields of one value. Every shortage is 22P03.
struct BinaryReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(SQLError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw BinaryReader.malformed }
        defer { position += size }
        return bytes[position..<(position + size)].reduce(T(0)) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    mutating func bytes(_ count: Int) throws(SQLError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw BinaryReader.malformed }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    func expectEnd() throws(SQLError) { if remaining != 0 { throw BinaryReader.malformed } }

    static var malformed: SQLError { SQLError(.invalidBinaryRepresentation, "incorrect binary data format") }
}
