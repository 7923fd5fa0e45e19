// For people.

extension CheckResults {
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

    static func explanation(_ assertion: CheckedAssertion) -> [String] {
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
}
