import Catalog
import Execution
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import SystemTables
import VectorEngine

// From a statement to what does it.

extension DatabaseSession {
    func run(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        switch statement {
        case .transaction(let transaction): return try await execute(transaction)
        case .set(let set): return try execute(set)
        case .reset(let name): return try executeReset(name)
        case .deallocate(let name): return try executeDeallocate(name)
        case .setAuthorization(let name, let isLocal): return try execute(authorization: name, isLocal: isLocal)
        case _ where run.plan != nil || statement.isPlannedQuickly: break
        default: await executor?.stepAside()
        }
        switch statement {
        case .show(.list): break
        case .show(.distribution(let table)): return try await showDistribution(of: table, run)
        case .show(let show): return try execute(show, run)
        case .cursor(let cursor): return try await execute(cursor, run)
        case .prepare(let prepare): return try execute(prepare, run)
        case .execute(let execute): return try await self.execute(execute, run)
        case .explain(let explain):
            if case .execute(let execute) = explain.statement { return try await self.explain(execute, explain, run) }
        case .lock(let lock): return try await execute(lock, run)
        case .assert(let assertion): return try await execute(assertion, run)
        case .alterDatabase(let alter): return try await execute(alter, run)
        case .createDatabase(let create): return try await execute(create, run)
        case .dropDatabase(let name): return try await dropDatabase(name, run)
        case .discardAll: return try await discardAll()
        case .cancel(let process, let message): return try cancel(process, message: message)
        default: break
        }
        return try await runPlanned(statement, run)
    }

    private func runPlanned(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let begin = monotonicNs()
        let version = takeVersion()
        var run = run
        let ready: ReusablePlan
        if let made = reusable(run, version) {
            ready = made
            run.reusesPlan = true
        } else {
            ready = try planAnew(statement, run, version)
        }
        let (planned, facts) = (ready.planned, ready.facts)
        let planningNs = Int64(clamping: monotonicNs() - begin)
        switch planned {
        case .query(let plan):
            // Some SHOW statements are queries, too.
            let tag = if case .show = statement { "SHOW" } else { "SELECT" }
            if let whole = wholePlan(facts, run, version) {
                return try await select(
                    plan, whole: whole, run, version, facts: facts, tag: tag, planningNs: planningNs)
            }
            return try select(plan, run, version, facts: facts, tag: tag, planningNs: planningNs)
        case .unload(let plan, let statement):
            return try await unload(plan, statement, run, version, planningNs: planningNs)
        case .explain(let plan, let isVerbose):
            return StatementResult(
                tag: "EXPLAIN", column: "QUERY PLAN", lines: isVerbose ? plan.verboseLines : plan.explainLines)
        case .explainAnalyze(let planned):
            guard case .explain(let explain) = statement else {
                throw SQLError.internalError("EXPLAIN ANALYZE of no EXPLAIN")
            }
            return try await explainAnalyze(explain, planned, run, version, planningNs: planningNs)
        case .alreadyExists(let notice):
            return StatementResult(tag: "CREATE", notices: [Notice(.info, notice)])
        case .analyzeCompression(let targets, let sampleRows):
            guard transaction == nil else {
                throw SQLError(.activeTransaction, "ANALYZE COMPRESSION cannot run inside a transaction block")
            }
            return try await analyzeCompression(targets, sampleRows: sampleRows, run, version)
        case .unchanged(let tag): return StatementResult(tag: tag)
        case .vacuum(let tables, let statement): return try await vacuum(tables, statement, run)
        case .utility, .assertion, .lock: throw SQLError.internalError("a utility statement reached the planner")
        default: break
        }
        return try await write(statement, planned, run, version, planningNs: planningNs)
    }

    /// The plan that was made before, if it would come out the same now.
    private func reusable(_ run: StatementRun, _ version: DatabaseVersion) -> ReusablePlan? {
        guard let plan = run.plan, let made = plan.surroundings, made == surroundings(version) else { return nil }
        return plan
    }

    private func planAnew(
        _ statement: Statement, _ run: StatementRun, _ version: DatabaseVersion
    ) throws(SQLError) -> ReusablePlan {
        guard let source = run.source, case .query = source.statement.statement, run.parameters.isEmpty,
            let surroundings = surroundings(version)
        else { return ReusablePlan(planned: try plan(statement, run, version)) }
        var context = planningContext(run, version)
        let clock = ClockUse()
        context.clockUse = clock
        let made = ReusablePlan(planned: try Planner(context: context).plan(statement), surroundings: surroundings)
        if !clock.wasRead {
            leader.plans.add(
                source.text, PlanCache.Entry(statement: source.statement, shownText: run.text, plan: made))
        }
        return made
    }

    /// What a statement sees that begins now: in a block its snapshot, but with the rights and policies of this moment, so
    /// that what was revoked is revoked for it, too.
    func takeVersion() -> DatabaseVersion {
        guard var block = transaction else { return current }
        let now = current
        var version = block.version ?? now
        if block.version == nil {
            follow(block.number, version)
            block.snapshot = version
        } else if block.accessVersion != now.catalog.accessVersion {
            version.takeAccess(of: now, with: block.changes)
        }
        block.accessVersion = now.catalog.accessVersion
        block.version = version
        transaction = block
        return version
    }

