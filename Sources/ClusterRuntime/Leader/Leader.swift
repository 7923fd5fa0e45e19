package import Catalog
import Execution
import Ingest
import Planner
package import QueryPlan
import SQLTypes
package import Storage
import Synchronization
import SystemTables
import VectorEngine

/// The leader: takes statements of all sessions, knows the nodes, gives out query numbers and table locks, keeps the
/// traces, and owns one slice that runs the last segments of queries and whatever never leaves the leader.
///
/// Sessions call it from their own threads: what they share is behind locks that are held for a few instructions, so that
/// none of them waits for a turn on an actor (decision 0005).
package final class Leader: Sendable {
    package let configuration: ClusterConfiguration
    package let shape: ClusterShape
    package let permitCount: Int
    package let startTime: Int64
    let storage: ClusterStorage
    let nodes: [ComputeNode]
    let routing: RoutingTable
    let functions: FunctionDirectory
    let objects: (any ObjectStore)?
    let roles: any RoleAuthority
    let committer = Committer()
    let serialization = SerializationGraph()
    package let sessions = SessionList()
    let running = RunningPlans()
    let loading = RunningLoads()
    let vacuuming = RunningVacuum()
    let events: EventLog
    let workload: WorkloadManager
    /// What went wrong where no client was left to be told.
    private let untold: UntoldNotices
    private let host: SliceHost
    private let lastQuery: Atomic<Int64>
    private let lastTransaction: Atomic<Int64>
    private let tableLocks = Mutex(TableLocks())
    private let isVacuuming = Atomic<Bool>(false)
    private let hasReplica = Atomic<Bool>(false)
    private let past: Mutex<History>
    let plans = PlanCache()
    /// Statements that have ended.
    let queryLog: QueryLog

    init(
        configuration: ClusterConfiguration, storage: ClusterStorage, nodes: [ComputeNode], host: SliceHost,
        permitCount: Int, objects: (any ObjectStore)?, roles: any RoleAuthority, loadErrors: [LoadErrorRecord],
        queryLog: QueryLog, events: EventLog, untold: UntoldNotices, workload: WorkloadManager
    ) {
        self.events = events
        self.untold = untold
        self.workload = workload
        self.configuration = configuration
        self.storage = storage
        self.nodes = nodes
        self.host = host
        self.permitCount = permitCount
        self.objects = objects
        self.roles = roles
        shape = storage.shape
        routing = RoutingTable(storage.shape)
        functions = .builtin
        startTime = Platform.timestampNow
        self.queryLog = queryLog
        var history = History()
        history.add(loadErrors)
        past = Mutex(history)
        // So that what this process says of a query is not taken for what another one said of its own.
        let logged = queryLog.lastNumbers
        lastQuery = Atomic(loadErrors.reduce(max(logged.query, events.lastQuery)) { max($0, $1.query) })
        lastTransaction = Atomic(max(logged.transaction, events.lastTransaction))
    }

    /// Where queries of this cluster spill to.
    package var spill: SpillArea { storage.spill }

    // MARK: The leader's slice

    func open(_ opening: QueryOpening) { host.open(opening) }

    func run(
        _ order: SegmentOrder, virtualTables: any VirtualTableProvider, results: ResultChannel,
        reply: @escaping SegmentReply
    ) {
        host.run(order, virtualTables: virtualTables, results: results, reply: reply)
    }

    /// Segments of a query that runs whole, on the calling thread.
    func runHere(
        _ order: WholeOrder, _ rows: [LocalExchanges.Parcel], virtualTables: any VirtualTableProvider,
        results: ResultChannel
    ) throws(SQLError) -> [SliceTrace] {
        try host.runHere(order, rows, virtualTables: virtualTables, results: results)
    }

    /// The next round of a loop.
    func add(_ exchanges: RoundExchanges) { host.add(exchanges) }

    func cancel(_ query: Int64) { host.cancel(query) }
    func close(_ query: Int64) { host.close(query) }

    // MARK: Numbers

    func nextQuery() -> Int64 { lastQuery.add(1, ordering: .relaxed).newValue }

    func nextTransaction() -> Int64 { lastTransaction.add(1, ordering: .relaxed).newValue }

    /// What the user should know of the cluster as it is: said once, when it is opened.
    package var notices: [Notice] {
        guard shape.slices > permitCount else { return [] }
        let cores = permitCount == 1 ? "1 core" : "\(permitCount) cores"
        return [
            Notice(
                .info, "\(shape.slices) slices share \(cores)",
                detail:
                    "At most \(permitCount) slices compute at one time; the others wait their turn. Times per slice "
                    + "are true, but the whole takes longer than on a cluster that has a core for each slice.")
        ]
    }

    /// Whoever sends the next statement is told.
    func tell(_ notice: Notice) { untold.add(notice) }

    func takeUntold() -> [Notice] {
        let notices = untold.take()
        guard let failure = queryLog.takeFailure() else { return notices }
        return notices + [
            Notice(
                .warning, "the log of queries could not be written",
                detail: "\(failure.message). Of some queries the system tables will know nothing after a restart.")
        ]
    }

    // MARK: Table locks

    /// As they are now.
    var locks: TableLocks { tableLocks.withLock { $0 } }

    /// Returns when the owner, a transaction, may write the table.
    /// - Parameter control: of the statement that waits: who cancels it calls `stopWaiting` afterwards.
    func lock(_ table: TableID, owner: Int64, _ control: QueryControl) async throws(SQLError) {
        if tableLocks.withLock({ $0.acquire(table, owner: owner) }) { return }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, SQLError>, Never>) in
                let answer = request(table, owner, control) { continuation.resume(returning: $0) }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            stopWaiting(owner: owner, .queryCanceled)
        }
        try result.get()
    }

    /// nil: the owner waits, and `resume` is called later.
    private func request(
        _ table: TableID, _ owner: Int64, _ control: QueryControl,
        resume: @escaping @Sendable (Result<Void, SQLError>) -> Void
    ) -> Result<Void, SQLError>? {
        tableLocks.withLock { locks in
            if locks.acquire(table, owner: owner) { return .success(()) }
            if locks.wouldDeadlock(table, owner: owner) { return .failure(.deadlock(owner)) }
            // Looked at under the lock that `stopWaiting` takes: no cancel can come between this and the wait.
            if let error = control.error { return .failure(error) }
            guard !Task.isCancelled else { return .failure(.queryCanceled) }
            locks.wait(for: table, TableLocks.Waiter(owner: owner, resume: resume))
            return nil
        }
    }

    /// Whatever lock the owner waits for: it gets an error instead.
    func stopWaiting(owner: Int64, _ error: SQLError) {
        for waiter in tableLocks.withLock({ $0.stopWaiting(owner: owner) }) { waiter.resume(.failure(error)) }
    }

    func releaseLocks(of owner: Int64) {
        for waiter in tableLocks.withLock({ $0.releaseAll(of: owner) }) { waiter.resume(.success(())) }
    }

    /// False: another session's VACUUM is running. A cluster runs one at a time.
    func beginVacuum() -> Bool { !isVacuuming.exchange(true, ordering: .acquiringAndReleasing) }

    func endVacuum() { isVacuuming.store(false, ordering: .releasing) }

    /// Waits until no other session compares results on a cluster of another shape: each is one more beside this one.
    func beginReplica(_ control: QueryControl) async throws(SQLError) {
        while hasReplica.exchange(true, ordering: .acquiringAndReleasing) {
            try control.check()
            // Cancelling the task cancels the statement, too: that is looked at next.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    func endReplica() { hasReplica.store(false, ordering: .releasing) }

    // MARK: Memory

    /// Of the leader's own slice.
    var memory: NodeMemory { host.memory }

    // MARK: History

    func remember(_ loadErrors: [LoadErrorRecord]) { past.withLock { $0.add(loadErrors) } }

    /// What is known of the past now.
    var history: History { past.withLock { $0 } }

    /// Statements that have ended, oldest first.
    package nonisolated var queries: [LoggedQuery] { queryLog.all }
    var loadErrors: [LoadErrorRecord] { history.loadErrors }
}

extension SQLError {
    fileprivate static func deadlock(_ owner: Int64) -> SQLError {
        SQLError(
            .deadlockDetected, "deadlock detected",
            detail: "Transaction \(owner) waits for a table that is held by one that waits for it.",
            hint: "Write the tables in the same order in all transactions.")
    }
}
