import Blueshift

// For test harnesses.

extension CheckResults {
    /// - Source: "TAP version 13 specification".
    var tap: String {
        var lines = ["TAP version 13"]
        var number = 0
        func add(_ isPassed: Bool, _ name: String, _ fields: [(String, String)]) {
            number += 1
            // `#` begins a directive.
            lines.append("\(isPassed ? "ok" : "not ok") \(number) - \(name.replacing("#", with: "\\#"))")
            guard !fields.isEmpty else { return }
            lines.append("  ---")
            for (field, value) in fields { lines.append("  \(field): \(Self.yaml(value))") }
            lines.append("  ...")
        }
        for file in files {
            for assertion in file.assertions {
                var fields: [(String, String)] = []
                if assertion.outcome != .passed {
                    fields = [("message", assertion.message)]
                    fields.append(("severity", assertion.outcome == .failed ? "fail" : "error"))
                    if let detail = assertion.detail { fields.append(("detail", detail)) }
                    if let hint = assertion.hint { fields.append(("hint", hint)) }
                    fields += [("file", file.path), ("line", "\(assertion.line)")]
                }
                add(assertion.outcome == .passed, "\(file.path):\(assertion.line) \(assertion.name)", fields)
            }
            if let failure = file.failure {
                let path = failure.path ?? file.path
                add(
                    false, "\(file.path) runs to its end",
                    [
                        ("message", failure.error.message), ("severity", "error"),
                        ("sqlstate", failure.error.state.code),
                        ("file", path), ("line", "\(failure.line)"),
                    ])
            }
        }
        lines.append("1..\(number)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// In double quotes, whatever it is.
    private static func yaml(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\x" + (hex.count == 1 ? "0" : "") + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
