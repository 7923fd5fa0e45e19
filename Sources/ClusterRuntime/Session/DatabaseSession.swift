import Catalog
import Planner
package import QueryPlan
package import SQLSyntax
package import SQLTypes
import Storage

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
    package nonisolated let record: SessionRecord
    nonisolated let leader: Leader
    var settings: SessionSettings
    var transaction: Transaction?
    var prepared: [String: PreparedStatement] = [:]
    /// What blocks are that do not say it: SET SESSION CHARACTERISTICS.
    var isReadOnlyByDefault = false
    /// Only in a transaction block.
    var cursor: Cursor?
    /// After SET SEED: where the next statement's random numbers begin.
    var randomState: UInt64?
    /// What the block, or the statement if there is none, has read.
    var access = SerializationGraph.Access()
    /// Trace of the last statement that ran a plan.
    package internal(set) var lastTrace: QueryTrace?
    /// Whose rows are still being read; more than one only if the client asks for it.
    private var open: [RunningQuery] = []
    /// What `cancel` ends.
    private let current = CurrentStatement()
    private var isBusy = false
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    private init(leader: Leader, record: SessionRecord, settings: SessionSettings) {
        self.leader = leader
        self.record = record
        self.settings = settings
    }

    /// A session of the cluster's master user, in its first database.
    package static func open(on leader: Leader) -> DatabaseSession {
        let user = leader.master
        let record = leader.sessions.add(
            SessionIdentity(user: user.name, database: leader.configuration.databaseName), as: user.id)
        return DatabaseSession(leader: leader, record: record, settings: SessionSettings(of: user))
    }

    /// - Throws: why the user cannot log in, as `Leader.login` does; what is wrong with a setting that the session begins
    ///   with.
    package static func open(on leader: Leader, _ identity: SessionIdentity) throws(SQLError) -> DatabaseSession {
        let user = try leader.login(user: identity.user, database: identity.database)
        let settings = try SessionSettings(of: user, startingWith: identity)
        let record = try leader.sessions.add(identity, as: user)
        return DatabaseSession(leader: leader, record: record, settings: settings)
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
    package nonisolated func cancel() { current.cancel() }

    /// Rolls back what is not committed.
    package func close() async {
        current.cancel()
        _ = try? await inTurn { () async throws(SQLError) -> Void in
            if let transaction = self.transaction { await self.rollBack(transaction) }
            self.isClosed = true
            try await self.dropTemporaries()
        }
        leader.sessions.remove(record.process)
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
            if queue.isEmpty { isBusy = false } else { queue.removeFirst().resume() }
        }
        guard !isClosed else { throw SQLError(.objectNotInPrerequisiteState, "the session is closed") }
        if !keepingOpenResults { await closeOpenResults() }
        return try await body()
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
        current.begin(run.control, beside: open)
        if transaction == nil { access = SerializationGraph.Access() }
        do throws(SQLError) {
            let result = try await self.run(statement, run)
            if let query = result.query { open.append(query) }
            let uppercase = settings.isOn("describe_field_name_in_uppercase")
            var shown = uppercase ? result.inUppercase() : result
            let repairs = leader.storage.repairs.takeUntold()
            if !repairs.isEmpty { shown = shown.with(notices: shown.notices + repairs.map(\.notice)) }
            return shown.with(zone: settings.dateTime(transactionStart: run.startTime).zone)
        } catch {
            transaction?.hasFailed = true
            throw error
        }
    }
}

/// What `cancel` must reach without waiting for the session's actor.
private final class CurrentStatement: Sendable {
    private struct Running: Sendable {
        var control: QueryControl
        var open: [RunningQuery]
    }
    private let running = Locked<Running?>(nil)

    func begin(_ control: QueryControl, beside open: [RunningQuery]) {
        running.value = Running(control: control, open: open)
    }

    func cancel() {
        guard let running = running.value else { return }
        running.control.cancel()
        for query in running.open { query.cancel() }
    }
}

/// A statement on its way through the session.
struct StatementRun: Sendable {
    var text: String
    var parameters: [SQLParameter] = []
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    var startTime = Platform.timestampNow
    var control = QueryControl()
    /// Made when the statement was prepared.
    var plan: ReusablePlan?
    /// Told how far a COPY is.
    var progress: (@Sendable (LoadMeter.Figures) -> Void)?
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
