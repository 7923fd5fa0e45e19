package import ClusterRuntime

/// What an `ASSERT` statement found, passed or not: one finding for each of its claims.
///
/// `ASSERT` is an extension of Blueshift's; `docs/testing-distribution-keys.md` tells what can be asserted. A statement whose
/// claims do not all hold ends with the error P0004, which says the same in words.
public struct AssertionReport: Hashable, Sendable {
    /// One claim, and what was measured.
    public struct Finding: Hashable, Sendable {
        /// Whether the claim holds.
        public let isPassed: Bool
        /// What was measured: a ratio, a percentage, bytes, a number of joins; nil where there is nothing to count.
        public let figure: Double?
        /// What the figure may be at most, or must be at least; nil where there is nothing to count.
        public let limit: Double?
        /// The slice that stands out, such as the fullest one.
        public let slice: Int?
        /// The value that stands out, as SQL writes it, such as the most frequent one.
        public let value: String?
        /// What was found, in one sentence.
        public let message: String
        /// Where the figure comes from.
        public let detail: String?
        /// What to try if the claim does not hold.
        public let hint: String?
    }

    /// The statement in canonical form, on one line.
    public let assertion: String
    /// In the order of the claims.
    public let findings: [Finding]
    /// Whether all claims hold.
    public var isPassed: Bool { findings.allSatisfy(\.isPassed) }

    package init(_ report: ClusterRuntime.AssertionReport) {
        assertion = report.assertion
        findings = report.findings.map { finding in
            Finding(
                isPassed: finding.isPassed, figure: finding.figure, limit: finding.limit, slice: finding.slice,
                value: finding.value, message: finding.message, detail: finding.detail, hint: finding.hint)
        }
    }
}

extension AssertionReport: CustomStringConvertible {
    /// The statement, and below it for each claim what was found; of those that do not hold, why, and what to try.
    public var description: String {
        var lines = [assertion]
        for finding in findings {
            lines.append("  \(finding.isPassed ? "holds" : "fails"): \(finding.message)")
            guard !finding.isPassed else { continue }
            if let detail = finding.detail { lines.append("  detail: \(detail)") }
            if let hint = finding.hint { lines.append("  hint: \(hint)") }
        }
        return lines.joined(separator: "\n")
    }
}

extension Session {
    /// What the session's last `ASSERT` found, whether it passed or failed; nil before the first one.
    public var lastAssertion: AssertionReport? {
        get async { await runtime.lastAssertion.map { AssertionReport($0) } }
    }
}
