import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// One run of a query that is so small that it runs whole.
///
///     slot of its queue ─▶ the node's segments, one after the other ─▶ the leader's ─▶ the record ─▶ the session
///                          on the queue of one of its slices, under one permit
///
/// Each step calls the next one on its own thread, so that a run wakes a thread twice: the slice's, and the session's when
/// the rows are here.
final class WholeQuery: Sendable {
    private typealias Done = UnsafeContinuation<PlanExecution.Finished, Never>

    private let execution: PlanExecution
    private let plan: WholePlan
    private let session: SessionRecord

    init(_ execution: consuming PlanExecution, _ plan: WholePlan, _ session: SessionRecord) {
        self.execution = execution
        self.plan = plan
        self.session = session
    }

    /// All of them, once the query is over.
    var rows: [Batch] { execution.results.takeAll() }

    func run() async -> PlanExecution.Finished {
        let control = execution.control
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { start($0) }
        } onCancel: {
            control.cancel()
        }
    }

    private func start(_ done: Done) {
        execution.begin(session)
        guard let request = execution.request else { return run(nil, done) }
        execution.workload.enter(request, execution.control) { entry, error in
            guard let error else { return self.run(entry, done) }
            var outcome = QueryDriver.Outcome()
            outcome.error = error
            self.end(outcome, QueueUse(entry), done)
        }
    }

    private func run(_ entry: WorkloadQueues.Entry?, _ done: Done) {
        var opening = execution.driver.opening
        if let entry { opening.memoryShare = execution.workload.memoryShare(of: entry) }
        let cancellation = CancellationFlag()
        execution.control.onCancel { cancellation.set() }
        let order = WholeOrder(
            opening: opening, segments: plan.onNodes, cancellation: cancellation, programs: plan.programs)
        execution.driver.nodes[0].run(order) { report in
            self.end(self.outcome(report, order), entry.map { QueueUse($0) }, done)
        }
    }

    /// What remains is the leader's: merge, limit, return.
    private func outcome(_ report: WholeReport, _ order: WholeOrder) -> QueryDriver.Outcome {
        var outcome = QueryDriver.Outcome()
        let node = execution.driver.nodes[0].number
        outcome.deliveries = order.segments.map { SegmentDelivery(node: node, segment: $0.number) }
        outcome.slices = report.traces
        do throws(SQLError) {
            if let error = report.error { throw error }
            var own = order
            own.segments = plan.onLeader
            outcome.slices += try execution.driver.leader.runHere(
                own, report.rows, virtualTables: execution.driver.virtualTables, results: execution.results)
            try execution.control.check()
        } catch {
            // Who was told to stop says just that; why, its control knows.
            outcome.error = execution.control.error ?? error
        }
        return outcome
    }

    private func end(_ outcome: QueryDriver.Outcome, _ queue: QueueUse?, _ done: Done) {
        execution.control.disarm()
        if let request = execution.request { execution.workload.leave(request.query) }
        execution.end()
        done.resume(returning: execution.finished(outcome, queue, session))
    }
}

extension DatabaseSession {
    /// How the plan runs whole, if it may now; nil: it runs the usual way.
    func wholePlan(_ facts: PlanFacts?, _ run: StatementRun, _ version: DatabaseVersion) -> WholePlan? {
        guard let whole = facts?.whole, !run.isCursor, leader.shape.nodes == 1,
            leader.shape.slices <= WholePlan.slicesMax, !leader.workload.watchesQueries, whole.isSmall(in: version)
        else { return nil }
        return whole
    }

    /// A query whose rows are all here when this returns.
    func select(
        _ plan: QueryPlan, whole: WholePlan, _ run: StatementRun, _ version: DatabaseVersion, facts: PlanFacts?,
        tag: String, planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        let query = WholeQuery(
            prepare(plan, run, version, facts: facts, planningNs: planningNs), whole, record)
        let finished = await query.run()
        keep(finished)
        if let error = finished.outcome.error { throw error }
        return StatementResult(tag: tag, columns: plan.output, source: .rows(query.rows))
    }
}
