/// The text of arrays, `{1,NULL,"a b"}`, and of the catalog's vectors, `1 2`: the form in which values of these types
/// are stored (`CatalogType`).
/// - Source: PostgreSQL 8.0, "Arrays", "Array input and output syntax".
public enum ArrayText {
    /// The elements of an array or vector, each as its text; nil is NULL.
    /// - Throws: 22P02 for what is no array of one dimension.
    public static func elements(_ text: [UInt8], of type: CatalogType) throws(SQLError) -> [[UInt8]?] {
        if case .array = type {
            var scanner = ArrayScanner(text: text)
            return try scanner.elements()
        }
        return text.split(separator: UInt8(ascii: " ")).map { Array($0) }
    }

    /// The elements as values of the type's elements.
    public static func values(_ text: [UInt8], of type: CatalogType) throws(SQLError) -> [SQLValue] {
        guard let element = type.element else { throw .internalError("\(type) is no array") }
        var values: [SQLValue] = []
        for text in try elements(text, of: type) {
            values.append(try text.map { (text) throws(SQLError) in try element.parse(text) } ?? .null)
        }
        return values
    }

    /// The inverse of `values`: how an array of these elements is stored.
    public static func text(_ values: [SQLValue], of type: CatalogType) -> [UInt8] {
        let element = type.element ?? .unknown
        // A CHAR's padding would not survive in an element of TEXT.
        return text(elements: values.map { $0.isNull ? nil : $0.text(as: element) }, of: type)
    }

    public static func text(elements: [[UInt8]?], of type: CatalogType) -> [UInt8] {
        guard case .array = type else {
            return Array(elements.map { $0 ?? [] }.joined(separator: [UInt8(ascii: " ")]))
        }
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            if let element { append(element, to: &text) } else { text.append(contentsOf: Array("NULL".utf8)) }
        }
        text.append(UInt8(ascii: "}"))
        return text
    }

    /// In quotes where the bare text would mean something else.
    private static func append(_ element: [UInt8], to text: inout [UInt8]) {
        let needsQuotes =
            element.isEmpty || isNull(element)
            || element.contains { isSpace($0) || Self.special.contains($0) }
        guard needsQuotes else { return text.append(contentsOf: element) }
        text.append(UInt8(ascii: "\""))
        for byte in element {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
    }

    private static let special: [UInt8] = Array("{},\"\\".utf8)

    static func isNull(_ element: some Collection<UInt8>) -> Bool {
        element.count == 4 && zip(element, "null".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Reads `{…}` from left to right.
private struct ArrayScanner {
    let text: [UInt8]
    var next = 0

    init(text: [UInt8]) { self.text = text }

    private var current: UInt8? { next < text.count ? text[next] : nil }

    mutating func elements() throws(SQLError) -> [[UInt8]?] {
        skipSpaces()
        guard current == UInt8(ascii: "{") else {
            throw SQLError(
                .invalidTextRepresentation, "array value must start with \"{\" or dimension information")
        }
        next += 1
        var elements: [[UInt8]?] = []
        skipSpaces()
        if current == UInt8(ascii: "}") {
            next += 1
        } else {
            while true {
                elements.append(try element())
                skipSpaces()
                let separator = current
                next += 1
                if separator == UInt8(ascii: "}") { break }
                guard separator == UInt8(ascii: ",") else { throw malformed() }
            }
        }
        skipSpaces()
        guard next == text.count else { throw malformed() }
        return elements
    }

    private mutating func element() throws(SQLError) -> [UInt8]? {
        skipSpaces()
        if current == UInt8(ascii: "\"") { return try quoted() }
        if current == UInt8(ascii: "{") { throw .unsupported("arrays of more than one dimension") }
        var element: [UInt8] = []
        /// Bytes up to the last one that is no white space, or was escaped.
        var length = 0
        while let byte = current, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") {
            guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "\"") else { throw malformed() }
            next += 1
            if byte == UInt8(ascii: "\\") {
                guard let escaped = current else { throw malformed() }
                next += 1
                element.append(escaped)
                length = element.count
            } else {
                element.append(byte)
                if !ArrayText.isSpace(byte) { length = element.count }
            }
        }
        guard length > 0 else { throw malformed() }
        element.removeSubrange(length...)
        return ArrayText.isNull(element) ? nil : element
    }

    private mutating func quoted() throws(SQLError) -> [UInt8] {
        next += 1
        var element: [UInt8] = []
        while let byte = current {
            next += 1
            switch byte {
            case UInt8(ascii: "\""): return element
            case UInt8(ascii: "\\"):
                guard let escaped = current else { throw malformed() }
                next += 1
                element.append(escaped)
            default: element.append(byte)
            }
        }
        throw malformed()
    }

    private mutating func skipSpaces() {
        while let byte = current, ArrayText.isSpace(byte) { next += 1 }
    }

    private func malformed() -> SQLError {
        SQLError(
            .invalidTextRepresentation, "malformed array literal: \"\(String(decoding: text, as: UTF8.self))\"")
    }
}
