/// The blocks that the MD and SHA families work through: the message, a byte 0x80, zeros, and its length in bits.
enum MessageBlocks {
    /// - Parameter after: bytes that were worked through before: the message's length counts them.
    static func forEach(
        of bytes: UnsafeBufferPointer<UInt8>, after: Int = 0, blockBytes: Int, lengthIsBigEndian: Bool,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        let raw = UnsafeRawBufferPointer(bytes)
        let whole = raw.count / blockBytes * blockBytes
        for offset in stride(from: 0, to: whole, by: blockBytes) {
            body(UnsafeRawBufferPointer(rebasing: raw[offset..<offset + blockBytes]))
        }
        var tail = Array(raw[whole...])
        tail.append(0x80)
        let lengthBytes = blockBytes / 8
        while tail.count % blockBytes != blockBytes - lengthBytes { tail.append(0) }
        let bits = UInt64(raw.count + after) &* 8
        for index in 0..<lengthBytes {
            let place = lengthIsBigEndian ? lengthBytes - 1 - index : index
            tail.append(place < 8 ? UInt8(truncatingIfNeeded: bits >> UInt64(place * 8)) : 0)
        }
        tail.withUnsafeBytes { tail in
            for offset in stride(from: 0, to: tail.count, by: blockBytes) {
                body(UnsafeRawBufferPointer(rebasing: tail[offset..<offset + blockBytes]))
            }
        }
    }
}
