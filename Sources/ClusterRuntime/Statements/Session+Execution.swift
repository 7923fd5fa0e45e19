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
    let facts: PlanFacts
    let driver: QueryDriver
    let results: ResultChannel
    let control: QueryControl
    let explain: ExplainNode
    let text: String
    let startTime: Int64
    let planningNs: Int64
    let permits: Int
    let services: StatementServices
    let capture: RecordCapture?
    let transaction: Int64
    /// `query_group`.
    let label: String
    let type: QueryType
    let isPart: Bool
    let lockTime: Int64
    let reusesPlan: Bool
    let isUnlogged: Bool
    let running: RunningPlans
    let workload: WorkloadManager
    /// nil: the plan needs no slot: it does not leave the leader, or waits for its client in the middle of it.
    let request: WorkloadQueues.Request?

    struct Finished: Sendable {
        var outcome: QueryDriver.Outcome
        var record: QueryRecord
        /// What set_config has made.
        var settings: [StatementServices.Change] = []
        var loadErrors: [LoadErrorRecord] = []
        var alerts: [AlertEvent] = []
        var isLogged = true
    }

    func run(session: SessionRecord) async -> Finished {
        begin(session)
        let (outcome, queue) = await runInQueue()
        end()
        return finished(outcome, queue, session)
    }

    /// Others can see that it runs.
    func begin(_ session: SessionRecord) {
        guard facts.usesNodes else { return }
        running.begin(
            RunningPlans.Entry(
                number: number, text: text, label: label, process: session.process, transaction: transaction,
                startTime: startTime, type: type))
    }

    func end() {
        if facts.usesNodes { running.end(number) }
    }

    /// The plan's one segment, here and now.
    func runAtOnce(_ segment: Segment, memory: NodeMemory, session: SessionRecord) -> Finished {
        var outcome = QueryDriver.Outcome()
        do throws(SQLError) {
            try control.check()
            outcome.slices = [try driver.runAtOnce(segment, facts, memory: memory)]
        } catch {
            outcome.error = error
        }
        return finished(outcome, nil, session)
    }

    func finished(
        _ outcome: QueryDriver.Outcome, _ queue: QueueUse?, _ session: SessionRecord
    ) -> Finished {
        var trace = QueryTrace(query: number, text: text, shape: driver.opening.shape, permits: permits)
        trace.planningNs = planningNs
        trace.elapsedNs = Int64(clamping: monotonicNs()) - Int64(clamping: driver.opening.startNs)
        trace.resultRows = results.rowCount
        trace.deliveries = outcome.deliveries
        trace.slices = outcome.slices.sorted { ($0.segment, $0.slice) < ($1.segment, $1.slice) }
        for slice in trace.slices.indices {
            facts.planNodes.note(in: &trace.slices[slice])
            if driver.loads[trace.slices[slice].segment] != nil { trace.slices[slice].readsFiles() }
        }
        var record = QueryRecord(
            trace: trace, explain: explain, session: session.process, user: session.user,
            userID: session.userID, database: session.database,
            startTime: startTime, endTime: Platform.timestampNow, error: outcome.error,
            streams: facts.streamNumbers,
            transaction: transaction, label: label, queryType: type)
        record.tableNames = tableNames(in: trace)
        record.queue = queue
        record.isPart = isPart
        record.lockTime = lockTime
        record.reusesPlan = reusesPlan
        record.sumUpRun()
        capture?.take(record)
        let source = EventSource(
            user: session.userID, session: session.process, database: session.database, transaction: transaction,
            query: number)
        let alerts = QueryAlerts.of(driver.plan, trace, driver.opening.version, source, time: record.endTime)
        return Finished(
            outcome: outcome, record: record, settings: services.changes, alerts: alerts, isLogged: !isUnlogged)
    }

    private func tableNames(in trace: QueryTrace) -> [TableID: TableName] {
        var names: [TableID: TableName] = [:]
        for slice in trace.slices {
            for case let table? in slice.steps.lazy.map(\.table) where names[table] == nil {
                names[table] = driver.opening.version.definition(of: table)?.name
            }
        }
        return names
    }

    /// In a slot of its queue, if it needs one.
    private func runInQueue() async -> (QueryDriver.Outcome, QueueUse?) {
        guard let request else { return (await driver.run(), nil) }
        var driver = driver
        let (entry, error) = await workload.enter(request, control)
        if let error {
            var outcome = QueryDriver.Outcome()
            outcome.error = error
            return (outcome, QueueUse(entry))
        }
        driver.opening.memoryShare = workload.memoryShare(of: entry)
        let monitor = WorkloadMonitor(
            manager: workload, entry: entry, meter: driver.meter, results: results, control: control)
        let watching = monitor.start()
        let outcome = await driver.run()
        if let watching {
            watching.cancel()
            monitor.finish()
        }
        // It may have gone on in another queue meanwhile.
        return (outcome, QueueUse(workload.leave(request.query) ?? entry))
    }

    /// The client learns that the rows are complete, or why they are not.
    func finishResults(_ finished: Finished) {
        if let error = finished.outcome.error { results.finish(.failure(error)) } else { results.finish(.success(())) }
    }
}

