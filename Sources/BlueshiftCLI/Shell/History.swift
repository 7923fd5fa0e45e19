import FoundationEssentials

/// What was typed before, oldest first, kept in a file between sessions.
struct History {
    static let entriesKept = 2_000
    private(set) var entries: [String] = []
    /// Where the arrows are: entries.count is the line being typed.
    private var position = 0
    private var typed = ""
    private let file: String?

    /// - Parameter file: read now and rewritten by `save`; nil keeps nothing.
    init(file: String?) {
        self.file = file
        if let file, let data = FileManager.default.contents(atPath: file) {
            // One entry a line; a line break inside an entry is stored as a record separator.
            entries = String(decoding: data, as: UTF8.self).split(separator: "\n")
                .map { String($0.map { $0 == "\u{1E}" ? "\n" : $0 }) }
        }
        position = entries.count
    }

    mutating func add(_ entry: String) {
        guard !entry.allSatisfy(\.isWhitespace) else { return }
        if entries.last != entry { entries.append(entry) }
        if entries.count > History.entriesKept { entries.removeFirst(entries.count - History.entriesKept) }
        leave()
    }

    mutating func leave() { position = entries.count }

    mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        if position == entries.count { typed = current }
        position -= 1
        return entries[position]
    }

    mutating func newer() -> String? {
        guard position < entries.count else { return nil }
        position += 1
        return position == entries.count ? typed : entries[position]
    }

    /// The newest entry with that text in it, after passing over `skip` of them.
    func search(_ pattern: String, skip: Int) -> String? {
        guard !pattern.isEmpty else { return entries.last }
        return entries.reversed().lazy.filter { $0.contains(pattern) }.dropFirst(skip).first
    }

    /// - Throws: what writing the file throws; a history that cannot be kept is for the caller to mention.
    func save() throws {
        guard let file else { return }
        let text = entries.map { String($0.map { $0 == "\n" ? "\u{1E}" : $0 }) }.joined(separator: "\n")
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
    }
}
