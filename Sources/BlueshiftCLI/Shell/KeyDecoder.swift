/// One key press.
enum Key: Equatable {
    case character(Unicode.Scalar)
    /// By its lower-case letter.
    case control(Character)
    case alt(Character)
    case enter, tab, backspace, delete, left, right, up, down, home, end
    case unknown
}

/// Bytes of a terminal in raw mode → keys: control characters, UTF-8, and the escape sequences of xterm and its kin.
struct KeyDecoder {
    private var pending: [UInt8] = []

    /// nil while the key is not complete.
    mutating func feed(_ byte: UInt8) -> Key? {
        pending.append(byte)
        guard let key = decode(pending) else { return nil }
        pending = []
        return key
    }

    private func decode(_ bytes: [UInt8]) -> Key? {
        switch bytes[0] {
        case 0x0A, 0x0D: return .enter
        case 0x09: return .tab
        case 0x08, 0x7F: return .backspace
        case 0x1B: return decodeEscape(Array(bytes.dropFirst()))
        case 1...26: return .control(Character(Unicode.Scalar(bytes[0] + 0x60)))
        case 0..<0x20: return .unknown
        case 0..<0x80: return .character(Unicode.Scalar(bytes[0]))
        default: return decodeUTF8(bytes)
        }
    }

    private func decodeUTF8(_ bytes: [UInt8]) -> Key? {
        let length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 1
        guard bytes.count >= length else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), let scalar = text.unicodeScalars.first else {
            return .unknown
        }
        return .character(scalar)
    }

    private func decodeEscape(_ rest: [UInt8]) -> Key? {
        guard let first = rest.first else { return nil }
        guard first == 0x5B || first == 0x4F else {
            return .alt(Character(Unicode.Scalar(first)))
        }
        guard rest.count > 1, let last = rest.last else { return nil }
        // A control sequence ends with a byte from @ to ~.
        guard (0x40...0x7E).contains(last) else { return rest.count > 16 ? .unknown : nil }
        switch last {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "~"):
            return switch rest[1] {
            case UInt8(ascii: "1"), UInt8(ascii: "7"): .home
            case UInt8(ascii: "3"): .delete
            case UInt8(ascii: "4"), UInt8(ascii: "8"): .end
            default: .unknown
            }
        default: return .unknown
        }
    }
}