extension DatabaseSession {
    func prepare(
        _ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion, facts: PlanFacts? = nil, planningNs: Int64,
        loads: [Int: LoadOrder] = [:], unloads: [Int: UnloadDestination] = [:],
        sketches: [Int: SketchOrder] = [:], encodings: [Int: EncodingOrder] = [:],
        virtualTables: (any VirtualTableProvider)? = nil, isPart: Bool = false
    ) -> PlanExecution {
        note(reads: plan)
        let isPart = isPart || !run.type.isQuery
        if !isPart { isLogged = true }
        let facts = facts ?? PlanFacts(plan)
        let number = leader.nextQuery()
        let searchPath = searchPath(version)
        let services = services(version, searchPath)
        if facts.usesNodes, !run.isUnlogged { lastRuns.query = number }
        let credit = leader.configuration.credit
        let opening = QueryOpening(
            query: number, shape: leader.shape, routing: leader.routing, version: version,
            routes: facts.routes(of: plan, shape: leader.shape, version: version),
            credit: loads.isEmpty ? credit : credit.ofLoad, sliceOperatorCount: facts.sliceOperatorCount,
            leaderOperatorCount: facts.leaderOperatorCount, evaluation: evaluation(run, version, number, services),
            startNs: monotonicNs())
        let results = ResultChannel()
        let views = leader.systemViews(
            version, session: record, user: currentUser, settings: settings, searchPath: searchPath,
            temporarySchema: temporarySchema, planning: contextMaker(run, version))
        let driver = QueryDriver(
            leader: leader, nodes: leader.nodes, plan: plan, usesNodes: facts.usesNodes, opening: opening,
            virtualTables: virtualTables ?? views, results: results, control: run.control, loads: loads,
            unloads: unloads,
            sketches: sketches, encodings: encodings)
        return PlanExecution(
            number: number, facts: facts, driver: driver, results: results, control: run.control,
            explain: plan.explain, text: run.text, startTime: run.startTime, planningNs: planningNs,
            permits: leader.permitCount, services: services, capture: run.capture,
            transaction: run.transaction, label: digest.queryGroup, type: run.type, isPart: isPart,
            lockTime: lockTime, reusesPlan: run.reusesPlan, isUnlogged: run.isUnlogged, running: leader.running,
            workload: leader.workload, request: request(facts, run, version, number))
    }

    private func evaluation(
        _ run: StatementRun, _ version: DatabaseVersion, _ number: Int64, _ services: StatementServices
    ) -> EvaluationContext {
        let begin = transaction?.startTime ?? run.startTime
        let seed = randomState ?? UInt64(bitPattern: run.startTime) ^ UInt64(bitPattern: number)
        randomState = randomState.map { DistributionHash.hash(Int64(bitPattern: $0)) }
        return EvaluationContext(
            statementStart: run.startTime, transactionStart: begin,
            dateTime: dateTime(transactionStart: begin),
            user: known(for: version)?.userName ?? currentUserName(version.catalog),
            database: record.database,
            schema: services.schemas(includingImplicit: false).first ?? "",
            version: SessionSettings.version, randomSeed: seed, session: services)
    }

    private func request(
        _ facts: PlanFacts, _ run: StatementRun, _ version: DatabaseVersion, _ number: Int64
    ) -> WorkloadQueues.Request? {
        guard !run.isCursor, facts.usesNodes else { return nil }
        let isSuperuser: Bool
        let userGroups: [String]
        if let known = known(for: version) {
            (isSuperuser, userGroups) = (known.isSuperuser, known.userGroups)
        } else {
            let principals = leader.storage.current.catalog.principals
            isSuperuser = self.isSuperuser
            userGroups = principals.groups(of: record.userID).compactMap { principals.groups[$0]?.name }
        }
        return WorkloadQueues.Request(
            query: number, process: record.process, transaction: run.transaction,
            isSuperuser: isSuperuser, userGroups: userGroups, queryGroup: digest.queryGroup, slots: digest.querySlots,
            isShort: facts.isShort)
    }

    private func services(_ version: DatabaseVersion, _ searchPath: [String]) -> StatementServices {
        let known = known(for: version)
        let hasTemporaries =
            known.map { $0.surroundings.values.temporarySchema != nil }
            ?? version.catalog.schemas.contains(temporarySchema)
        return StatementServices(
            record, settings, searchPath: searchPath, temporarySchema: hasTemporaries ? temporarySchema : nil,
            last: lastRuns, isSuperuser: known?.isSuperuser ?? version.catalog.isSuperuser(currentUser),
            userID: currentUser,
            mayCancelOthers: known?.mayCancelOthers ?? version.catalog.rights(of: currentUser)?.holds(.cancel) ?? true,
            sessions: leader.sessions)
    }

    /// A plan without rows for the client, to its end. Throws what ended it early; its trace is kept in any case.
    func complete(_ execution: PlanExecution) async throws(SQLError) -> QueryDriver.Outcome {
        let control = execution.control
        let finished = await withTaskCancellationHandler {
            await execution.run(session: record)
        } onCancel: {
            control.cancel()
        }
        keep(finished)
        if let error = finished.outcome.error { throw error }
        return finished.outcome
    }

    func keep(_ finished: PlanExecution.Finished) {
        for change in finished.settings { take(change) }
        if finished.isLogged {
            lastTrace = finished.record.trace
            leader.events.add(finished.alerts)
            leader.queryLog.add(finished.record)
        }
        if !finished.loadErrors.isEmpty { leader.remember(finished.loadErrors) }
    }
}

extension SliceTrace {
    /// Its source parses files of a COPY.
    fileprivate mutating func readsFiles() {
        if !steps.isEmpty { steps[0].source = .files }
    }
}

extension QueueUse {
    init(_ entry: WorkloadQueues.Entry) {
        self.init(
            serviceClass: entry.serviceClass, slots: entry.slots, queueStart: entry.queueStart, runStart: entry.runStart
        )
    }
}
