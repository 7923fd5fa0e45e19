import SQLTypes

/// The list of its files that UNLOAD … MANIFEST writes, as COPY … MANIFEST reads it.
/// - Source: Redshift developer guide, "UNLOAD", MANIFEST [VERBOSE].
struct UnloadManifest {
    let objects: [PreparedObject]
    let columns: [UnloadDestination.Column]
    let isVerbose: Bool

    var text: [UInt8] {
        let entries = objects.map { object in
            let meta = isVerbose ? ",\"meta\":\(meta(object.byteCount, object.lineCount))" : ""
            return "\n    {\"url\":\(quoted("\(object.address)"))\(meta)}"
        }
        var text = "{\n  \"entries\": [\(entries.joined(separator: ","))\n  ]"
        if isVerbose {
            let elements = columns.map { "\n    {\"name\":\(quoted($0.name)),\"type\":\(type($0.type))}" }
            let (bytes, lines) = objects.reduce((0, Int64(0))) { ($0.0 + $1.byteCount, $0.1 + $1.lineCount) }
            text += ",\n  \"schema\": {\"elements\": [\(elements.joined(separator: ","))\n  ]}"
            text += ",\n  \"meta\": \(meta(bytes, lines))"
            text += ",\n  \"author\": {\"name\":\"Amazon Redshift\",\"version\":\"1.0.0\"}"
        }
        return Array((text + "\n}\n").utf8)
    }

    private func meta(_ bytes: Int, _ lines: Int64) -> String {
        "{\"content_length\":\(bytes),\"record_count\":\(lines)}"
    }

    private func type(_ type: SQLType) -> String {
        let base = type.description.prefix { $0 != "(" }
        switch type {
        case .char(let length), .varchar(let length), .varbyte(let length):
            return "{\"base\":\(quoted(String(base))),\"length\":\(length)}"
        case .decimal(let precision, let scale):
            return "{\"base\":\(quoted(String(base))),\"precision\":\(precision),\"scale\":\(scale)}"
        default: return "{\"base\":\(quoted(type.description))}"
        }
    }

    /// A JSON string.
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
