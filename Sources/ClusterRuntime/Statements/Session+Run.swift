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
        case .show(let show): return try execute(show)
        case .reset(let name): return try executeReset(name)
        case .prepare(let prepare): return try execute(prepare, run)
        case .execute(let execute): return try await self.execute(execute, run)
        case .deallocate(let name): return try executeDeallocate(name)
        case .lock(let lock): return try await execute(lock, run)
        case .alterDatabase(let alter): return try await execute(alter, run)
        case .analyzeCompression: return try refuse("ANALYZE COMPRESSION")
        default: break
        }
        return try await runPlanned(statement, run)
    }

    private func refuse(_ feature: String) throws(SQLError) -> StatementResult {
        throw SQLError.unsupported(feature)
    }

    private func runPlanned(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let clock = ContinuousClock()
        let begin = clock.now
        let version = takeVersion()
        let planned = try plan(statement, run, version)
        let planningNs = (clock.now - begin).nanoseconds
        switch planned {
        case .query(let plan): return try await select(plan, run, version, planningNs: planningNs)
        case .unload(let plan, let statement):
            return try await unload(plan, statement, run, version, planningNs: planningNs)
        case .explain(let plan, let isVerbose):
            if isVerbose { throw SQLError.unsupported("EXPLAIN VERBOSE") }
            return StatementResult(tag: "EXPLAIN", column: "QUERY PLAN", lines: plan.explainLines)
        case .explainAnalyze: throw SQLError.unsupported("EXPLAIN ANALYZE")
        case .alreadyExists(let notice):
            return StatementResult(tag: "CREATE", notices: [Notice(.info, notice)])
        case .vacuum(let tables, let statement): return try await vacuum(tables, statement, run)
        case .utility, .lock: throw SQLError.internalError("a utility statement reached the planner")
        default: break
        }
        return try await write(statement, planned, run, version, planningNs: planningNs)
    }

    /// What a statement sees that begins now.
    func takeVersion() -> DatabaseVersion {
        guard var block = transaction else { return leader.storage.current }
        let version = block.version ?? leader.storage.current
        if block.version == nil { follow(block.number, version) }
        block.version = version
        transaction = block
        return version
    }

    func plan(
        _ statement: Statement, _ run: StatementRun, _ version: DatabaseVersion
    ) throws(SQLError) -> PlannedStatement {
        let context = PlanningContext(
            catalog: version.catalog, functions: leader.functions, virtualTables: SystemViews.definitions,
            shape: leader.shape, searchPath: settings.searchPath(user: record.user, schemas: version.catalog.schemas),
            parameters: run.parameters.map { PlanningContext.Parameter($0.value, $0.type) },
            clock: PlanningContext.Clock(
                statementStart: run.startTime, transactionStart: transaction?.startTime ?? run.startTime))
        return try Planner(context: context).plan(statement)
    }

    /// A query whose rows go to the client.
    private func select(
        _ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion, planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        let execution = await prepare(plan, run, version, planningNs: planningNs)
        let driving = Task { [self] in
            let finished = await execution.run(session: record)
            await keep(finished)
            execution.finishResults(finished)
        }
        let query = RunningQuery(
            number: execution.number, channel: execution.results, control: run.control, driving: driving)
        return StatementResult(tag: "SELECT", columns: plan.output, source: .query(query))
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
