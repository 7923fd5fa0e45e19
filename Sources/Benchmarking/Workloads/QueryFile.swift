import Blueshift

/// The queries of a user's `.sql` file. A comment line `-- name: nightly report` names the query after it; others are
/// called by their number. SET statements are run once in each session; anything that changes data is refused, because
/// then no two runs would do the same.
package struct QueryFile: Hashable, Sendable {
    package var queries: [BenchmarkQuery] = []
    /// The SET statements, in order.
    package var settings: [String] = []

    /// - Throws: which statement is no query, or that there is none.
    package init(_ text: String) throws(BenchmarkError) {
        for (place, statement) in SQLScript.statements(in: text).enumerated() {
            let (name, bare) = QueryFile.withoutComments(statement)
            let word = bare.prefix { $0.isLetter }.lowercased()
            switch word {
            case "select", "with", "values": queries.append(BenchmarkQuery(name: name ?? "", text: statement))
            case "" where bare.hasPrefix("("): queries.append(BenchmarkQuery(name: name ?? "", text: statement))
            case "set": settings.append(statement)
            default:
                throw BenchmarkError(
                    "statement \(place + 1) is no query but \(word.isEmpty ? "something else" : word.uppercased()): "
                        + "only SELECT, WITH and SET can be repeated without changing what is measured")
            }
        }
        guard !queries.isEmpty else { throw BenchmarkError("there is no query in the file") }
        for index in queries.indices where queries[index].name.isEmpty { queries[index].name = "Q\(index + 1)" }
        let names = Set(queries.map(\.name))
        guard names.count == queries.count else { throw BenchmarkError("two queries of the file have the same name") }
    }

    /// The name that comments before the statement give it, and what follows them.
    private static func withoutComments(_ statement: String) -> (name: String?, rest: Substring) {
        var rest = statement[...]
        var name: String?
        while true {
            rest = rest.drop { $0.isWhitespace }
            if rest.hasPrefix("--") {
                let line = rest.prefix { !$0.isNewline }
                let words = line.dropFirst(2).drop { $0 == " " }
                if words.lowercased().hasPrefix("name:") {
                    name = String(words.dropFirst(5).drop { $0 == " " })
                    while name?.last?.isWhitespace == true { name?.removeLast() }
                }
                rest = rest[line.endIndex...]
            } else if rest.hasPrefix("/*"), let end = rest.range(ofComment: "*/") {
                rest = rest[end...]
            } else {
                return (name, rest)
            }
        }
    }
}

extension Substring {
    /// Behind the first place where `mark` stands; nil if it does not.
    fileprivate func range(ofComment mark: String) -> Index? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(mark) { return index(place, offsetBy: mark.count) }
            place = index(after: place)
        }
        return nil
    }
}
