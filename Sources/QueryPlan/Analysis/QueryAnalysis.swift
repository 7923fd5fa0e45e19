import Catalog

/// One run of a plan: the plan's nodes, and what the trace of the run says of each of them. Every figure is the trace's, or
/// a sum, a mean or an extreme of its figures; nothing is measured here.
package struct QueryAnalysis: Sendable {
    /// A line of EXPLAIN, and the steps that carried it out.
    package struct Node: Sendable {
        /// As STL_EXPLAIN numbers it: 1 is the root, a parent comes before its children.
        package var number: Int
        /// nil for the root.
        package var parent: Int?
        package var plan: ExplainNode
        /// In the order in which rows pass them.
        package var steps: [Step]
        /// How often each row is counted: once by each compute node where all of them make all rows.
        package var copies: Int
    }

    /// One step on all slices that ran it.
    package struct Step: Sendable {
        package var segment: Int
        /// In its segment, from 0.
        package var index: Int
        package var kind: StepKind
        /// By slice, ascending; the leader's slice is the last one if it took part.
        package var runs: [Run]
    }

    /// A step on one slice.
    package struct Run: Sendable {
        package var node: Int
        package var slice: Int
        package var figures: StepTrace

        package var isLeader: Bool { slice == SliceTrace.leaderSlice }
    }

    /// A segment on all slices that ran it.
    package struct Segment: Sendable {
        package var stream: Int
        package var number: Int
        /// By slice, ascending.
        package var runs: [SliceTrace]

        package var isLeader: Bool { runs.allSatisfy { $0.slice == SliceTrace.leaderSlice } }
    }

    package var trace: QueryTrace
    /// What was done, as the client of the plain statement is told: `SELECT`, `INSERT 0 5`, …
    package var command: String
    /// Preorder.
    package var nodes: [Node]
    /// By number.
    package var segments: [Segment]
    /// What EXPLAIN says below the plan.
    package var notices: [String]

    /// - Parameters:
    ///   - streams: the number of each segment's stream, by the segment's number.
    ///   - notices: lines that EXPLAIN prints after the tree.
    package init(
        _ trace: QueryTrace, of plan: ExplainNode, streams: [Int], command: String, notices: [String] = []
    ) {
        self.trace = trace
        self.command = command
        self.notices = notices
        segments = Dictionary(grouping: trace.slices, by: \.segment).sorted { $0.key < $1.key }.map { number, runs in
            Segment(
                stream: number < streams.count ? streams[number] : 0, number: number,
                runs: runs.sorted { $0.slice < $1.slice })
        }
        nodes = []
        add(plan, parent: nil)
        attach(Self.steps(of: segments))
    }

    private mutating func add(_ plan: ExplainNode, parent: Int?) {
        let number = nodes.count + 1
        nodes.append(
            Node(
                number: number, parent: parent, plan: plan, steps: [],
                copies: plan.isReplicated ? trace.shape.nodes : 1))
        for child in plan.children { add(child, parent: number) }
    }

    private mutating func attach(_ steps: [Step]) {
        for step in steps {
            guard let number = step.runs.lazy.compactMap(\.figures.planNode).first, nodes.indices.contains(number - 1)
            else { continue }
            nodes[number - 1].steps.append(step)
        }
    }

    private static func steps(of segments: [Segment]) -> [Step] {
        segments.flatMap { segment in
            let count = segment.runs.map(\.steps.count).max() ?? 0
            return (0..<count).map { index in
                let runs = segment.runs.compactMap { run in
                    index < run.steps.count ? Run(node: run.node, slice: run.slice, figures: run.steps[index]) : nil
                }
                return Step(
                    segment: segment.number, index: index, kind: runs.first?.figures.kind ?? .scan, runs: runs)
            }
        }
    }
}

extension QueryAnalysis.Step {
    /// Sends rows to other slices or to the leader.
    package var isExchange: Bool { kind == .dist || kind == .bcast || kind == .return }

    /// Takes what an exchange brings: rows that were counted where they were sent from.
    package var isReceiver: Bool { runs.first?.figures.source == .network }

    package func sum(_ figure: (StepTrace) -> Int64) -> Int64 { runs.reduce(0) { $0 + figure($1.figures) } }

