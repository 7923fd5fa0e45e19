package import Blueshift

/// One timed run of one query.
package struct BenchmarkRun: Hashable, Sendable, Codable {
    /// From 0: how often the clusters had been opened anew before, and the round since.
    package var opening: Int
    package var round: Int
    /// From the statement to the last row in the client's hands.
    package var milliseconds: Double
    /// What the trace of this very run says; nil of a peer.
    package var trace: TraceFigures?

    package init(opening: Int, round: Int, milliseconds: Double, trace: TraceFigures? = nil) {
        self.opening = opening
        self.round = round
        self.milliseconds = milliseconds
        self.trace = trace
    }
}

/// What a trace says of a run as a whole, in milliseconds and bytes.
package struct TraceFigures: Hashable, Sendable, Codable {
    /// Making the plan.
    package var planning: Double
    /// Time of the run, planning and delivery to the client among it, in which no slice had a segment: leader only.
    package var leaderOnly: Double
    /// Computing, all slices together.
    package var slicesBusy: Double
    /// Ready to compute while others had the cores, all slices together.
    package var waitingForCore: Double
    /// Waiting for rows, credit or memory, all slices together.
    package var blocked: Double
    /// The time that the slices' segments would take if the slowest slice of each set the pace, summed up; over what
    /// they would take if each were spread evenly, it is what imbalance costs.
    package var slowestSlices: Double
    package var bytesLocal: Int64
    package var bytesRemote: Int64
    package var bytesSpilled: Int64
    package var blocksRead: Int64
    package var blocksSkipped: Int64

    package init(
        planning: Double, leaderOnly: Double, slicesBusy: Double, waitingForCore: Double, blocked: Double,
        slowestSlices: Double, bytesLocal: Int64, bytesRemote: Int64, bytesSpilled: Int64, blocksRead: Int64,
        blocksSkipped: Int64
    ) {
        self.planning = planning
        self.leaderOnly = leaderOnly
        self.slicesBusy = slicesBusy
        self.waitingForCore = waitingForCore
        self.blocked = blocked
        self.slowestSlices = slowestSlices
        self.bytesLocal = bytesLocal
        self.bytesRemote = bytesRemote
        self.bytesSpilled = bytesSpilled
        self.blocksRead = blocksRead
        self.blocksSkipped = blocksSkipped
    }

    /// - Parameter milliseconds: of the run, as the client measured it.
    package init(_ trace: Trace, milliseconds: Double) {
        let runs = trace.runs.filter { $0.slice != nil }
        planning = Double(trace.planningNanoseconds) / 1e6
        let covered = TraceFigures.union(runs.map { ($0.start, $0.end) })
        leaderOnly = max(0, milliseconds - Double(covered) / 1e6)
        slicesBusy = runs.reduce(0) { $0 + Double($1.running) } / 1e6
        waitingForCore = runs.reduce(0) { $0 + Double($1.waitingForCore) } / 1e6
        blocked = runs.reduce(0) { $0 + Double($1.blocked) } / 1e6
        slowestSlices =
            StepBalance.bySegment(runs).reduce(0) { $0 + Double($1.map(\.running).max() ?? 0) } / 1e6
        bytesLocal = trace.bytesLocal
        bytesRemote = trace.bytesRemote
        bytesSpilled = trace.bytesSpilled
        blocksRead = trace.blocksRead
        blocksSkipped = trace.blocksSkipped
    }

    /// The speed-up over one slice that the balance of the run allows, were there nothing but slices' work.
    package var ceiling: Double { slowestSlices > 0 ? slicesBusy / slowestSlices : 1 }

    /// Length of what intervals cover together.
    static func union(_ intervals: [(start: Int64, end: Int64)]) -> Int64 {
        var covered: Int64 = 0
        var reached = Int64.min
        for (start, end) in intervals.sorted(by: { $0.start < $1.start }) where end > reached {
            covered += end - max(start, reached)
            reached = end
        }
        return covered
    }
}

/// How one step of a query lies on the slices, in the median run.
package struct StepBalance: Hashable, Sendable, Codable {
    package var segment: Int
    /// Place in the segment, from 0.
    package var step: Int
    /// `scan`, `hjoin`, …
    package var label: String
    /// Time in the step and rows that came in (of a scan: that were stored), by slice.
    package var milliseconds: [Double]
    package var rows: [Int64]

    package init(segment: Int, step: Int, label: String, milliseconds: [Double], rows: [Int64]) {
        self.segment = segment
        self.step = step
        self.label = label
        self.milliseconds = milliseconds
        self.rows = rows
    }

    /// Greatest over mean, of time and of rows.
    package var timeBalance: Balance { Balance(milliseconds) }
    package var rowBalance: Balance { Balance(rows.map(Double.init)) }

    /// The steps of a trace's slices, by segment and place; the leader's are left out.
    package static func steps(of trace: Trace, slices: Int) -> [StepBalance] {
        var balances: [StepBalance] = []
        for runs in bySegment(trace.runs.filter({ $0.slice != nil })) {
            for (place, step) in runs[0].steps.enumerated() {
                var balance = StepBalance(
                    segment: runs[0].segment, step: place, label: step.label,
                    milliseconds: [Double](repeating: 0, count: slices), rows: [Int64](repeating: 0, count: slices))
                for run in runs {
                    guard let slice = run.slice, slice < slices, place < run.steps.count else { continue }
                    let step = run.steps[place]
                    balance.milliseconds[slice] += Double(step.nanoseconds) / 1e6
                    balance.rows[slice] += step.rowsStored > 0 ? step.rowsStored : step.rowsIn
                }
                balances.append(balance)
            }
        }
        return balances
    }

    /// Ascending by segment.
    static func bySegment(_ runs: [Trace.SegmentRun]) -> [[Trace.SegmentRun]] {
        let segments = Set(runs.map(\.segment)).sorted()
        return segments.map { segment in runs.filter { $0.segment == segment } }
    }
}
