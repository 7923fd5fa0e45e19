import SQLTypes

/// A JSON document, small enough to be kept as a tree: a manifest.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As written: what it means is for the reader to say.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order written; a key may repeat, the last one counts.
    case object([Member])

    struct Member: Hashable, Sendable {
        var key: String
        var value: JSONValue
    }

    /// The member of that name; nil if there is none, or if this is no object.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// Throws `JSONFault` unless the bytes are exactly one document. - Source: RFC 8259.
    init(parsing bytes: [UInt8]) throws(JSONFault) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// What is wrong with a document, and where: offset in bytes, from 0.
struct JSONFault: Error, Hashable {
    var offset: Int
    var reason: String
}

private struct JSONParser {
    let bytes: [UInt8]
    var index = 0

    /// Deeper nesting is refused: the parser recurses.
    private static let maximumDepth = 100

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ reason: String) -> JSONFault { JSONFault(offset: index, reason: reason) }
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: Character) throws(JSONFault) {
        guard next == byte.asciiValue else { throw fault("'\(byte)' expected") }
        index += 1
    }

    mutating func document() throws(JSONFault) -> JSONValue {
        let result = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw fault("end of document expected") }
        return result
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth < JSONParser.maximumDepth else { throw fault("nested too deeply") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw fault("a value expected") }
        index += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        try take("{")
        var members: [JSONValue.Member] = []
        skipBlanks()
        if next == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        while true {
            skipBlanks()
            let key = try string()
            skipBlanks()
            try take(":")
            members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
            skipBlanks()
            if next == UInt8(ascii: "}") { break }
            try take(",")
        }
        index += 1
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        try take("[")
        var elements: [JSONValue] = []
        skipBlanks()
        if next == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if next == UInt8(ascii: "]") { break }
            try take(",")
        }
        index += 1
        return .array(elements)
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        let firstDigit = index
        guard skipDigits() > 0, bytes[firstDigit] != UInt8(ascii: "0") || index == firstDigit + 1 else {
            throw fault("a value expected")
        }
        if next == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() > 0 else { throw fault("a digit expected") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            index += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() > 0 else { throw fault("a digit expected") }
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index - start
    }

    private mutating func string() throws(JSONFault) -> String {
        try take("\"")
        var text: [UInt8] = []
        while let byte = next {
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("invalid UTF-8") }
                return string
            }
            guard byte >= 0x20 else {
                index -= 1
                throw fault("a control character in a string")
            }
            if byte == UInt8(ascii: "\\") { text.append(contentsOf: try escaped()) } else { text.append(byte) }
        }
        throw fault("the string does not end")
    }

    /// Behind a backslash.
    private mutating func escaped() throws(JSONFault) -> [UInt8] {
        guard let byte = next else { throw fault("the string does not end") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[index...].starts(with: #"\u"#.utf8) {
                index += 2
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else { throw fault("half a surrogate pair") }
            return Array(text.utf8)
        default:
            index -= 1
            throw fault("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        let digits = String(decoding: bytes[index...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.first != "+", digits.first != "-", let unit = UInt16(digits, radix: 16)
        else {
            throw fault("four hexadecimal digits expected")
        }
        index += 4
        return unit
    }
}
