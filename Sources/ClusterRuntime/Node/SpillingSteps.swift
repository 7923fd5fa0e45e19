import QueryPlan

extension QueryPlan {
    /// Steps that can spill, of the segments that the leader runs, or of all others.
    func spillingSteps(onLeader: Bool) -> Int {
        segments.filter { ($0.location == .leader) == onLeader }.reduce(0) { $0 + $1.steps.count(where: \.canSpill) }
    }
}

extension Step {
    fileprivate var canSpill: Bool {
        switch self {
        case .hash, .save, .sort, .window, .insert, .rewrite: true
        case .aggregate(let aggregation): aggregation.isUnbounded
        case .scan, .virtualScan, .receive, .merge, .constants, .savedScan, .filter, .project, .hashJoin, .nestedLoop,
            .expand, .limit, .delete, .identity, .distribute, .distributeRoundRobin, .distributeBySlice, .broadcast,
            .sendToSlice, .gather,
            .unload:
            false
        }
    }
}
