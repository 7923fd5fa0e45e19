import Blueshift

// For CI servers.

extension CheckResults {
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
}
