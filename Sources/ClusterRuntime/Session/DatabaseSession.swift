import Catalog
import Planner
package import QueryPlan
package import SQLSyntax
package import SQLTypes
import Storage
import VectorEngine

/// One client's session on the leader: its settings, its transaction, and the result that it is reading.
///
///     execute(text)
///         parseStatements                      SQLSyntax
///         for each statement
///             utility: SET, SHOW, BEGIN, …     here
///             Planner.plan                     names resolved in the session's version of the catalog
///             lock tables that are written     one writer each
///             QueryDriver.run                  streams of segments on the nodes
///             commit, or keep for COMMIT
///
/// Statements of a session run one after the other, in the order of the calls. The next statement ends a result that is
/// still being read.
package actor DatabaseSession {
    package nonisolated let activity: SessionActivity
    package nonisolated var record: SessionRecord { activity.record }
    nonisolated let leader: Leader
    var settings: SessionSettings
    var transaction: Transaction?
    var prepared: [String: PreparedStatement] = [:]
    /// What blocks are that do not say it: SET SESSION CHARACTERISTICS.
    /// Only in a transaction block.
    var cursor: Cursor?
    /// After SET SEED: where the next statement's random numbers begin.
    var randomState: UInt64?
    /// What the block, or the statement if there is none, has read.
    var access = SerializationGraph.Access()
    /// Trace of the last statement that ran a plan.
    package internal(set) var lastTrace: QueryTrace?
    /// What the last ASSERT found.
    package internal(set) var lastAssertion: AssertionReport?
    /// Whose rows are still being read; more than one only if the client asks for it.
    private var open: [RunningQuery] = []
    /// Outside of a block: what the statement that runs is numbered as, until something takes the number.
    var ownTransaction: Int64?
    /// The statement that runs is in the log already, as the plan that it ran.
    var isLogged = false
    /// Microseconds that it has waited for tables.
    var lockTime: Int64 = 0
    /// What pg_last_query_id() and its relatives say.
    var lastRuns = SessionHistory()
    /// As the client has been told last.
    var reported: [String: String] = [:]
    private var isBusy = false
    /// Counts turns, so that a timer sees whether the session has been idle all the while.
    private var turns: Int64 = 0
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    private init(leader: Leader, activity: SessionActivity, settings: SessionSettings) {
        self.leader = leader
        self.activity = activity
        self.settings = settings
    }

    /// A session of the cluster's master user, in its first database.
    package static func open(on leader: Leader) -> DatabaseSession {
        let user = leader.master
        let identity = SessionIdentity(user: user.name, database: leader.configuration.databaseName)
        return make(leader, leader.sessions.add(identity, as: user.id), SessionSettings(of: user))
    }

    /// - Throws: why the user cannot log in, as `Leader.login` does; what is wrong with a setting that the session begins
    ///   with.
    package static func open(on leader: Leader, _ identity: SessionIdentity) throws(SQLError) -> DatabaseSession {
        let user = try leader.login(user: identity.user, database: identity.database)
        let settings = try SessionSettings(of: user, startingWith: identity)
        let activity = try leader.sessions.add(identity, as: user)
        // From here on nobody drops the database; before, somebody may have.
        guard leader.databases.contains(where: { $0.name == identity.database }) else {
            leader.sessions.remove(activity.record.process)
            throw SQLError(.invalidCatalogName, "database \"\(identity.database)\" does not exist")
        }
        return make(leader, activity, settings)
    }

    private static func make(
        _ leader: Leader, _ activity: SessionActivity, _ settings: SessionSettings
    ) -> DatabaseSession {
        let session = DatabaseSession(leader: leader, activity: activity, settings: settings)
        activity.note(settings)
        activity.onEnd(of: .session) { [weak session] _ in Task { await session?.rollBackAtEnd() } }
        return session
    }

    /// Runs the statements of a text; the result is the last one's, notices are those of all.
    /// - Parameter progress: told how far a COPY is, about once per batch, on slices' threads.
    package func execute(
        _ text: String, parameters: [SQLParameter] = [], progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil
    ) async throws(SQLError) -> StatementResult {
        try await inTurn { () async throws(SQLError) -> StatementResult in
            var last = StatementResult(tag: "")
            var notices: [Notice] = []
            for statement in try self.parse(text) {
                last = try await self.execute(
                    statement.statement, StatementRun(statement, of: text, parameters, progress: progress))
                notices += last.notices
            }
            return last.with(notices: notices)
        }
    }

    /// Runs one statement that is parsed already; `text` is what it stood in.
    package func executeOne(
        _ statement: ParsedStatement, of text: String, parameters: [SQLParameter] = [],
        progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil
    ) async throws(SQLError) -> StatementResult {
        try await inTurn { () async throws(SQLError) -> StatementResult in
            try await self.execute(
                statement.statement, StatementRun(statement, of: text, parameters, progress: progress))
        }
    }

    /// Ends the statement that is running, and the result that is being read. From anywhere, at any time.
    package nonisolated func cancel() { activity.cancel() }

    /// Called once when something else than the client ends the session: pg_terminate_backend, an idle timeout. Whoever
    /// serves the client tells it the error, and closes the session.
    package nonisolated func onTermination(_ action: @escaping @Sendable (SQLError) -> Void) {
        activity.onEnd(of: .client, action)
    }

    /// Rolls back what is not committed.
    package func close() async {
        activity.cancel()
        do throws(SQLError) {
            try await inTurn { () async throws(SQLError) -> Void in
                if let transaction = self.transaction { await self.rollBack(transaction) }
                self.isClosed = true
                try await self.dropTemporaries()
            }
        } catch  where error.state != .objectNotInPrerequisiteState {
            // Nobody is left in this session who could be told.
            leader.tell(
                Notice(
                    .warning, "temporary tables of session \(record.process) were not dropped",
                    detail: "\(error.message). The next start of the cluster drops them."))
        } catch {}
        leader.sessions.remove(record.process)
    }

    /// The session was ended from outside: what it holds must not wait for its client to notice.
    private func rollBackAtEnd() async {
        guard !isClosed else { return }
        try? await inTurn { () async throws(SQLError) -> Void in
            if let transaction = self.transaction { await self.rollBack(transaction) }
        }
    }

    package var isInTransaction: Bool { transaction != nil }
    package var hasFailedTransaction: Bool { transaction?.hasFailed ?? false }
    package var transactionStatus: TransactionStatus {
        guard let transaction else { return .idle }
        return transaction.hasFailed ? .failed : .inBlock
    }

    // MARK: One at a time

    /// - Parameter keepingOpenResults: what is being read goes on.
    func inTurn<T: Sendable>(
        keepingOpenResults: Bool = false, _ body: () async throws(SQLError) -> T
    ) async throws(SQLError) -> T {
        if isBusy {
            await withCheckedContinuation { queue.append($0) }
        }
        isBusy = true
        turns += 1
        defer {
            if queue.isEmpty {
                isBusy = false
                watchIdleness()
            } else {
                queue.removeFirst().resume()
            }
        }
        guard !isClosed else { throw SQLError(.objectNotInPrerequisiteState, "the session is closed") }
        if !keepingOpenResults { await closeOpenResults() }
        return try await body()
    }

    // MARK: Idle

    /// Ends the session if its client leaves it idle for longer than it may.
    private func watchIdleness() {
        let isInBlock = transaction != nil
        let limit = isInBlock ? settings.idleInTransactionTimeoutMs : settings.idleTimeoutMs
        guard limit > 0, !isClosed else { return }
        let turn = turns
        Task { [weak self] in
            guard (try? await Task.sleep(for: .milliseconds(limit))) != nil else { return }
            await self?.endIfIdle(since: turn, isInBlock: isInBlock)
        }
    }

    private func endIfIdle(since turn: Int64, isInBlock: Bool) {
        guard turn == turns, !isBusy, !isClosed else { return }
        // A client that still reads rows is slow, not idle.
        guard open.allSatisfy({ $0.isOver }) else { return watchIdleness() }
        activity.terminate(isInBlock ? .idleInTransaction : .idleSession)
    }

    func closeOpenResults() async {
        let ending = open
        open = []
        for query in ending { await query.close() }
    }

    func parse(_ text: String) throws(SQLError) -> [ParsedStatement] {
        do throws(SQLError) {
            return try parseStatements(text)
        } catch {
            transaction?.hasFailed = true
            throw error
        }
    }

    func execute(_ statement: Statement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        if transaction?.hasFailed == true, !statement.endsTransaction { throw .inFailedTransaction }
        open.removeAll { $0.isOver }
        var run = run
        try activity.begin(run.text, run.control, startTime: run.startTime, beside: open)
        run.timer = StatementTimer(milliseconds: settings.statementTimeoutMs, run.control)
        if transaction == nil { access = SerializationGraph.Access() }
        run.type = type(of: statement)
        run.transaction = transaction?.number ?? leader.nextTransaction()
        ownTransaction = transaction == nil ? run.transaction : nil
        if !run.type.isQuery { run.number = leader.nextQuery() }
        isLogged = false
        lockTime = 0
        do throws(SQLError) {
            let result = try await self.run(statement, run)
            if let query = result.query { open.append(query) } else { finish(run) }
            if !run.type.isQuery { log(run) }
            let uppercase = settings.isOn("describe_field_name_in_uppercase")
            var shown = uppercase ? result.inUppercase() : result
            let untold = leader.storage.repairs.takeUntold().map(\.notice) + leader.takeUntold()
            shown = shown.with(notices: (shown.notices + untold).filter(settings.shows))
            return shown.showing(settings, transactionStart: run.startTime, changes: takeChangedParameters())
        } catch {
            transaction?.hasFailed = true
            finish(run)
            if !isLogged { log(run, error) }
            throw error
        }
    }

    private func finish(_ run: StatementRun) {
        run.timer?.stop()
        activity.finish(run.control)
        let entry = transaction.map { SessionActivity.TransactionEntry(number: $0.number, startTime: $0.startTime) }
        activity.note(transaction: entry)
    }
}