    func plan(
        _ statement: Statement, _ run: StatementRun, _ version: DatabaseVersion
    ) throws(SQLError) -> PlannedStatement {
        try Planner(context: planningContext(run, version)).plan(statement)
    }

    func planningContext(_ run: StatementRun, _ version: DatabaseVersion) -> PlanningContext {
        contextMaker(run, version)()
    }

    /// For whoever may never need the context.
    func contextMaker(_ run: StatementRun, _ version: DatabaseVersion) -> @Sendable () -> PlanningContext {
        let begin = transaction?.startTime ?? run.startTime
        let (user, searchPath, dateTime) = (currentUser, searchPath(version), dateTime(transactionStart: begin))
        return { [self] in
            var context = PlanningContext(
                catalog: version.catalog, functions: leader.functions, virtualTables: SystemViews.directory,
                shape: leader.shape, database: record.database,
                user: version.catalog.principals.users[user]?.name ?? record.user, userID: user,
                sessionUserID: record.userID, searchPath: searchPath, temporarySchema: temporarySchema,
                parameters: run.parameters.map { PlanningContext.Parameter($0.value, $0.type) },
                clock: PlanningContext.Clock(statementStart: run.startTime, transactionStart: begin),
                dateTime: dateTime)
            context.interruption = { [control = run.control] () throws(SQLError) in try control.check() }
            return context
        }
    }

    /// The transaction block of that number, if it is still open, can only be rolled back.
    private func fail(_ block: Int64?) {
        if block != nil, transaction?.number == block { transaction?.hasFailed = true }
    }

    /// A query whose rows go to the client.
    func select(
        _ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion, facts: PlanFacts? = nil, tag: String,
        planningNs: Int64
    ) throws(SQLError) -> StatementResult {
        let facts = facts ?? PlanFacts(plan)
        if let row = facts.constantRow, !run.isCursor {
            try answer(row, plan, facts, run, planningNs: planningNs)
            return StatementResult(tag: tag, columns: plan.output, source: .rows([row]))
        }
        let execution = prepare(plan, run, version, facts: facts, planningNs: planningNs)
        if let segment = facts.immediate, !run.isCursor {
            let rows = try runAtOnce(segment, execution)
            return StatementResult(tag: tag, columns: plan.output, source: .rows(rows))
        }
        let block = run.isCursor ? nil : transaction?.number
        let (timer, activity) = (run.timer, activity)
        let client = ClientPause(leader.workload, activity, text: run.text, startTime: run.startTime)
        let driving = Task.immediate(executorPreference: SliceThreads.shared) { [self] in
            let finished = await execution.run(session: record)
            timer?.stop()
            keep(finished)
            // The client learns of an error only when it reads on: its block must have failed by then. While it rests,
            // the block goes on: it fails when the client asks for more rows.
            if finished.outcome.error != nil, !execution.results.isAbandoned, !client.isPaused { fail(block) }
            execution.finishResults(finished)
            activity.finish(execution.control)
        }
        let query = RunningQuery(
            number: execution.number, channel: execution.results, control: run.control, timer: timer, client: client,
            driving: driving)
        return StatementResult(tag: tag, columns: plan.output, source: .query(query))
    }

    /// The row was there before the query came: what is left is to tell of it.
    private func answer(
        _ row: Batch, _ plan: QueryPlan, _ facts: PlanFacts, _ run: StatementRun, planningNs: Int64
    ) throws(SQLError) {
        let startNs = monotonicNs()
        try run.control.check()
        var trace = QueryTrace(
            query: leader.nextQuery(), text: run.text, shape: leader.shape, permits: leader.permitCount)
        trace.planningNs = planningNs
        trace.resultRows = 1
        var slice = facts.constantSlice
        slice.endNs = Int64(clamping: monotonicNs() - startNs)
        slice.runNs = slice.endNs
        trace.elapsedNs = slice.endNs
        trace.slices = [slice]
        lastTrace = trace
        var entry = QueryRecord(
            trace: trace, explain: plan.explain, session: record.process, user: record.user, userID: record.userID,
            database: record.database, startTime: run.startTime, endTime: Platform.timestampNow, error: nil,
            streams: [0], transaction: run.transaction, label: digest.queryGroup, queryType: run.type)
        entry.reusesPlan = run.reusesPlan
        entry.sumUpRun()
        isLogged = true
        run.capture?.take(entry)
        leader.queryLog.add(entry)
    }

    /// A segment that takes no longer than it would take to hand it to the leader's slice.
    private func runAtOnce(_ segment: Segment, _ execution: PlanExecution) throws(SQLError) -> [Batch] {
        let finished = execution.runAtOnce(segment, memory: leader.memory, session: record)
        keep(finished)
        if let error = finished.outcome.error { throw error }
        return execution.results.takeAll()
    }
}
