import Catalog
import Execution
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
///
/// A session runs where its client's connection does, so that a short statement is answered without a change of thread;
/// whatever may take long steps aside first (`SessionExecutor`).
package actor DatabaseSession {
    /// nil: an executor of the session's own.
    nonisolated let executor: (any SessionExecutor)?
    private nonisolated let ownExecutor: OwnExecutor?
    package nonisolated let unownedExecutor: UnownedSerialExecutor
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
    /// When the last turn ended, by the monotonic clock.
    private var idleSinceNs: UInt64 = 0
    /// Who looks whether the session has been idle for too long, and when.
    private var idleWatch: (task: Task<Void, Never>, deadline: UInt64)?
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false
    var knownDigest: SettingsDigest?
    var knownSurroundings: KnownSurroundings?
    /// Of the settings that the client was told of last.
    var reportedGeneration: Int64 = 0

    private init(
        leader: Leader, activity: SessionActivity, settings: SessionSettings, executor: (any SessionExecutor)?
    ) {
        self.executor = executor
        if let executor {
            ownExecutor = nil
            unownedExecutor = executor.asUnownedSerialExecutor()
        } else {
            let own = OwnExecutor()
            ownExecutor = own
            unownedExecutor = own.unownedExecutor
        }
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
    /// - Parameter executor: where the session runs; the caller keeps what serves the client there, too. nil: on its own.
    package static func open(
        on leader: Leader, _ identity: SessionIdentity, executor: (any SessionExecutor)? = nil
    ) throws(SQLError) -> DatabaseSession {
        let user = try leader.login(user: identity.user, database: identity.database)
        let settings = try SessionSettings(of: user, startingWith: identity)
        let activity = try leader.sessions.add(identity, as: user)
        // From here on nobody drops the database; before, somebody may have.
        guard leader.databases.contains(where: { $0.name == identity.database }) else {
            _ = leader.sessions.remove(activity.record.process)
            throw SQLError(.invalidCatalogName, "database \"\(identity.database)\" does not exist")
        }
        return make(leader, activity, settings, executor)
    }

    /// A session for what a session of another cluster has to run here: as its current user, with its settings.
    static func open(on leader: Leader, as record: SessionRecord, _ settings: SessionSettings) -> DatabaseSession {
        make(leader, leader.sessions.add(record), settings)
    }

    private static func make(
        _ leader: Leader, _ activity: SessionActivity, _ settings: SessionSettings,
        _ executor: (any SessionExecutor)? = nil
    ) -> DatabaseSession {
        let session = DatabaseSession(leader: leader, activity: activity, settings: settings, executor: executor)
        activity.note(settings)
        session.logBeginning()
        activity.onEnd(of: .session) { [weak session] _ in Task { await session?.rollBackAtEnd() } }
        return session
    }

    /// Runs the statements of a text; the result is the last one's, notices are those of all.
    /// - Parameter progress: told how far a COPY is, about once per batch, on slices' threads.
    package func execute(
        _ text: String, parameters: [SQLParameter] = [], progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil
    ) async throws(SQLError) -> StatementResult {
        try await inTurn { () async throws(SQLError) -> StatementResult in
            if parameters.isEmpty, self.transaction?.isImplicit != true, let known = self.known(text) {
                var run = StatementRun(text: known.shownText)
                run.plan = known.plan
                return try await self.execute(known.statement.statement, run)
            }
            var last = StatementResult(tag: "")
            var notices: [Notice] = []
            let statements = try self.parse(text)
            for statement in statements {
                var run = StatementRun(statement, of: text, parameters, progress: progress)
                if statements.count == 1 { run.source = (text, statement) }
                last = try await self.execute(statement.statement, run)
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
                self.idleWatch?.task.cancel()
                self.idleWatch = nil
                try await self.dropTemporaries()
            }
        } catch  where error.state != .objectNotInPrerequisiteState {
            // Nobody is left in this session who could be told.
            leader.tell(
                Notice(
                    .warning, "temporary tables of session \(record.process) were not dropped",
                    detail: "\(error.message). The next start of the cluster drops them."))
        } catch {}
        if leader.sessions.remove(record.process) { logEnd() }
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
        defer {
            if queue.isEmpty {
                isBusy = false
                watchIdleness()
            } else {
                queue.removeFirst().resume()
            }
        }
        guard !isClosed else { throw SQLError(.objectNotInPrerequisiteState, "the session is closed") }
        if !keepingOpenResults { await closeOpenResults(keepingPaused: true) }
        return try await body()
    }

    // MARK: Idle

    /// Ends the session if its client leaves it idle for longer than it may. One task watches, however many statements come.
    private func watchIdleness() {
        idleSinceNs = monotonicNs()
        watch(for: idleLimitMs)
    }

    /// 0: for ever.
    private var idleLimitMs: Int64 {
        transaction != nil ? digest.idleInTransactionTimeoutMs : digest.idleTimeoutMs
    }

    private func watch(for milliseconds: Int64) {
        guard milliseconds > 0, !isClosed else { return }
        let deadline = monotonicNs() + UInt64(milliseconds) * 1_000_000
        if let idleWatch {
            // It will look again when it wakes.
            if idleWatch.deadline <= deadline { return }
            idleWatch.task.cancel()
        }
        let task = Task { [weak self] in
            guard (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil else { return }
            await self?.lookAtIdleness()
        }
        idleWatch = (task, deadline)
    }

    private func lookAtIdleness() {
        idleWatch = nil
        let limit = idleLimitMs
        guard limit > 0, !isBusy, !isClosed else { return }
        // A client that still reads rows is slow, not idle.
        guard open.allSatisfy({ $0.isOver || $0.isPaused }) else { return watchIdleness() }
        let idleMs = Int64((monotonicNs() - idleSinceNs) / 1_000_000)
        guard idleMs >= limit else { return watch(for: limit - idleMs) }
        activity.terminate(transaction != nil ? .idleInTransaction : .idleSession)
    }

    /// - Parameter keepingPaused: what the client has read a part of can still be read, as long as its transaction.
    func closeOpenResults(keepingPaused: Bool = false) async {
        if open.isEmpty { return }
        let ending = open
        open = keepingPaused && transaction != nil ? open.filter(\.isPaused) : []
        for query in ending where !open.contains(where: { $0 === query }) { await query.close() }
    }

    /// The client asks for more rows of a query that it has paused. Returns when it may run again.
    /// - Throws: what has ended it meanwhile: the client has not been told, and its block fails now.
    package func resume(_ query: RunningQuery) async throws(SQLError) {
        do throws(SQLError) {
            try await query.resume()
        } catch {
            transaction?.hasFailed = true
            throw error
        }
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
        let run = try begin(statement, run)
        let before = activity.transaction
        do throws(SQLError) {
            return end(run, try await self.run(statement, run))
        } catch {
            fail(run, error, before: before)
            throw error
        }
    }

    /// The answer to a query whose plan is there and that needs no slice, without waiting for anything; nil: the
    /// statement goes the usual way.
    package func answerAtOnce(_ text: String) -> Result<StatementResult, SQLError>? {
        // What follows a pipeline that was not ended belongs to its transaction, and ends it.
        guard isIdle, transaction?.isImplicit != true, let known = known(text) else { return nil }
        return answerAtOnce(known.plan, StatementRun(text: known.shownText))
    }

    package func answerAtOnce(_ prepared: PreparedQuery) -> Result<StatementResult, SQLError>? {
        guard isIdle, let plan = prepared.plan else { return nil }
        return answerAtOnce(plan, StatementRun(text: prepared.shownText))
    }

    private var isIdle: Bool { !isBusy && !isClosed && open.isEmpty && transaction?.hasFailed != true }

    private func answerAtOnce(_ plan: ReusablePlan, _ run: StatementRun) -> Result<StatementResult, SQLError>? {
        guard case .query(let query) = plan.planned, let facts = plan.facts, facts.immediate != nil,
            let made = plan.surroundings, made == surroundings(transaction?.version ?? current)
        else { return nil }
        defer { watchIdleness() }
        return Result { () throws(SQLError) in
            let run = try begin(nil, run)
            do throws(SQLError) {
                return end(run, try select(query, run, takeVersion(), facts: facts, tag: "SELECT", planningNs: 0))
            } catch {
                fail(run, error, before: activity.transaction)
                throw error
            }
        }
    }

    /// - Parameter statement: nil: a query.
    private func begin(_ statement: Statement?, _ run: StatementRun) throws(SQLError) -> StatementRun {
        if transaction?.hasFailed == true, statement?.endsTransaction != true { throw .inFailedTransaction }
        if !open.isEmpty { open.removeAll { $0.isOver } }
        var run = run
        try activity.begin(run.text, run.control, startTime: run.startTime, beside: open.filter { !$0.isPaused })
        run.timer = StatementTimer(milliseconds: digest.statementTimeoutMs, run.control)
        if transaction == nil { access = SerializationGraph.Access() }
        run.type = statement.map(type(of:)) ?? .select
        run.transaction = transaction?.number ?? leader.nextTransaction()
        ownTransaction = transaction == nil ? run.transaction : nil
        if !run.type.isQuery { run.number = leader.nextQuery() }
        isLogged = false
        lockTime = 0
        return run
    }

    private func end(_ run: StatementRun, _ result: StatementResult) -> StatementResult {
        if let query = result.query { open.append(query) } else { finish(run) }
        if !run.type.isQuery { log(run) }
        let shown = digest.showsUppercaseNames ? result.inUppercase() : result
        return shown.showing(digest, notices: notices(with: shown.notices), changes: takeChangedParameters())
    }

    /// - Parameter before: the transaction as the statement began in it.
    private func fail(_ run: StatementRun, _ error: SQLError, before: SessionActivity.TransactionEntry?) {
        transaction?.hasFailed = true
        logConflict(error, activity.transaction ?? before)
        finish(run)
        if !isLogged { log(run, error) }
    }

    /// What the client wants to hear of.
    private func notices(with own: [Notice]) -> [Notice] {
        let all = own + leader.storage.repairs.takeUntold().map(\.notice) + leader.takeUntold()
        return all.isEmpty ? [] : all.filter(settings.shows)
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
    /// Made when the statement was prepared, or when its text came before.
    var plan: ReusablePlan?
    /// That plan is run.
    var reusesPlan = false
    /// The whole text, if it has no other statement: its plan may be kept.
    var source: (text: String, statement: ParsedStatement)?
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
