import QueryPlan
import SQLSyntax
import SQLTypes

// What goes into the log of statements besides the plans that run.

extension DatabaseSession {
    /// A statement that has ended without a plan of its own: DDL, a utility, or a query that could not be planned.
    func log(_ run: StatementRun, _ error: SQLError? = nil) {
        let number = run.number ?? leader.nextQuery()
        let trace = QueryTrace(query: number, text: run.text, shape: leader.shape, permits: leader.permitCount)
        var entry = QueryRecord(
            trace: trace, explain: nil, session: record.process, user: record.user, userID: record.userID,
            database: record.database, startTime: run.startTime, endTime: Platform.timestampNow, error: error,
            streams: [], transaction: run.transaction, label: settings["query_group"] ?? "", queryType: run.type)
        entry.lockTime = lockTime
        leader.queryLog.add(entry)
    }

    /// A prepared statement is what it was prepared as; EXPLAIN ANALYZE runs what it explains.
    func type(of statement: Statement) -> QueryType {
        if case .explain(let explain) = statement, explain.isAnalyze { return type(of: explain.statement) }
        guard case .execute(let execute) = statement else { return statement.queryType }
        return prepared[execute.name.name]?.statement.queryType ?? .utility
    }
}

extension Statement {
    /// - Source: Redshift developer guide, "STL_DDLTEXT", "STL_UTILITYTEXT", "SYS_QUERY_HISTORY".
    var queryType: QueryType {
        switch self {
        case .query(let query): query.makesTable ? .ctas : .select
        case .cursor(.declare): .select
        case .insert: .insert
        case .update: .update
        case .delete: .delete
        case .copy: .copy
        case .unload: .unload
        case .createTableAs: .ctas
        case .createTable, .createView, .createSchema, .alterSchema, .drop, .alterTable: .ddl
        case .comment, .truncate, .analyze, .analyzeCompression, .vacuum, .explain, .transaction, .set, .show, .reset,
            .discardAll, .cursor, .cancel, .prepare, .execute, .deallocate, .lock, .createDatabase, .alterDatabase,
            .dropDatabase, .principal, .grant, .policy, .alterDefaultPrivileges, .setAuthorization, .assert,
            .statistics:
            .utility
        }
    }
}

extension Query {
    /// SELECT … INTO.
    fileprivate var makesTable: Bool {
        if case .select(let select) = body { select.into != nil } else { false }
    }
}
