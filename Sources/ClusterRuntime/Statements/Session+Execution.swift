import Catalog
import Execution
import Ingest
import Planner
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// A plan with all that its run needs.
struct PlanExecution: Sendable {
    let number: Int64
    let driver: QueryDriver
    let results: ResultChannel
    let control: QueryControl
    let explain: ExplainNode
    let text: String
    let startTime: Int64
    let planningNs: Int64
    let permits: Int
    let timeoutMs: Int64

    struct Finished: Sendable {
        var outcome: QueryDriver.Outcome
        var record: QueryRecord
        var loadErrors: [LoadErrorRecord] = []
    }

    /// Runs the plan, and ends it when `statement_timeout` has passed.
    func run(session: SessionRecord) async -> Finished {
        let timer = timeoutMs > 0 ? startTimer() : nil
        let outcome = await driver.run()
        timer?.cancel()
        var trace = QueryTrace(query: number, text: text, shape: driver.opening.shape, permits: permits)
        trace.planningNs = planningNs
        trace.elapsedNs = Int64(clamping: monotonicNs()) - Int64(clamping: driver.opening.startNs)
        trace.resultRows = results.rowCount
        trace.deliveries = outcome.deliveries
        trace.slices = outcome.slices.sorted { ($0.segment, $0.slice) < ($1.segment, $1.slice) }
        let record = QueryRecord(
            trace: trace, explain: explain, session: session.process, user: session.user,
            userID: session.userID, database: session.database,
            startTime: startTime, endTime: Platform.timestampNow, error: outcome.error,
            streams: driver.plan.streams.enumerated().flatMap { number, stream in stream.segments.map { _ in number } })
        return Finished(outcome: outcome, record: record)
    }

    private func startTimer() -> Task<Void, Never> {
        Task { [control, timeoutMs] in
            guard (try? await Task.sleep(for: .milliseconds(timeoutMs))) != nil else { return }
            control.cancel(SQLError(.queryCanceled, "canceling statement due to statement timeout"))
        }
    }

    /// The client learns that the rows are complete, or why they are not.
    func finishResults(_ finished: Finished) {
        if let error = finished.outcome.error { results.finish(.failure(error)) } else { results.finish(.success(())) }
    }
}

extension DatabaseSession {
    func prepare(
        _ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion, planningNs: Int64,
        loads: [Int: LoadOrder] = [:], unloads: [Int: UnloadDestination] = [:],
        sketches: [Int: SketchOrder] = [:], encodings: [Int: EncodingOrder] = [:]
    ) async -> PlanExecution {
        note(reads: plan)
        let number = await leader.nextQuery()
        let opening = QueryOpening(
            query: number, shape: leader.shape, routing: leader.routing, version: version,
            routes: ExchangeRoute.routes(of: plan, shape: leader.shape, version: version),
            credit: leader.configuration.credit, sliceOperatorCount: plan.spillingSteps(onLeader: false),
            leaderOperatorCount: plan.spillingSteps(onLeader: true), evaluation: evaluation(run, number, version),
            startNs: monotonicNs())
        let results = ResultChannel()
        let views = await leader.systemViews(
            version, session: record, user: currentUser, settings: settings, searchPath: searchPath(version.catalog),
            temporarySchema: temporarySchema)
        let driver = QueryDriver(
            leader: leader, nodes: leader.nodes, plan: plan, opening: opening, virtualTables: views, results: results,
            control: run.control, loads: loads, unloads: unloads, sketches: sketches, encodings: encodings)
        return PlanExecution(
            number: number, driver: driver, results: results, control: run.control, explain: plan.explain,
            text: run.text,
            startTime: run.startTime, planningNs: planningNs, permits: leader.permitCount,
            timeoutMs: settings.statementTimeoutMs)
    }

    private func evaluation(
        _ run: StatementRun, _ number: Int64, _ version: DatabaseVersion
    ) -> EvaluationContext {
        let schemas = searchPath(version.catalog).filter { $0 != temporarySchema }
        let begin = transaction?.startTime ?? run.startTime
        let seed = randomState ?? UInt64(bitPattern: run.startTime) ^ UInt64(bitPattern: number)
        randomState = randomState.map { DistributionHash.hash(Int64(bitPattern: $0)) }
        return EvaluationContext(
            statementStart: run.startTime, transactionStart: begin,
            dateTime: settings.dateTime(transactionStart: begin), user: currentUserName(version.catalog),
            database: record.database,
            schema: schemas.first ?? "",
            version: SessionSettings.version, randomSeed: seed)
    }

    /// A plan without rows for the client, to its end. Throws what ended it early; its trace is kept in any case.
    func complete(_ execution: PlanExecution) async throws(SQLError) -> QueryDriver.Outcome {
        let control = execution.control
        let finished = await withTaskCancellationHandler {
            await execution.run(session: record)
        } onCancel: {
            control.cancel()
        }
        await keep(finished)
        if let error = finished.outcome.error { throw error }
        return finished.outcome
    }

    func keep(_ finished: PlanExecution.Finished) async {
        lastTrace = finished.record.trace
        await leader.remember(finished.record, loadErrors: finished.loadErrors)
    }
}
