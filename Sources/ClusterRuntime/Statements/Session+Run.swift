import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import SystemTables

// From a statement to what does it.

extension DatabaseSession {
    func run(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        switch statement {
        case .transaction(let transaction): return try await execute(transaction)
        case .set(let set): return try execute(set)
        case .show(.list): break
        case .show(.distribution(let table)): return try await showDistribution(of: table, run)
        case .show(let show): return try execute(show, run)
        case .cursor(let cursor): return try await execute(cursor, run)
        case .reset(let name): return try executeReset(name)
        case .prepare(let prepare): return try execute(prepare, run)
        case .execute(let execute): return try await self.execute(execute, run)
        case .deallocate(let name): return try executeDeallocate(name)
        case .explain(let explain):
            if case .execute(let execute) = explain.statement { return try await self.explain(execute, explain, run) }
        case .setAuthorization(let name, let isLocal): return try execute(authorization: name, isLocal: isLocal)
        case .lock(let lock): return try await execute(lock, run)
        case .assert(let assertion): return try await execute(assertion, run)
        case .alterDatabase(let alter): return try await execute(alter)
        case .createDatabase(let create): return try await execute(create)
        case .dropDatabase(let name): return try await dropDatabase(name)
        case .discardAll: return try await discardAll()
        case .cancel(let process, let message): return try cancel(process, message: message)
        default: break
        }
        return try await runPlanned(statement, run)
    }

    private func runPlanned(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let clock = ContinuousClock()
        let begin = clock.now
        let version = takeVersion()
        let planned: PlannedStatement
        if let ready = reusable(run, version) { planned = ready } else { planned = try plan(statement, run, version) }
        let planningNs = (clock.now - begin).nanoseconds
        switch planned {
        case .query(let plan):
            // Some SHOW statements are queries, too.
            let tag = if case .show = statement { "SHOW" } else { "SELECT" }
            return try await select(plan, run, version, tag: tag, planningNs: planningNs)
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

    /// The plan that was made when the statement was prepared, if it would come out the same now.
    private func reusable(_ run: StatementRun, _ version: DatabaseVersion) -> PlannedStatement? {
        guard let plan = run.plan, plan.surroundings == surroundings(version) else { return nil }
        return plan.planned
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

    func searchPath(_ catalog: CatalogSnapshot) -> [String] {
        settings.searchPath(user: currentUserName(catalog), temporarySchema: temporarySchema, schemas: catalog.schemas)
    }

    func plan(
        _ statement: Statement, _ run: StatementRun, _ version: DatabaseVersion
    ) throws(SQLError) -> PlannedStatement {
        try Planner(context: planningContext(run, version)).plan(statement)
    }

    func planningContext(_ run: StatementRun, _ version: DatabaseVersion) -> PlanningContext {
        let begin = transaction?.startTime ?? run.startTime
        return PlanningContext(
            catalog: version.catalog, functions: leader.functions, virtualTables: SystemViews.directory,
            shape: leader.shape, database: record.database,
            user: currentUserName(version.catalog), userID: currentUser, sessionUserID: record.userID,
            searchPath: searchPath(version.catalog), temporarySchema: temporarySchema,
            parameters: run.parameters.map { PlanningContext.Parameter($0.value, $0.type) },
            clock: PlanningContext.Clock(statementStart: run.startTime, transactionStart: begin),
            dateTime: settings.dateTime(transactionStart: begin))
    }

    /// The transaction block of that number, if it is still open, can only be rolled back.
    private func fail(_ block: Int64?) {
        if block != nil, transaction?.number == block { transaction?.hasFailed = true }
    }

    /// A query whose rows go to the client.
    func select(
        _ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion, tag: String, planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        let execution = await prepare(plan, run, version, planningNs: planningNs)
        let block = run.isCursor ? nil : transaction?.number
        let (timer, activity) = (run.timer, activity)
        let driving = Task { [self] in
            let finished = await execution.run(session: record)
            timer?.stop()
            await keep(finished)
            // The client learns of an error only when it reads on: its block must have failed by then.
            if finished.outcome.error != nil, !execution.results.isAbandoned { fail(block) }
            execution.finishResults(finished)
            activity.finish(execution.control)
        }
        let query = RunningQuery(
            number: execution.number, channel: execution.results, control: run.control, timer: timer, driving: driving)
        return StatementResult(tag: tag, columns: plan.output, source: .query(query))
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
