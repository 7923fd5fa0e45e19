import Blueshift

// For pages of GitHub.

extension CheckResults {
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
