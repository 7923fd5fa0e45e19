/// JSON to be written. What holds nothing but plain values stands on one line.
package indirect enum JSONText: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Written with up to three decimals.
    case number(Double)
    case string(String)
    case array([JSONText])
    /// In the order given.
    case object([(String, JSONText)])

    package static func optional(_ value: Int64?) -> JSONText { value.map { .integer($0) } ?? .null }
    package static func optional(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }
    package static func optional(_ value: String?) -> JSONText { value.map { .string($0) } ?? .null }

    package var text: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private var isFlat: Bool {
        switch self {
        case .array(let elements): elements.allSatisfy(\.isPlain)
        case .object(let members): members.allSatisfy(\.1.isPlain)
        default: true
        }
    }

    private func write(to text: inout String, indentation: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.number(value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.write(elements.map { (nil, $0) }, "[", "]", isFlat: isFlat, to: &text, indentation)
        case .object(let members):
            Self.write(members.map { ($0, $1) }, "{", "}", isFlat: isFlat, to: &text, indentation)
        }
    }

    private static func write(
        _ members: [(String?, JSONText)], _ open: String, _ close: String, isFlat: Bool, to text: inout String,
        _ indentation: Int
    ) {
        text += open
        let separator = isFlat ? " " : "\n" + String(repeating: " ", count: indentation + 2)
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { text += "," }
            if index > 0 || !isFlat { text += separator }
            if let name {
                write(name, to: &text)
                text += ": "
            }
            value.write(to: &text, indentation: indentation + 2)
        }
        if !isFlat { text += "\n" + String(repeating: " ", count: indentation) }
        text += close
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        let rounded = (value * 1_000).rounded() / 1_000
        if rounded.magnitude < 1e15, rounded == rounded.rounded() { return String(Int64(rounded)) }
        return String(rounded)
    }

    /// - Source: RFC 8259, section 7.
    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
