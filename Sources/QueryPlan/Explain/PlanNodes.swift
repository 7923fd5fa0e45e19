/// Which line of EXPLAIN each step carries out: lines are numbered as STL_EXPLAIN does, 1 is the root, in the order in
/// which they are printed.
package struct PlanNodes: Sendable {
    private var numbers: [StepReference: Int] = [:]
    private var uniques: Set<Int> = []
    /// Lines of the plan.
    package private(set) var count = 0

    package init(_ root: ExplainNode) { add(root) }

    private mutating func add(_ node: ExplainNode) {
        count += 1
        let number = count
        if node.operation == "Unique" { uniques.insert(number) }
        for step in node.steps { numbers[step] = number }
        for child in node.children { add(child) }
    }

    /// Steps that the planner has given to no line (what it adds at the end, for the client or for a table) are the root's.
    package func number(of step: StepReference) -> Int { numbers[step] ?? 1 }

    /// Says of each step of `trace` whose line it is.
    package func note(in trace: inout SliceTrace) {
        for step in trace.steps.indices {
            let number = number(of: StepReference(segment: trace.segment, step: step))
            trace.steps[step].planNode = number
            if trace.steps[step].kind == .aggr, uniques.contains(number) { trace.steps[step].kind = .unique }
        }
    }
}
