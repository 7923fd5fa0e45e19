// Steps of a query say how many rows a user's own condition left before a row policy took them away, and what the policy
// reads: by asking often enough, a user could learn every value that is hidden from him.

extension ExplainNode {
    /// A row policy guards something that the plan reads.
    package var isSecured: Bool {
        operation.contains(ExplainNode.secureScan) || children.contains(where: \.isSecured)
    }

    /// The same, and whoever ran the plan may not see the policy.
    package var hidesPolicies: Bool {
        operation.contains(ExplainNode.secureScan) && children.isEmpty || children.contains(where: \.hidesPolicies)
    }

    package static let secureScan = "RLS SecureScan"

    /// Without what carries a policy out.
    fileprivate var withoutPolicies: ExplainNode {
        var copy = self
        copy.children = operation.contains(ExplainNode.secureScan) ? [] : children.map(\.withoutPolicies)
        return copy
    }
}

extension QueryRecord {
    /// For who does not hold EXPLAIN RLS: a plan that a policy guards shows neither the policy nor any step's figures.
    /// - Source: Redshift developer guide, "Row-level security": what guards a table is shown to superusers and to whoever
    ///   holds EXPLAIN RLS.
    package var withoutPolicies: QueryRecord {
        guard let explain, explain.isSecured else { return self }
        var copy = self
        copy.explain = explain.withoutPolicies
        copy.trace.slices = []
        copy.trace.deliveries = []
        copy.tableNames = [:]
        return copy
    }
}

extension LoggedQuery {
    package var withoutPolicies: LoggedQuery {
        // The plan tells whether a policy guards it.
        LoggedQuery(summary) { [self] parts in record(parts.union(.plan)).withoutPolicies }
    }
}
