import QueryPlan

/// A WITH query with one use takes its place: nothing is kept, and predicates reach into it.
extension Rewriter {
    mutating func inlined(_ node: LogicalNode) -> LogicalNode {
        if case .shared(let use) = node {
            // Another name for a column is another use.
            guard use.columns == use.sources, useCount(use.number) == 1, !isRecursive(use.number) else { return node }
            fired.insert("InlineSharedQueries")
            return inlined(registry.sharedQueries[use.number].root)
        }
        return node.inputs.isEmpty ? node : node.withInputs(node.inputs.map { inlined($0) })
    }

    private func isRecursive(_ number: Int) -> Bool {
        registry.recursions.contains { $0.key == number || $0.value == number }
    }

    private func useCount(_ number: Int) -> Int { registry.sharedUses[number] }
}
