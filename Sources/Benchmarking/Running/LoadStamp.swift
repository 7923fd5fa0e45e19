import FoundationEssentials

/// A file beside a loaded cluster or database that says what is in it. It is written last: what has none was not
/// loaded to the end.
struct LoadStamp {
    var path: String
    var text: String

    var holds: Bool {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) == text } ?? false
    }

    func remove() throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    func write() throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
