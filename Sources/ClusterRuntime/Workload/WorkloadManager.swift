import SQLTypes
import Synchronization

/// Gives queries their slots, and keeps what STL_WLM_QUERY and STL_WLM_RULE_ACTION show.
final class WorkloadManager: Sendable {
    /// A query that has been through a queue.
    struct Record: Hashable, Sendable {
        var entry: WorkloadQueues.Entry
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var end: Int64
    }

    struct RuleAction: Hashable, Sendable {
        var query: Int64
        var serviceClass: Int
        var rule: String
        var action: String
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var time: Int64
    }

    private static let recordsMax = 1_000

    fileprivate struct State {
        var queues: WorkloadQueues
        var waiters: [Int64: @Sendable (Result<WorkloadQueues.Entry, SQLError>) -> Void] = [:]
        var records: [Record] = []
        var actions: [RuleAction] = []
    }
    private let state: Mutex<State>

    /// A queue has rules, or a limit of time: its queries are looked at while they run.
    let watchesQueries: Bool
    /// What one node may hold in operators and its cache.
    let nodeBytes: Int

    init(_ configuration: WorkloadConfiguration, nodeBytes: Int) {
        self.nodeBytes = nodeBytes
        watchesQueries = configuration.classes.contains { !$0.rules.isEmpty || $0.timeoutMs > 0 }
        state = Mutex(State(queues: WorkloadQueues(configuration)))
    }

    /// Of each node's memory, 0...1, what a query of the queue may have. Only a queue that has a part set apart divides it.
    func memoryShare(of entry: WorkloadQueues.Entry) -> Double {
        let own = state.withLock { $0.queues.serviceClass(entry.serviceClass) }
        guard let own, let percent = own.memoryPercent else { return 1 }
        return Double(percent) / 100 * Double(max(1, entry.slots)) / Double(own.concurrency)
    }

    /// Returns when the query may run; `leave` gives its slots back.
    /// - Parameter control: of the statement: who cancels it ends the wait.
    func enter(
        _ request: WorkloadQueues.Request, _ control: QueryControl
    ) async throws(SQLError) -> WorkloadQueues.Entry {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<WorkloadQueues.Entry, SQLError>, Never>) in
            enter(request, control) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// The same for who does not wait: `answer` is called once, here or by who gives a slot back.
    func enter(
        _ request: WorkloadQueues.Request, _ control: QueryControl,
        answer: @escaping @Sendable (Result<WorkloadQueues.Entry, SQLError>) -> Void
    ) {
        control.onCancel { [weak self, weak control] in
            self?.stopWaiting(request.query, control?.error ?? .queryCanceled)
        }
        let entry = state.withLock { state in
            let entry = state.queues.enter(request, at: Platform.timestampNow)
            if entry.runStart == nil { state.waiters[request.query] = answer }
            return entry
        }
        guard entry.runStart == nil else { return answer(.success(entry)) }
        // A cancel that came before there was anybody to stop.
        if let error = control.error { stopWaiting(request.query, error) }
    }

    private func stopWaiting(_ query: Int64, _ error: SQLError) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: query) }
        guard let waiter else { return }
        leave(query)
        waiter(.failure(error))
    }

    func leave(_ query: Int64) {
        let now = Platform.timestampNow
        let woken = state.withLock { state in
            let (entry, started) = state.queues.leave(query, at: now)
            if let entry {
                state.records.append(Record(entry: entry, end: now))
                if state.records.count > 2 * WorkloadManager.recordsMax {
                    state.records.removeFirst(WorkloadManager.recordsMax)
                }
            }
            return state.takeWaiters(of: started)
        }
        for (waiter, entry) in woken { waiter(.success(entry)) }
    }

    /// False: no other queue takes it.
    func hop(_ query: Int64) -> Bool {
        let woken = state.withLock { state -> [(Waiter, WorkloadQueues.Entry)]? in
            state.queues.hop(query, at: Platform.timestampNow).map { state.takeWaiters(of: $0.started) }
        }
        guard let woken else { return false }
        for (waiter, entry) in woken { waiter(.success(entry)) }
        return true
    }

    func note(_ action: RuleAction) {
        state.withLock { state in
            state.actions.append(action)
            if state.actions.count > 2 * WorkloadManager.recordsMax {
                state.actions.removeFirst(WorkloadManager.recordsMax)
            }
        }
    }

    func serviceClass(of query: Int64) -> ServiceClass? {
        state.withLock { state in
            state.queues.running[query].flatMap { state.queues.serviceClass($0.serviceClass) }
        }
    }

    /// All at one moment, for system views.
    var snapshot: (queues: WorkloadQueues, records: [Record], actions: [RuleAction]) {
        state.withLock { ($0.queues, $0.records, $0.actions) }
    }

    fileprivate typealias Waiter = @Sendable (Result<WorkloadQueues.Entry, SQLError>) -> Void
}

extension WorkloadManager.State {
    fileprivate mutating func takeWaiters(
        of started: [WorkloadQueues.Entry]
    ) -> [(WorkloadManager.Waiter, WorkloadQueues.Entry)] {
        started.compactMap { entry in waiters.removeValue(forKey: entry.request.query).map { ($0, entry) } }
    }
}