    /// A figure of each compute slice; nil: the step is the leader's.
    package func spread(_ figure: (StepTrace) -> Int64) -> SliceSpread? { SliceSpread(runs, figure) }

    /// How it was carried out, each way once, in the order of the slices.
    package var algorithms: [String] {
        var known: [String] = []
        for run in runs where !run.figures.algorithm.isEmpty && !known.contains(run.figures.algorithm) {
            known.append(run.figures.algorithm)
        }
        return known
    }
}

extension QueryAnalysis.Node {
    /// Rows that the node's operation gave, on all slices: those of its last step that is no exchange, nor the end of one.
    /// nil: no step was measured.
    package var rows: Int64? { resultStep?.sum(\.rowsOut) ?? steps.last?.sum(\.rowsIn) }

    /// The same by compute slice; nil: the leader alone made them.
    package var sliceRows: SliceSpread? { (resultStep ?? steps.last)?.spread(resultStep == nil ? \.rowsIn : \.rowsOut) }

    private var resultStep: QueryAnalysis.Step? {
        steps.last { !$0.isExchange && !$0.isReceiver && !$0.isSink }
    }

    /// Time that the node's steps ran, by compute slice; nil: none of them did.
    package var run: SliceSpread? { spread(\.runNs) }

    /// Time that they ran on the leader; nil: they did not.
    package var leaderRunNs: Int64? {
        let own = steps.flatMap(\.runs).filter(\.isLeader)
        return own.isEmpty ? nil : own.reduce(0) { $0 + $1.figures.runNs }
    }

    /// A figure of all steps of the node, summed for each compute slice.
    package func spread(_ figure: (StepTrace) -> Int64) -> SliceSpread? {
        SliceSpread(steps.flatMap(\.runs), figure)
    }

    package func sum(_ figure: (StepTrace) -> Int64) -> Int64 { steps.reduce(0) { $0 + $1.sum(figure) } }
}

extension SliceSpread {
    /// A figure summed for each compute slice.
    fileprivate init?(_ runs: [QueryAnalysis.Run], _ figure: (StepTrace) -> Int64) {
        var sums: [Int: (place: Place, value: Int64)] = [:]
        for run in runs where !run.isLeader {
            sums[run.slice, default: (Place(node: run.node, slice: run.slice), 0)].value += figure(run.figures)
        }
        self.init(sums.sorted { $0.key < $1.key }.map(\.value))
    }
}

extension QueryAnalysis.Step {
    /// Keeps or writes the rows that it takes: what it hands on, if anything, is not the line's result.
    fileprivate var isSink: Bool {
        switch kind {
        case .hash, .save, .insert, .delete, .rewrite, .unload: true
        default: false
        }
    }
}

extension QueryAnalysis.Segment {
    /// A figure of the segment on each compute slice; nil: it ran on the leader.
    package func spread(_ figure: (SliceTrace) -> Int64) -> SliceSpread? {
        SliceSpread(
            runs.filter { $0.slice != SliceTrace.leaderSlice }.map {
                (place: .init(node: $0.node, slice: $0.slice), value: figure($0))
            })
    }

    /// From the first slice's begin to the last one's end.
    package var span: Range<Int64> {
        let start = runs.map(\.startNs).min() ?? 0
        return start..<max(start, runs.map(\.endNs).max() ?? 0)
    }
}

extension QueryTrace {
    /// Of the elapsed time, that in which no compute slice had a segment to run: the leader planned the next stream, merged,
    /// or waited for messages. Planning comes before, and is not in it.
    package var leaderOnlyNs: Int64 {
        let spans = slices.filter { $0.slice != SliceTrace.leaderSlice }.map { ($0.startNs, $0.endNs) }
        var (covered, end) = (Int64(0), Int64(0))
        for (start, stop) in spans.sorted(by: { $0.0 < $1.0 }) where stop > end {
            covered += stop - max(start, end)
            end = stop
        }
        return max(0, elapsedNs - covered)
    }

    /// A figure of all steps on all slices.
    package func sum(_ figure: (StepTrace) -> Int64) -> Int64 {
        slices.reduce(0) { $0 + $1.steps.reduce(0) { $0 + figure($1) } }
    }
}
