package import Catalog

// What a query's trace and plan tell of tables that row-level security guards. Rows behind a policy are counted there, tables
// that it looks up are named: who may not see the policy gets one scan in the place of all that, with the rows that it let
// through.
//
//     scan lookup → hash           segment 0                       gone
//     scan docs → hjoin → aggr     segment 1      scan docs → aggr      `rows` of the scan are those of the join
//
// - Source: Redshift developer guide, "Row-level security": EXPLAIN RLS.

/// What carries out a `RLS SecureScan`.
package struct GuardedScan: Hashable, Sendable {
    package var table: TableID
    /// Steps of the scan and of the policy: the greatest one hands on the rows that the policy lets through.
    package var steps: [StepReference]

    package init(table: TableID, steps: [StepReference]) {
        self.table = table
        self.steps = steps
    }

    var last: StepReference? { steps.max { ($0.segment, $0.step) < ($1.segment, $1.step) } }
}

extension ExplainNode {
    /// Those of the line and of all below it.
    package var guardedScans: [GuardedScan] { (guarded.map { [$0] } ?? []) + children.flatMap(\.guardedScans) }

    package var hasGuardedScans: Bool { guarded != nil || children.contains(where: \.hasGuardedScans) }

    /// Steps that only those may see who see the policies, too.
    package var guardedSteps: Set<StepReference> { Set(guardedScans.flatMap(\.steps)) }
}

extension QueryRecord {
    /// The record as it is told to those who may not see policies.
    package var withoutGuardedSteps: QueryRecord {
        guard let explain, explain.hasGuardedScans else { return self }
        let hiding = GuardedSteps(explain.guardedScans)
        var copy = self
        copy.explain = hiding.plan(explain)
        copy.trace.slices = trace.slices.compactMap(hiding.slice)
        if let explain = copy.explain {
            let nodes = PlanNodes(explain)
            for slice in copy.trace.slices.indices { nodes.note(in: &copy.trace.slices[slice]) }
        }
        let segments = Set(copy.trace.slices.map(\.segment))
        copy.trace.deliveries = trace.deliveries.filter { segments.contains($0.segment) }
        let tables = Set(copy.trace.slices.flatMap { $0.steps.compactMap(\.table) })
        copy.tableNames = tableNames.filter { tables.contains($0.key) }
        return copy
    }
}

extension LoggedQuery {
    /// The query as it is told to those who may not see policies.
    package var withoutGuardedSteps: LoggedQuery {
        guard summary.isGuarded else { return self }
        return LoggedQuery(summary) { [self] _ in record.withoutGuardedSteps }
    }
}

/// Which steps go, which stay as a scan, and what the numbers of the others are then.
private struct GuardedSteps {
    /// Steps that go, by segment, ascending.
    private var gone: [Int: [Int]] = [:]
    /// Steps in whose place a scan of that table stays.
    private var scans: [StepReference: TableID] = [:]

    init(_ guarded: [GuardedScan]) {
        for scan in guarded {
            guard let last = scan.last else { continue }
            scans[last] = scan.table
            for step in scan.steps where step != last { gone[step.segment, default: []].append(step.step) }
        }
        for segment in gone.keys { gone[segment]?.sort() }
    }

    func plan(_ node: ExplainNode) -> ExplainNode {
        var copy = node
        if let guarded = node.guarded {
            copy.children = []
            copy.steps = (guarded.last.map { [$0] } ?? []) + node.steps.filter { !guarded.steps.contains($0) }
            copy.guarded = nil
        }
        copy.children = copy.children.map(plan)
        copy.steps = copy.steps.compactMap(number)
        return copy
    }

    /// nil: the step is gone.
    private func number(_ step: StepReference) -> StepReference? {
        let gone = gone[step.segment] ?? []
        guard !gone.contains(step.step) else { return nil }
        return StepReference(segment: step.segment, step: step.step - gone.count { $0 < step.step })
    }

    /// nil: nothing is left of the segment.
    func slice(_ slice: SliceTrace) -> SliceTrace? {
        var copy = slice
        copy.steps = []
        var hiddenRunNs: Int64 = 0
        for (place, step) in slice.steps.enumerated() {
            let reference = StepReference(segment: slice.segment, step: place)
            if number(reference) == nil {
                hiddenRunNs += step.runNs
            } else if let table = scans[reference] {
                var scan = StepTrace(scanOf: table)
                scan.rowsOut = step.rowsOut
                (scan.rowsPreFilter, scan.rowsPreUserFilter) = (scan.rowsOut, scan.rowsOut)
                scan.bytesOut = step.bytesOut
                scan.runNs = step.runNs + hiddenRunNs
                copy.steps.append(scan)
            } else {
                copy.steps.append(step)
            }
        }
        return copy.steps.isEmpty ? nil : copy
    }
}
