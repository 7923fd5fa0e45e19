import SQLTypes

/// SIMILAR TO and POSIX patterns.
struct RegularExpression: Sendable {
    init(similarTo pattern: [UInt8], escape: UInt8?) throws(SQLError) { throw .unsupported("SIMILAR TO") }
    init(posix pattern: [UInt8], isCaseInsensitive: Bool) throws(SQLError) {
        throw .unsupported("POSIX regular expression")
    }
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
}
