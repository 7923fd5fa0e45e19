/// Finds its way through JSON text without building a tree: checks it, and gives the byte ranges of values.
///
///     {"a": [1, {"b": "x"}]}      member("a") of the whole → the range of `[1, {"b": "x"}]`
///
/// Offsets count bytes of the text. A range of a value holds neither the white space nor the comma around it.
/// - Source: RFC 8259.
struct JSONScanner {
    enum Kind { case object, array, string, number, boolean, null }

    struct Value {
        var kind: Kind
        var range: Range<Int>
    }

    /// How deep objects and arrays may be nested: a slice's stack has half a megabyte.
    private static let depthMaximum = 200

    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The only value of the text; nil if it is no JSON.
    mutating func document() -> Value? {
        index = 0
        skipSpace()
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return index == text.count ? value : nil
    }

    // What follows looks into values that have been checked.

    /// The value of the object's first member with that name, which is compared after the escapes are resolved.
    mutating func member(_ name: UnsafeBufferPointer<UInt8>, of object: Value) -> Value? {
        guard object.kind == .object else { return nil }
        index = object.range.lowerBound + 1
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\""), let key = value(depth: 0) else { return nil }
            skipSpace()
            index += 1
            skipSpace()
            guard let found = value(depth: 0) else { return nil }
            if string(key).elementsEqual(name) { return found }
            skipSpace()
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    /// The elements of an array up to number `last`, from 0.
    mutating func elements(of array: Value, upTo last: Int = .max) -> [Value] {
        guard array.kind == .array else { return [] }
        index = array.range.lowerBound + 1
        var elements: [Value] = []
        repeat {
            skipSpace()
            guard next != UInt8(ascii: "]"), let element = value(depth: 0) else { break }
            elements.append(element)
            skipSpace()
        } while elements.count <= last && take(UInt8(ascii: ","))
        return elements
    }

    /// A string's characters; anything else as it is written.
    func string(_ value: Value) -> [UInt8] {
        guard value.kind == .string else { return Array(text[value.range]) }
        var result: [UInt8] = []
        var index = value.range.lowerBound + 1
        let end = value.range.upperBound - 1
        while index < end {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < end else {
                result.append(byte)
                continue
            }
            let escape = text[index]
            index += 1
            switch escape {
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "u"):
                var code = hexadecimal(index)
                index += 4
                // Two halves of a pair stand for one character.
                if code >> 10 == 0x36, index + 6 <= end, text[index] == UInt8(ascii: "\\"),
                    text[index + 1] == UInt8(ascii: "u"), case let low = hexadecimal(index + 2), low >> 10 == 0x37
                {
                    code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
                    index += 6
                }
                result.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
            default: result.append(escape)
            }
        }
        return result
    }

    private func hexadecimal(_ start: Int) -> UInt32 {
        var code: UInt32 = 0
        for offset in start..<min(start + 4, text.count) {
            let byte = text[offset]
            let digit = byte &- UInt8(ascii: "0")
            code = code << 4 | UInt32(digit < 10 ? digit : ((byte | 0x20) &- UInt8(ascii: "a") &+ 10) & 15)
        }
        return code
    }

    // MARK: Grammar

    private var next: UInt8 { index < text.count ? text[index] : 0 }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D { index += 1 }
    }

    private mutating func value(depth: Int) -> Value? {
        guard depth < Self.depthMaximum else { return nil }
        let start = index
        let kind: Kind
        switch next {
        case UInt8(ascii: "{"):
            guard object(depth: depth) else { return nil }
            kind = .object
        case UInt8(ascii: "["):
            guard array(depth: depth) else { return nil }
            kind = .array
        case UInt8(ascii: "\""):
            guard string() else { return nil }
            kind = .string
        case UInt8(ascii: "t"):
            guard word("true") else { return nil }
            kind = .boolean
        case UInt8(ascii: "f"):
            guard word("false") else { return nil }
            kind = .boolean
        case UInt8(ascii: "n"):
            guard word("null") else { return nil }
            kind = .null
        default:
            guard number() else { return nil }
            kind = .number
        }
        return Value(kind: kind, range: start..<index)
    }

    private mutating func object(depth: Int) -> Bool {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\""), string() else { return false }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { return false }
            skipSpace()
            guard value(depth: depth + 1) != nil else { return false }
            skipSpace()
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func array(depth: Int) -> Bool {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            skipSpace()
            guard value(depth: depth + 1) != nil else { return false }
            skipSpace()
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// Line ends and tabs may stand in a string as they are; the standard wants them escaped.
    private mutating func string() -> Bool {
        index += 1
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return true }
            guard byte == UInt8(ascii: "\\") else { continue }
            let escape = next
            index += 1
            if escape == UInt8(ascii: "u") {
                for _ in 0..<4 {
                    let isDigit = next &- UInt8(ascii: "0") < 10 || (next | 0x20) &- UInt8(ascii: "a") < 6
                    guard isDigit else { return false }
                    index += 1
                }
            } else if !"\"\\/bfnrt".utf8.contains(escape) {
                return false
            }
        }
        return false
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard text.count - index >= length,
            text[index..<index + length].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: length))
        else { return false }
        index += length
        return true
    }

    private mutating func number() -> Bool {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), !digits() { return false }
        if take(UInt8(ascii: ".")), !digits() { return false }
        guard next | 0x20 == UInt8(ascii: "e") else { return true }
        index += 1
        if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
        return digits()
    }

    private mutating func digits() -> Bool {
        let start = index
        while next &- UInt8(ascii: "0") < 10 { index += 1 }
        return index > start
    }
}
