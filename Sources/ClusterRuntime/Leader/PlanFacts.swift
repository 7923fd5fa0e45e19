import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import Synchronization
import VectorEngine

/// What running a plan asks of it besides its steps, found out once for as long as the plan is kept.
final class PlanFacts: Sendable {
    /// A segment of it leaves the leader.
    let usesNodes: Bool
    /// Steps that can spill, as a compute slice and as the leader runs the plan.
    let sliceOperatorCount: Int
    let leaderOperatorCount: Int
    /// It reads few rows, as far as is known: it is expected to be over soon.
    let isShort: Bool
    /// The one segment of a plan that is so short that whoever asks may run it at once.
    let immediate: Segment?
    /// How a plan runs whole if its tables are small enough.
    let whole: WholePlan?

    /// What such a plan gives if it only says what is known: `SELECT 1`.
    let constantRow: Batch?
    /// What a run of it counts, but for the time.
    let constantSlice: SliceTrace
    /// Which lines of EXPLAIN carry out which steps, and the stream of each segment.
    let planNodes: PlanNodes
    let streamNumbers: [Int]

    init(_ plan: QueryPlan) {
        let segments = plan.segments
        usesNodes = segments.contains { $0.location != .leader }
        routesDependOnVersion = segments.contains { $0.insertTarget != nil }
        sliceOperatorCount = plan.spillingSteps(onLeader: false)
        leaderOperatorCount = plan.spillingSteps(onLeader: true)
        isShort = plan.explain.scannedRows < PlanFacts.shortQueryRows
        immediate =
            segments.count == 1 && plan.streams.first?.loop == nil && segments[0].isImmediate ? segments[0] : nil
        constantRow = immediate?.constantRow
        planNodes = PlanNodes(plan.explain)
        streamNumbers = plan.streams.enumerated().flatMap { number, stream in stream.segments.map { _ in number } }
        whole = WholePlan(plan)
        var slice = SliceTrace(node: Slice.leaderNode, slice: SliceTrace.leaderSlice, segment: 0)
        if constantRow != nil, let immediate {
            slice.steps = immediate.constantSteps
            planNodes.note(in: &slice)
        }
        constantSlice = slice
    }

    private static let shortQueryRows = 200_000.0

    private let knownRoutes = Mutex<[ExchangeID: ExchangeRoute]?>(nil)
    /// The routes go on where a table's rows have stopped, or depend on how it is distributed.
    private let routesDependOnVersion: Bool

    /// Who sends to whom: the same for each run of a plan that writes nothing. `shape` is the cluster's.
    func routes(of plan: QueryPlan, shape: ClusterShape, version: DatabaseVersion) -> [ExchangeID: ExchangeRoute] {
        if routesDependOnVersion { return ExchangeRoute.routes(of: plan, shape: shape, version: version) }
        return knownRoutes.withLock { known in
            if let known { return known }
            let made = ExchangeRoute.routes(of: plan, shape: shape, version: version)
            known = made
            return made
        }
    }
}

extension ExplainNode {
    /// Estimated rows of all scans below.
    fileprivate var scannedRows: Double {
        (operation.contains("Seq Scan") ? Double(rows) : 0) + children.reduce(0) { $0 + $1.scannedRows }
    }
}

extension Segment {
    /// Rows and operations of a segment that may run on a thread that others wait for: some ten microseconds' work.
    private static let immediateRowsMax = 16
    fileprivate static let immediateOperationsMax = 128

    /// A few literal rows and what is computed of them, with functions that read no catalog.
    fileprivate var isImmediate: Bool {
        guard location == .leader else { return false }
        var operations = 0
        for step in steps {
            switch step {
            case .constants(let rows, _):
                guard rows.count <= Segment.immediateRowsMax else { return false }
                for row in rows where !row.allSatisfy({ $0.count(into: &operations) }) { return false }
            case .filter(let condition): guard condition.count(into: &operations) else { return false }
            case .project(let expressions):
                guard expressions.allSatisfy({ $0.count(into: &operations) }) else { return false }
            case .limit: break
            default: return false
            }
        }
        return true
    }
}

extension Segment {
    /// One row of literals; nil: there is something to compute.
    fileprivate var constantRow: Batch? {
        guard steps.count == 2, case .constants(let rows, _) = steps[0], rows == [[]],
            case .project(let expressions) = steps[1]
        else { return nil }
        var columns: [Vector] = []
        for expression in expressions {
            guard case .literal(let value, let type) = expression else { return nil }
            // As it is: an interval of months and days is no number.
            columns.append(.constant(value, kind: type.storage, count: 1))
        }
        return Batch(columns: columns, count: 1)
    }

    fileprivate var constantSteps: [StepTrace] {
        steps.enumerated().map { place, step in
            var trace = StepTrace(step)
            trace.rowsOut = 1
            trace.rowsIn = place == 0 ? 0 : 1
            return trace
        }
    }
}

extension BoundExpression {
    /// False: too many operations, or a function that may take long.
    fileprivate func count(into operations: inout Int) -> Bool {
        operations += 1
        guard operations <= Segment.immediateOperationsMax else { return false }
        if case .call(let name, _, _) = self, !BuiltinFunctions.contains(name) { return false }
        for operand in operands where !operand.count(into: &operations) { return false }
        return true
    }
}
