import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// ASSERT: names and rights are the planner's; what holds is read off the catalog, the plan, and the trace of a run.
//
//     ASSERT SKEW, DISTSTYLE          the version's row groups, the catalog
//     ASSERT NO VALUE                 a query of its own
//     ASSERT QUERY … JOINS, WITHOUT   the plan: nothing runs
//     ASSERT QUERY … MOVES, SKIPS     the trace of one run
//     ASSERT QUERY … SAME             runs here and on clusters of other shapes (ShapeReplica)

extension DatabaseSession {
    func execute(_ statement: AssertStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let version = takeVersion()
        guard case .assertion(let assertion) = try plan(.assert(statement), run, version) else {
            throw SQLError.internalError("an assertion was not planned as one")
        }
        let findings = try await findings(of: assertion, run, version)
        let report = AssertionReport(Printer.print(.assert(statement)), findings)
        lastAssertion = report
        if let error = report.error { throw error }
        return StatementResult(tag: "ASSERT")
    }

    private func findings(
        of assertion: PlannedAssertion, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> [AssertionReport.Finding] {
        switch assertion {
        case .skew(let table, let limit): return [try await skew(of: table, atMost: limit, run, version)]
        case .noValue(let table, let column, let percent):
            return [try await mostFrequent(table, column, abovePercent: percent, run, version)]
        case .style(let table, let style, let isEffective):
            return [table.finding(style: style, isEffective: isEffective)]
        case .copyUsesEverySlice(let table): return [await copyUse(of: table)]
        case .query(let plan, let query, let claims):
            return try await findings(of: plan, query, claims, run, version)
        }
    }

    // MARK: Runs

    /// Starts a plan whose rows are read here instead of by the client.
    func begin(_ plan: QueryPlan, _ run: StatementRun, _ version: DatabaseVersion) async -> MeasuredRun {
        MeasuredRun(prepare(plan, run, version, planningNs: 0), session: record)
    }

    /// Waits until nothing of it runs any more, and keeps its trace.
    func end(_ run: MeasuredRun) async throws(SQLError) -> QueryTrace {
        let finished = await run.finished
        keep(finished)
        if let error = finished.outcome.error { throw error }
        return finished.record.trace
    }

    /// All rows of a query of the engine's own, written as SQL.
    func rows(
        _ sql: String, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> [[SQLValue]] {
        guard case .query(let plan) = try self.plan(try parseStatement(sql).statement, run, version) else {
            throw SQLError.internalError("a query was not planned as one")
        }
        var rows = ResultRows(columns: plan.output, in: leader.memory)
        let running = await begin(plan, run, version)
        while let batch = try await running.next() { try rows.append(batch) }
        _ = try await end(running)
        return rows.rows
    }
}

/// A plan that runs for an assertion. Its rows are read to their end, or it is abandoned; then its session ends it.
struct MeasuredRun: Sendable {
    private let execution: PlanExecution
    private let driving: Task<PlanExecution.Finished, Never>

    init(_ execution: PlanExecution, session: SessionRecord) {
        self.execution = execution
        driving = Task {
            let finished = await execution.run(session: session)
            execution.finishResults(finished)
            return finished
        }
    }

    /// The next rows; nil after the last. Cancelling the task that waits cancels the query.
    func next() async throws(SQLError) -> Batch? {
        let (results, control) = (execution.results, execution.control)
        let result = await withTaskCancellationHandler { () async -> Result<Batch?, SQLError> in
            do throws(SQLError) {
                return .success(try await results.next())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            control.cancel()
        }
        return try result.get()
    }

    /// Rows that are left are not wanted.
    func abandon() { execution.results.abandon() }

    var finished: PlanExecution.Finished {
        get async { await driving.value }
    }
}

extension TableDefinition {
    /// `public.sales`, in quotes where a name needs them: for SQL of the engine's own.
    var sqlName: String { "\(Printer.print(Identifier(name.schema))).\(Printer.print(Identifier(name.name)))" }

    /// What a person would type: the schema only where it is not `public`.
    var shortSQLName: String { name.schema == "public" ? Printer.print(Identifier(name.name)) : sqlName }

    func sqlName(ofColumn column: Int) -> String { Printer.print(Identifier(columns[column].name)) }
}

extension SQLValue {
    /// As SQL writes it: in quotes unless it is a number, a boolean or NULL.
    func literalText(as type: SQLType) -> String {
        if isNull { return "NULL" }
        let text = String(decoding: text(as: type), as: UTF8.self)
        guard !type.isNumeric, type != .boolean else { return text }
        let shown = text.count > 60 ? text.prefix(57) + "..." : text[...]
        return "'\(shown.replacing("'", with: "''"))'"
    }
}
