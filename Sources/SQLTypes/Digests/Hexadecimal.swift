/// Bytes as digits: how digests stand in passwords and protocols.
package enum Hexadecimal {
    /// Lower-case digits, two a byte.
    package static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        TextWriter.append(hex: bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// nil: an odd number of digits, or something else than digits. Either case will do.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map(digit)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
