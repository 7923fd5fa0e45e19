import SQLTypes

/// Writes trees as SQL: one line, keywords in capitals, only the parentheses that are needed, so that
/// `parse(print(tree)) == tree` for each tree that the parser makes.
package struct Printer {
    private(set) var text = ""

    package static func print(_ statement: Statement) -> String {
        var printer = Printer()
        printer.statement(statement)
        return printer.text
    }

    package static func print(_ query: Query) -> String {
        var printer = Printer()
        printer.query(query)
        return printer.text
    }

    package static func print(_ expression: Expression) -> String {
        var printer = Printer()
        printer.expression(expression)
        return printer.text
    }

    /// A name, in quotes where it needs them.
    package static func print(_ name: Identifier) -> String {
        var printer = Printer()
        printer.identifier(name)
        return printer.text
    }

    mutating func write(_ piece: String) { text += piece }

    mutating func list<Item>(_ items: [Item], _ write: (inout Printer, Item) -> Void) {
        var isFirst = true
        for item in items {
            if !isFirst { text += ", " }
            isFirst = false
            write(&self, item)
        }
    }

    /// In parentheses.
    mutating func group(_ body: (inout Printer) -> Void) {
        text += "("
        body(&self)
        text += ")"
    }

    // MARK: Names and strings

    mutating func identifier(_ name: Identifier) { self.name(name.name) }

    mutating func name(_ name: String) {
        guard Self.needsQuotes(name) else {
            text += name
            return
        }
        text += "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { text += "\"" }
            text.unicodeScalars.append(scalar)
        }
        text += "\""
    }

    /// Keywords that are names more often than not, and that no place of the grammar mistakes.
    private static let harmless: Set<String> = [
        "date", "year", "month", "day", "hour", "minute", "second", "key", "level", "role", "text", "type", "zone",
    ]

    private static func needsQuotes(_ name: String) -> Bool {
        var bytes = name.utf8.makeIterator()
        guard let first = bytes.next(), isNameStart(first) else { return true }
        while let byte = bytes.next() {
            if !isNamePart(byte) { return true }
        }
        return KeywordTable.shared.isKeyword(name) && !harmless.contains(name)
    }

    mutating func qualified(_ name: QualifiedName) {
        var isFirst = true
        for part in name.parts {
            if !isFirst { text += "." }
            isFirst = false
            identifier(part)
        }
    }

    mutating func names(_ names: [Identifier]) {
        group { $0.list(names) { $0.identifier($1) } }
    }

    /// ` (a, b)`, or nothing.
    mutating func optionalNames(_ names: [Identifier]) {
        guard !names.isEmpty else { return }
        write(" ")
        self.names(names)
    }

    mutating func string(_ value: String) { string(Array(value.utf8)) }

    mutating func string(_ value: [UInt8]) {
        var quoted: [UInt8] = [UInt8(ascii: "'")]
        for byte in value {
            if TokenText.isEscapable(byte) { quoted.append(byte) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "'"))
        text += String(decoding: quoted, as: UTF8.self)
    }

    mutating func type(_ type: TypeName) { write(Self.spelling(type.type)) }

    private static func spelling(_ type: SQLType) -> String {
        switch type {
        case .catalog: type.description
        case .varbyte(let length): "VARBYTE(\(length))"
        case .unknown: "TEXT"
        default: type.description.uppercased()
        }
    }
}
