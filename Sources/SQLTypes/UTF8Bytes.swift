/// What is asked of the bytes of a string: are they UTF-8, how many characters, how long without trailing blanks.
package enum UTF8Bytes {
    @usableFromInline static let blank = UInt8(ascii: " ")
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The offset of the first byte that does not begin or continue a well-formed sequence; nil if there is none.
    /// A sequence that is cut off by the end is reported at its first byte. Overlong forms, surrogates and code
    /// points past U+10FFFF are not well-formed.
    /// - Complexity: O(n); eight bytes at a time over ASCII.
    /// - Source: The Unicode Standard, table 3-7 "Well-Formed UTF-8 Byte Sequences".
    package static func firstInvalidOffset(in bytes: Span<UInt8>) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            let raw = UnsafeRawBufferPointer(buffer)
            var offset = 0
            while offset < buffer.count {
                while offset + 8 <= raw.count,
                    raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & highBits == 0
                {
                    offset += 8
                }
                guard offset < buffer.count else { break }
                guard let length = sequenceLength(in: buffer, at: offset) else { return offset }
                offset += length
            }
            return nil
        }
    }

    private static func sequenceLength(in bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
        let length: Int
        var secondRange: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[offset] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, secondRange) = (3, 0xA0...0xBF)
        case 0xED: (length, secondRange) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, secondRange) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, secondRange) = (4, 0x80...0x8F)
        default: return nil
        }
        guard offset + length <= bytes.count, secondRange.contains(bytes[offset + 1]) else { return nil }
        for index in (offset + 2)..<max(offset + 2, offset + length) where bytes[index] & 0xC0 != 0x80 {
            return nil
        }
        return length
    }

    /// Characters (code points) of well-formed UTF-8; of anything else, the bytes that are not continuation bytes.
    @inlinable
    package static func characterCount(_ bytes: Span<UInt8>) -> Int {
        var count = 0
        for index in bytes.indices {
            count &+= bytes[index] & 0xC0 != 0x80 ? 1 : 0
        }
        return count
    }

    /// The length without trailing blanks (0x20 only).
    @inlinable
    package static func lengthWithoutTrailingBlanks(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var length = bytes.count
        while length > 0, bytes[length - 1] == blank { length -= 1 }
        return length
    }

    @inlinable
    package static func lengthWithoutTrailingBlanks(_ bytes: Span<UInt8>) -> Int {
        var length = bytes.count
        while length > 0, bytes[length - 1] == blank { length -= 1 }
        return length
    }

    /// The longest prefix of at most `limit` bytes that does not cut a character in two.
    package static func prefixLength(_ bytes: Span<UInt8>, limit: Int) -> Int {
        guard bytes.count > limit else { return bytes.count }
        var length = max(0, limit)
        while length > 0, bytes[length] & 0xC0 == 0x80 { length -= 1 }
        return length
    }

    /// The range without leading and trailing white space (blank, tab, line ends, form feed, vertical tab).
    package static func trimmedRange(_ bytes: Span<UInt8>) -> Range<Int> {
        var lower = 0
        var upper = bytes.count
        while lower < upper, isSpace(bytes[lower]) { lower += 1 }
        while upper > lower, isSpace(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == blank || (byte >= 9 && byte <= 13) }
}

extension Span where Element == UInt8 {
    /// A copy as text for messages; what is not UTF-8 shows as U+FFFD.
    var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
}

extension SQLError {
    /// - Parameter byte: the first one that is not UTF-8.
    package static func invalidUTF8(_ byte: UInt8) -> SQLError {
        let hex = String(byte, radix: 16)
        return SQLError(
            .characterNotInRepertoire,
            "invalid byte sequence for encoding \"UTF8\": 0x\(hex.count < 2 ? "0" : "")\(hex)")
    }
}
