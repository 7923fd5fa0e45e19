import ArgumentParser
import Blueshift

struct WhereCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where",
        abstract: "Tell on which slice a key lives, why, and which blocks a scan skips to find it.",
        discussion: """
            The condition is `[schema.]table.column = value` or `[schema.]table.column is null`. Quotes round the value are \
            not needed: blueshift where "sales.listid = 1234" --data-dir blueshift-demo
            """)

    @Argument(help: "table.column = value")
    var condition: [String]

    @OptionGroup var clusterOptions: ClusterOptions

    func validate() throws {
        if KeyCondition(condition.joined(separator: " ")) == nil {
            throw ValidationError("give a condition: table.column = value, or table.column is null")
        }
    }

    func run() async throws {
        guard let condition = KeyCondition(condition.joined(separator: " ")) else { return }
        let cluster = try await openCluster(clusterOptions)
        let session = cluster.session()
        let output = BufferedOutput(descriptor: 1)
        do throws(SQLError) {
            let location = try await session.location(of: condition.column, equalTo: condition.value)
            output.line(location.description)
            output.flush()
        } catch {
            printToStandardError(errorReport(error, statement: ""))
            try await cluster.close()
            throw ExitStatus.statementFailed
        }
        await session.close()
        try await cluster.close()
    }
}

/// `table.column = value` as a person types it in a shell.
struct KeyCondition: Hashable {
    var column: String
    /// nil: NULL.
    var value: String?

    /// nil: it is none.
    init?(_ text: String) {
        if let equal = KeyCondition.firstEqualSign(in: text) {
            column = KeyCondition.trimmed(text[..<equal])
            value = KeyCondition.value(KeyCondition.trimmed(text[text.index(after: equal)...]))
        } else {
            let words = text.split(separator: " ")
            guard words.count >= 3, words.suffix(2).map({ $0.lowercased() }) == ["is", "null"] else { return nil }
            column = words.dropLast(2).joined(separator: " ")
            value = nil
        }
        if column.isEmpty { return nil }
    }

    /// Not within a quoted name.
    private static func firstEqualSign(in text: String) -> String.Index? {
        var isQuoted = false
        return text.indices.first { index in
            if text[index] == "\"" { isQuoted.toggle() }
            return text[index] == "=" && !isQuoted
        }
    }

    /// Quotes, if there are any, are SQL's.
    private static func value(_ text: String) -> String? {
        if text.lowercased() == "null" { return nil }
        guard text.count >= 2, text.first == "'", text.last == "'" else { return text }
        let inner = text.dropFirst().dropLast()
        return String(inner).split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
