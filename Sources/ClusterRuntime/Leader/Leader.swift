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
package actor Leader {
    package nonisolated let configuration: ClusterConfiguration
    package nonisolated let shape: ClusterShape
    package nonisolated let permitCount: Int
    package nonisolated let startTime: Int64
    nonisolated let storage: ClusterStorage
    nonisolated let nodes: [ComputeNode]
    nonisolated let routing: RoutingTable
    nonisolated let functions: FunctionDirectory
    nonisolated let objects: (any ObjectStore)?
    nonisolated let roles: any RoleAuthority
    nonisolated let committer = Committer()
    nonisolated let serialization = SerializationGraph()
    package nonisolated let sessions = SessionList()
    nonisolated let running = RunningPlans()
    nonisolated let loading = RunningLoads()
    nonisolated let vacuuming = RunningVacuum()
    nonisolated let events: EventLog
    nonisolated let workload: WorkloadManager
    /// What went wrong where no client was left to be told.
    private nonisolated let untold: UntoldNotices
    private let host: SliceHost
    private nonisolated let lastQuery: Atomic<Int64>
    private nonisolated let lastTransaction: Atomic<Int64>
    private(set) var locks = TableLocks()
    private var isVacuuming = false
    private(set) var history = History()
    /// By table: its last COPY, for assertions.
    private(set) var lastLoads: [TableID: LastLoad] = [:]
    /// Statements that have ended.
    nonisolated let queryLog: QueryLog

    init(
        configuration: ClusterConfiguration, storage: ClusterStorage, nodes: [ComputeNode], host: sending SliceHost,
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
        history.add(loadErrors)
        // So that what this process says of a query is not taken for what another one said of its own.
        let logged = queryLog.lastNumbers
        lastQuery = Atomic(loadErrors.reduce(max(logged.query, events.lastQuery)) { max($0, $1.query) })
        lastTransaction = Atomic(max(logged.transaction, events.lastTransaction))
    }

    /// Where queries of this cluster spill to.
    package nonisolated var spill: SpillArea { storage.spill }

    // MARK: The leader's slice

    func open(_ opening: QueryOpening) { host.open(opening) }

    func run(
        _ order: SegmentOrder, virtualTables: any VirtualTableProvider, results: ResultChannel,
        reply: @escaping SegmentReply
    ) {
        host.run(order, virtualTables: virtualTables, results: results, reply: reply)
    }

    /// The next round of a loop.
    func add(_ exchanges: RoundExchanges) { host.add(exchanges) }

    func cancel(_ query: Int64) { host.cancel(query) }
    func close(_ query: Int64) { host.close(query) }

    // MARK: Numbers

    nonisolated func nextQuery() -> Int64 { lastQuery.add(1, ordering: .relaxed).newValue }

    nonisolated func nextTransaction() -> Int64 { lastTransaction.add(1, ordering: .relaxed).newValue }

    /// What the user should know of the cluster as it is: said once, when it is opened.
    package nonisolated var notices: [Notice] {
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
    nonisolated func tell(_ notice: Notice) { untold.add(notice) }

    nonisolated func takeUntold() -> [Notice] {
        let notices = untold.take()
        guard let failure = queryLog.takeFailure() else { return notices }
        return notices + [
            Notice(
                .warning, "the log of queries could not be written",
                detail: "\(failure.message). Of some queries the system tables will know nothing after a restart.")
        ]
    }

    // MARK: Table locks

    /// Returns when the owner, a transaction, may write the table.
    /// - Parameter control: of the statement that waits: who cancels it calls `stopWaiting` afterwards.
    func lock(_ table: TableID, owner: Int64, _ control: QueryControl) async throws(SQLError) {
        if locks.acquire(table, owner: owner) { return }
        if locks.wouldDeadlock(table, owner: owner) {
            throw SQLError(
                .serializationFailure, "deadlock detected",
                detail: "Transaction \(owner) waits for a table that is held by one that waits for it.",
                hint: "Write the tables in the same order in all transactions.")
        }
        // Looked at here, where no cancel can come between this and the wait.
        try control.check()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, SQLError>, Never>) in
                guard !Task.isCancelled else { return continuation.resume(returning: .failure(.queryCanceled)) }
                locks.wait(for: table, TableLocks.Waiter(owner: owner) { continuation.resume(returning: $0) })
            }
        } onCancel: {
            Task { await self.stopWaiting(owner: owner, .queryCanceled) }
        }
        try result.get()
    }

    /// Whatever lock the owner waits for: it gets an error instead.
    func stopWaiting(owner: Int64, _ error: SQLError) {
        for waiter in locks.stopWaiting(owner: owner) { waiter.resume(.failure(error)) }
    }

    func releaseLocks(of owner: Int64) {
        for waiter in locks.releaseAll(of: owner) { waiter.resume(.success(())) }
    }

    /// False: another session's VACUUM is running. A cluster runs one at a time.
    func beginVacuum() -> Bool {
        defer { isVacuuming = true }
        return !isVacuuming
    }

    func endVacuum() { isVacuuming = false }

    // MARK: History

    func remember(_ loadErrors: [LoadErrorRecord]) { history.add(loadErrors) }

    func remember(_ load: LastLoad, of table: TableID) { lastLoads[table] = load }

    /// Statements that have ended, oldest first.
    package nonisolated var queries: [LoggedQuery] { queryLog.all }
    var loadErrors: [LoadErrorRecord] { history.loadErrors }
}
