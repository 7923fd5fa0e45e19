#if Server
package import Logging

/// Log lines on standard error, one event each.
///
///     text   2026-11-22T21:00:00Z info session opened user=awsuser pid=7
///     json   {"time":"2026-11-22T21:00:00Z","level":"info","message":"session opened","user":"awsuser","pid":"7"}
package struct StructuredLog: LogHandler {
    package enum Format: String, Sendable, CaseIterable { case text, json }

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let format: Format

    package init(_ format: Format, level: Logger.Level) {
        self.format = format
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        let sorted = fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let line =
            switch format {
            case .text: text(event, sorted)
            case .json: json(event, sorted)
            }
        Platform.writeToStandardError(line + "\n")
    }

    private func text(_ event: LogEvent, _ fields: [(String, String)]) -> String {
        var line = "\(Platform.timestamp) \(event.level) \(event.message)"
        for (name, value) in fields {
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
            line += isPlain ? " \(name)=\(value)" : " \(name)=\(JSONText.quoted(value))"
        }
        return line
    }

    private func json(_ event: LogEvent, _ fields: [(String, String)]) -> String {
        let all = [("time", Platform.timestamp), ("level", "\(event.level)"), ("message", "\(event.message)")] + fields
        return "{" + all.map { "\(JSONText.quoted($0.0)):\(JSONText.quoted($0.1))" }.joined(separator: ",") + "}"
    }
}

/// - Source: RFC 8259, section 7.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
#endif