/// A statement on its way through the session.
struct StatementRun: Sendable {
    var text: String
    var parameters: [SQLParameter] = []
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    var startTime = Platform.timestampNow
    var type = QueryType.utility
    /// The transaction (xid) that it is part of, or is.
    var transaction: Int64 = 0
    /// In the log; nil: that of the plan that it runs.
    var number: Int64?
    var control = QueryControl()
    var timer: StatementTimer?
    /// Made when the statement was prepared.
    var plan: ReusablePlan?
    /// Told how far a COPY is.
    var progress: (@Sendable (LoadMeter.Figures) -> Void)?
    /// Takes the record of what the statement runs: EXPLAIN ANALYZE.
    var capture: RecordCapture?
    /// The query of a cursor: what is wrong with its rows is told when they are fetched.
    var isCursor = false
}

extension StatementRun {
    init(
        _ statement: ParsedStatement, of text: String, _ parameters: [SQLParameter] = [],
        progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil
    ) {
        self.init(text: statement.text(in: text), parameters: parameters, progress: progress)
    }
}

struct PreparedStatement: Sendable {
    var statement: Statement
    var types: [SQLType]
    var text: String
}

extension Statement {
    var endsTransaction: Bool {
        switch self {
        case .transaction(.commit), .transaction(.rollback): true
        default: false
        }
    }
}
