/// The startup parameter `options`: `-c name=value`, `-cname=value` and `--name=value`, with a backslash before blanks
/// that belong to a value. Switches of another kind steer a server process and mean nothing here.
/// - Source: PostgreSQL documentation, "Connection Strings", `options`.
enum StartupOptions {
    static func settings(_ text: String) -> [StartupMessage.Parameter] {
        var settings: [StartupMessage.Parameter] = []
        var isValueNext = false
        for word in words(text) {
            if isValueNext {
                isValueNext = false
                append(word[...], to: &settings)
            } else if word == "-c" {
                isValueNext = true
            } else if word.hasPrefix("-c") || word.hasPrefix("--") {
                append(word.dropFirst(2), to: &settings)
            }
        }
        return settings
    }

    private static func append(_ word: Substring, to settings: inout [StartupMessage.Parameter]) {
        guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { return }
        let name = word[..<sign].replacing("-", with: "_")
        settings.append(.init(name: String(name), value: String(word[word.index(after: sign)...])))
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
