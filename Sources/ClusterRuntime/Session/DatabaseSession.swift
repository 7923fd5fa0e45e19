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
    var settings = SessionSettings()
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
    private var open: RunningQuery?
    /// What `cancel` ends.
    private let current = CurrentStatement()
    private var isBusy = false
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    init(leader: Leader, record: SessionRecord) {
        self.leader = leader
        self.record = record
        settings = SessionSettings(of: leader.storage.current.catalog.principals.user(named: record.user))
    }

    package static func open(on leader: Leader, user: String? = nil) -> DatabaseSession {
        let configuration = leader.configuration
        let record = leader.sessions.add(
            user: user ?? leader.masterName, database: configuration.databaseName)
        return DatabaseSession(leader: leader, record: record)
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
                last = try await self.execute(statement, of: text, parameters: parameters, progress: progress)
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
            try await self.execute(statement, of: text, parameters: parameters, progress: progress)
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

    // MARK: One at a time

    private func inTurn<T: Sendable>(
        _ body: () async throws(SQLError) -> T
    ) async throws(SQLError) -> T {
        if isBusy {
            await withCheckedContinuation { queue.append($0) }
        }
        isBusy = true
        defer {
            if queue.isEmpty { isBusy = false } else { queue.removeFirst().resume() }
        }
        guard !isClosed else { throw SQLError(.objectNotInPrerequisiteState, "the session is closed") }
        if let open {
            self.open = nil
            await open.close()
        }
        return try await body()
    }

    private func parse(_ text: String) throws(SQLError) -> [ParsedStatement] {
        do throws(SQLError) {
            return try parseStatements(text)
        } catch {
            transaction?.hasFailed = true
            throw error
        }
    }

    private func execute(
        _ statement: ParsedStatement, of text: String, parameters: [SQLParameter],
        progress: (@Sendable (LoadMeter.Figures) -> Void)?
    ) async throws(SQLError) -> StatementResult {
        if transaction?.hasFailed == true, !statement.statement.endsTransaction { throw .inFailedTransaction }
        let run = StatementRun(
            text: statement.text(in: text), parameters: parameters, startTime: Platform.timestampNow,
            control: QueryControl(), progress: progress)
        current.begin(run.control)
        if transaction == nil { access = SerializationGraph.Access() }
        do throws(SQLError) {
            let result = try await self.run(statement.statement, run)
            open = result.query
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
    private let control = Locked<QueryControl?>(nil)

    func begin(_ new: QueryControl) { control.value = new }
    func cancel() { control.value?.cancel() }
}

/// A statement on its way through the session.
struct StatementRun: Sendable {
    var text: String
    var parameters: [SQLParameter]
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    var startTime: Int64
    var control: QueryControl
    /// Told how far a COPY is.
    var progress: (@Sendable (LoadMeter.Figures) -> Void)?
    /// The query of a cursor: what is wrong with its rows is told when they are fetched.
    var isCursor = false
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
