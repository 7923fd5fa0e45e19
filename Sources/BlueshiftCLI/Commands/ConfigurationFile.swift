import ArgumentParser

/// A file of options: the part of YAML that needs no explanation.
///
///     # what serve takes, without the dashes
///     port: 5439
///     user: awsuser
///     in-memory: true
///     password: "a # b"
///
/// Redshift's parameters may be called as there: `wlm_json_configuration`.
enum ConfigurationFile {
    /// As they would stand on the command line.
    static func arguments(_ text: String) throws(ValidationError) -> [String] {
        var arguments: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let (name, value) = try entry(line, number: number + 1) else { continue }
            switch value {
            case "true": arguments.append("--\(name)")
            case "false": break
            default: arguments.append("--\(name)=\(value)")
            }
        }
        return arguments
    }

    private static func entry(
        _ line: Substring, number: Int
    ) throws(ValidationError) -> (name: String, value: String)? {
        let text = trimmed(line)
        if text.isEmpty || text.hasPrefix("#") { return nil }
        guard let colon = text.firstIndex(of: ":") else {
            throw ValidationError("line \(number) of the configuration is no `name: value`")
        }
        let name = String(trimmed(text[..<colon]).map { $0 == "_" ? "-" : $0 })
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) }
        guard isName else { throw ValidationError("line \(number) of the configuration has no option's name") }
        let value = trimmed(text[text.index(after: colon)...])
        if let quote = value.first, quote == "\"" || quote == "'" {
            guard value.count >= 2, value.last == quote else {
                throw ValidationError("line \(number) of the configuration has a quote without an end")
            }
            return (name, String(value.dropFirst().dropLast()))
        }
        let plain = value.firstRange(of: " #").map { value[..<$0.lowerBound] } ?? value
        return (name, String(trimmed(plain)))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
