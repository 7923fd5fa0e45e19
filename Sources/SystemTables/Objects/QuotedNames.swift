import Catalog

extension String {
    /// As SQL text names it: in quotes unless it is a plain word.
    var quotedIdentifier: String {
        let isPlain = utf8.enumerated().allSatisfy { place, byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "_")
                || place > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "$"))
        }
        if isPlain, !isEmpty { return self }
        return "\"\(split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}

extension TableName {
    var quotedText: String { "\(schema.quotedIdentifier).\(name.quotedIdentifier)" }
}

/// The parts of a name in a text: `s.t`, `"Odd name"`; folded as SQL text is.
struct NameText {
    /// nil: not a name.
    static func parts(_ text: String) -> [String]? {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        var wasQuoted = false
        let scalars = Array(text.unicodeScalars)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            if isQuoted {
                if scalar != "\"" {
                    part.unicodeScalars.append(scalar)
                } else if place < scalars.count, scalars[place] == "\"" {
                    part.unicodeScalars.append(scalar)
                    place += 1
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                guard part.isEmpty, !wasQuoted else { return nil }
                (isQuoted, wasQuoted) = (true, true)
            } else if scalar == "." {
                parts.append(part)
                (part, wasQuoted) = ("", false)
            } else if scalar != " " {
                guard !wasQuoted else { return nil }
                part.unicodeScalars.append(scalar)
            }
        }
        parts.append(part)
        guard !isQuoted, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return parts.map { $0.lowercased() }
    }
}
