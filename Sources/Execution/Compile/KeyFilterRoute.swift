import QueryPlan

/// Which column of a segment's scan a later join's key is, so that the join's keys may already drop rows there: a runtime
/// filter. Looked for through steps that treat each row by itself.
enum KeyFilterRoute {
    struct Target {
        /// Position in the segment's steps.
        let step: Int
        let join: HashJoin
        /// Position in the scan's columns.
        let scanColumn: Int
    }

    /// Joins by one key that drop probe rows without a match, in the order of the steps.
    static func targets(in steps: [Step], of scan: TableScan) -> [Target] {
        var found: [Target] = []
        // For each column of the current step's output the column of the scan; nil: computed, or of another table.
        var origins: [Int?] = scan.output.map { $0 }
        for (position, step) in steps.enumerated().dropFirst() {
            switch step {
            case .filter: break
            case .project(let expressions):
                origins = expressions.map { expression in
                    guard case .column(let number, _) = expression else { return nil }
                    return origins[number]
                }
            case .hashJoin(let join):
                if dropsUnmatched(join.kind), join.keys.count == 1, let key = join.keys.first, let column = origins[key]
                {
                    found.append(Target(step: position, join: join, scanColumn: column))
                }
                // Build rows without a match come after all others: what the scan drops must not make more of them.
                if join.kind == .right || join.kind == .full { return found }
                let hasBuildColumns = join.kind == .inner || join.kind == .left
                origins =
                    join.probeOutput.map { origins[$0] } + (hasBuildColumns ? join.buildOutput.map { _ in nil } : [])
            default: return found
            }
        }
        return found
    }

    private static func dropsUnmatched(_ kind: JoinKind) -> Bool {
        switch kind {
        case .inner, .semi, .right: true
        case .left, .full, .anti, .nullAwareAnti: false
        }
    }
}
