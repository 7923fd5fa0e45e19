import SQLTypes

/// Refuses what no text of the database can hold: invalid UTF-8, and NUL.
func checkEncoding(_ bytes: UnsafeBufferPointer<UInt8>) throws(SQLError) {
    var offset = 0
    var scalars = 0
    while offset < bytes.count {
        let length = lengthOfScalar(bytes, at: offset)
        guard length > 0 else {
            let shown = hexadecimal(bytes[offset])
            throw SQLError(
                .characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x\(shown)",
                position: scalars + 1)
        }
        offset += length
        scalars += 1
    }
}

/// In bytes; 0 for NUL and for what is not well-formed: overlong forms, surrogates, past U+10FFFF, cut off.
/// - Source: The Unicode Standard, table 3-7.
private func lengthOfScalar(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
    let lead = bytes[offset]
    if lead < 0x80 { return lead == 0 ? 0 : 1 }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
        length = 3
        if lead == 0xE0 { second = 0xA0...0xBF }
        if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
        length = 4
        if lead == 0xF0 { second = 0x90...0xBF }
        if lead == 0xF4 { second = 0x80...0x8F }
    default: return 0
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return 0 }
    for place in (offset + 1)..<(offset + length) where bytes[place] & 0xC0 != 0x80 { return 0 }
    return length
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
}
