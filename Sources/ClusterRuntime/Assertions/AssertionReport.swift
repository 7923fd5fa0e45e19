package import SQLTypes

/// What an ASSERT found: one finding for each claim. All faces of assertions show this value: SQL as an error, `check` as a
/// report, `BlueshiftTesting` as a failure of a test.
package struct AssertionReport: Hashable, Sendable {
    package struct Finding: Hashable, Sendable {
        package var isPassed: Bool
        /// What was measured, and what it may be at most or must be at least; nil where there is nothing to count.
        package var figure: Double?
        package var limit: Double?
        /// The slice that stands out.
        package var slice: Int?
        /// The value that stands out, as SQL writes it.
        package var value: String?
        /// In one sentence, passed or not: an error's message.
        package var message: String
        /// Where the figure comes from.
        package var detail: String?
        /// What to try if it failed.
        package var hint: String?

        package init(
            _ isPassed: Bool, figure: Double? = nil, limit: Double? = nil, slice: Int? = nil, value: String? = nil,
            _ message: String, detail: String? = nil, hint: String? = nil
        ) {
            self.isPassed = isPassed
            self.figure = figure
            self.limit = limit
            self.slice = slice
            self.value = value
            self.message = message
            self.detail = detail
            self.hint = hint
        }
    }

    /// The statement in canonical form.
    package var assertion: String
    package var findings: [Finding]

    package init(_ assertion: String, _ findings: [Finding]) {
        self.assertion = assertion
        self.findings = findings
    }

    package var isPassed: Bool { findings.allSatisfy(\.isPassed) }

    /// What the statement ends with; nil if all claims hold.
    package var error: SQLError? {
        let failed = findings.filter { !$0.isPassed }
        guard !failed.isEmpty else { return nil }
        func joined(_ parts: [String], _ separator: String) -> String? {
            parts.isEmpty ? nil : parts.joined(separator: separator)
        }
        return SQLError(
            .assertFailure, failed.map(\.message).joined(separator: "; "),
            detail: joined(failed.compactMap(\.detail), "\n"), hint: joined(failed.compactMap(\.hint), "\n"))
    }
}
