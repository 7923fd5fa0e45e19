import Blueshift

// The same results for people, for CI servers (JUnit XML), for test harnesses (TAP) and for GitHub's pages.

extension CheckResults {
    // MARK: For people

    /// A file with what was found in it, in lines.
    static func lines(of file: CheckedFile) -> [String] {
        var lines = [file.path]
        for assertion in file.assertions {
            let word =
                switch assertion.outcome {
                case .passed: "ok   "
                case .failed: "FAIL "
                case .broken: "ERROR"
                }
            guard assertion.outcome != .passed else {
                lines.append("  \(word)  line \(assertion.line): \(assertion.message)")
                continue
            }
            lines.append("  \(word)  line \(assertion.line): \(assertion.name)")
            lines.append("         \(assertion.message)")
            lines += explanation(assertion).map { "         " + $0 }
        }
        if let failure = file.failure {
            let place = failure.path.map { "\($0), line \(failure.line)" } ?? "line \(failure.line)"
            lines.append("  ERROR  \(place): the file ends here")
            lines += errorReport(failure.error, statement: failure.statement).split(separator: "\n").map {
                "         " + $0
            }
        }
        return lines
    }

    private static func explanation(_ assertion: CheckedAssertion) -> [String] {
        var lines: [String] = []
        if let detail = assertion.detail { lines += detail.split(separator: "\n").map { "DETAIL:  \($0)" } }
        if let hint = assertion.hint { lines += hint.split(separator: "\n").map { "HINT:  \($0)" } }
        return lines
    }

    /// `12 assertions in 2 files: 11 passed, 1 failed. 0.412 s`.
    var summary: String {
        func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
        var parts = ["\(count(.passed)) passed", "\(count(.failed)) failed"]
        if count(.broken) > 0 { parts.append("\(count(.broken)) could not be run") }
        var text = "\(counted(assertions.count, "assertion")) in \(counted(files.count, "file")): "
        text += parts.joined(separator: ", ")
        if unfinished > 0 { text += "; \(counted(unfinished, "file")) could not be run to the end" }
        if assertions.isEmpty, unfinished == 0 { text += "; there was nothing to check" }
        return text + ". \(durationText(ns: Int64(seconds * 1e9)))"
    }

    // MARK: TAP

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

    // MARK: JUnit

    /// A suite for each file, a test case for each assertion.
    var junit: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuites tests=\"\(assertions.count + unfinished)\" failures=\"\(count(.failed))\" "
                + "errors=\"\(count(.broken) + unfinished)\" time=\"\(Self.seconds(seconds))\">")
        for file in files {
            let broken = file.assertions.count { $0.outcome == .broken } + (file.failure == nil ? 0 : 1)
            let failed = file.assertions.count { $0.outcome == .failed }
            let time = file.assertions.reduce(0) { $0 + $1.seconds }
            let total = file.assertions.count + (file.failure == nil ? 0 : 1)
            lines.append(
                "  <testsuite name=\"\(Self.xml(file.path))\" tests=\"\(total)\" failures=\"\(failed)\" errors=\"\(broken)\" "
                    + "time=\"\(Self.seconds(time))\">")
            for assertion in file.assertions {
                let head =
                    "    <testcase classname=\"\(Self.xml(file.path))\" name=\"\(Self.xml(assertion.name))\" "
                    + "file=\"\(Self.xml(file.path))\" line=\"\(assertion.line)\" time=\"\(Self.seconds(assertion.seconds))\""
                guard assertion.outcome != .passed else {
                    lines.append(head + "/>")
                    continue
                }
                let element = assertion.outcome == .failed ? "failure" : "error"
                let body = Self.explanation(assertion).joined(separator: "\n")
                lines.append(head + ">")
                lines.append(
                    "      <\(element) type=\"ASSERT\" message=\"\(Self.xml(assertion.message))\">\(Self.xml(body))</\(element)>"
                )
                lines.append("    </testcase>")
            }
            if let failure = file.failure {
                lines.append(
                    "    <testcase classname=\"\(Self.xml(file.path))\" name=\"runs to its end\" "
                        + "file=\"\(Self.xml(failure.path ?? file.path))\" line=\"\(failure.line)\">")
                lines.append(
                    "      <error type=\"\(failure.error.state.code)\" message=\"\(Self.xml(failure.error.message))\"/>"
                )
                lines.append("    </testcase>")
            }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ seconds: Double) -> String {
        let micros = Int64((seconds * 1e6).rounded())
        let fraction = String(micros % 1_000_000)
        return "\(micros / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    /// What XML 1.0 cannot hold at all becomes a question mark.
    private static func xml(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            case "\t", "\r": escaped += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    // MARK: GitHub

    /// A line for each failure, which GitHub shows beside the line of the file.
    /// - Source: GitHub Docs, "Workflow commands for GitHub Actions".
    var githubAnnotations: [String] {
        var lines: [String] = []
        for file in files {
            for assertion in file.assertions where assertion.outcome != .passed {
                let title = assertion.outcome == .failed ? "Assertion failed" : "Assertion could not be run"
                let text = ([assertion.message] + Self.explanation(assertion)).joined(separator: "\n")
                lines.append(Self.annotation(file.path, assertion.line, title, text))
            }
            if let failure = file.failure {
                lines.append(
                    Self.annotation(
                        failure.path ?? file.path, failure.line, "File could not be run", failure.error.description))
            }
        }
        return lines
    }

    private static func annotation(_ path: String, _ line: Int, _ title: String, _ text: String) -> String {
        func escaped(_ text: String) -> String {
            text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
        }
        func property(_ text: String) -> String {
            escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
        }
        return "::error file=\(property(path)),line=\(line),title=\(property(title))::\(escaped(text))"
    }
}
