import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage

// Our own EXPLAIN ANALYZE: the statement is run, with all that it does, and its plan shown with what was measured.

extension DatabaseSession {
    /// The rows of a query are read and thrown away; what a statement writes is written.
    func explainAnalyze(
        _ explain: ExplainStatement, _ planned: PlannedStatement, _ run: StatementRun, _ version: DatabaseVersion,
        planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        var run = run
        let capture = RecordCapture()
        run.capture = capture
        var result: StatementResult
        var notices: [String] = []
        switch planned {
        case .query(let plan):
            notices = plan.notices
            result = try select(plan, run, version, tag: "SELECT", planningNs: planningNs)
            while try await result.next() != nil {}
        case .insert(let plan, _), .delete(let plan, _), .update(let plan, _), .createTableAs(_, let plan):
            notices = plan.notices
            result = try await write(explain.statement, planned, run, version, planningNs: planningNs)
        case .alreadyExists(let notice):
            return StatementResult(
                tag: "EXPLAIN", column: "QUERY PLAN", lines: [], notices: [Notice(.info, notice)])
        default: throw SQLError.internalError("EXPLAIN ANALYZE of a statement without a plan")
        }
        guard let whole = capture.record else {
            throw SQLError.internalError("a statement that ran has left no trace")
        }
        lastTrace = whole.trace
        let record = seesPolicies(version) ? whole : whole.withoutGuardedSteps
        guard let plan = record.explain else { throw SQLError.internalError("a plan that ran has no tree") }
        let command = result.returnsRows ? "SELECT \(record.trace.resultRows)" : result.tag
        let analysis = QueryAnalysis(
            record.trace, of: plan, streams: record.streams, command: command, notices: notices)
        let lines = explain.format == .json ? [analysis.json] : analysis.lines(showsSlices: explain.isVerbose)
        return StatementResult(tag: "EXPLAIN", column: "QUERY PLAN", lines: lines, notices: result.notices)
    }

    /// Whether the current user may be told what row-level security guards: superusers, and who holds EXPLAIN RLS.
    func seesPolicies(_ version: DatabaseVersion) -> Bool {
        version.catalog.rights(of: currentUser)?.holds(.explainRLS) ?? true
    }
}
