import SQLTypes
import Synchronization

/// Gives queries their slots, and keeps what STL_WLM_RULE_ACTION shows.
final class WorkloadManager: Sendable {
    struct RuleAction: Hashable, Sendable {
        var query: Int64
        var serviceClass: Int
        var rule: String
        var action: String
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        var time: Int64
    }

    private static let actionsMax = 1_000

    fileprivate struct State {
        var queues: WorkloadQueues
        var waiters: [Int64: Waiter] = [:]
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

    /// Returns when the query may run; `leave` gives its slots back. With an error it has given up waiting, and has no slots.
    /// - Parameter control: of the statement: who cancels it ends the wait.
    func enter(
        _ request: WorkloadQueues.Request, _ control: QueryControl
    ) async -> (entry: WorkloadQueues.Entry, error: SQLError?) {
        await withCheckedContinuation { continuation in
            enter(request, control) { continuation.resume(returning: ($0, $1)) }
        }
    }

    /// The same for who does not wait: `answer` is called once, here or by who gives a slot back.
    func enter(
        _ request: WorkloadQueues.Request, _ control: QueryControl,
        answer: @escaping @Sendable (WorkloadQueues.Entry, SQLError?) -> Void
    ) {
        control.onCancel { [weak self, weak control] in
            self?.stopWaiting(request.query, control?.error ?? .queryCanceled)
        }
        let entry = state.withLock { state in
            let entry = state.queues.enter(request, at: Platform.timestampNow)
            if entry.runStart == nil { state.waiters[request.query] = { answer($0 ?? entry, $1) } }
            return entry
        }
        guard entry.runStart == nil else { return answer(entry, nil) }
        // A cancel that came before there was anybody to stop.
        if let error = control.error { stopWaiting(request.query, error) }
    }

    private func stopWaiting(_ query: Int64, _ error: SQLError) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: query) }
        guard let waiter else { return }
        waiter(leave(query), error)
    }

    /// The query's entry as it was last; nil: it was in no queue.
    @discardableResult
    func leave(_ query: Int64) -> WorkloadQueues.Entry? {
        let (entry, woken) = state.withLock { state in
            let (entry, started) = state.queues.leave(query, at: Platform.timestampNow)
            // It may have ended while it waited to go on.
            return (entry, state.takeWaiters(of: started + [entry].compactMap { $0 }))
        }
        for (waiter, entry) in woken { waiter(entry, nil) }
        return entry
    }

    /// The query's client rests: its slots are others' until `resume`.
    func suspend(_ query: Int64) {
        let woken = state.withLock { state in
            state.takeWaiters(of: state.queues.suspend(query, at: Platform.timestampNow))
        }
        for (waiter, entry) in woken { waiter(entry, nil) }
    }

    /// Returns when the query has its slots again, or is over. Who cancels it ends the wait.
    func resume(_ query: Int64) async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                let goesOn = state.queues.resume(query)
                if !goesOn { state.waiters[query] = { _, _ in continuation.resume() } }
                return goesOn
            }
            if goesOn { continuation.resume() }
        }
    }

    func isSuspended(_ query: Int64) -> Bool { state.withLock { $0.queues.running[query]?.isSuspended ?? false } }

    /// False: no other queue takes it.
    func hop(_ query: Int64) -> Bool {
        let woken = state.withLock { state -> [(Waiter, WorkloadQueues.Entry)]? in
            state.queues.hop(query, at: Platform.timestampNow).map { state.takeWaiters(of: $0.started) }
        }
        guard let woken else { return false }
        for (waiter, entry) in woken { waiter(entry, nil) }
        return true
    }

    func note(_ action: RuleAction) {
        state.withLock { state in
            state.actions.append(action)
            if state.actions.count > 2 * WorkloadManager.actionsMax {
                state.actions.removeFirst(WorkloadManager.actionsMax)
            }
        }
    }

    func serviceClass(of query: Int64) -> ServiceClass? {
        state.withLock { state in
            state.queues.running[query].flatMap { state.queues.serviceClass($0.serviceClass) }
        }
    }

    /// All at one moment, for system views.
    var snapshot: (queues: WorkloadQueues, actions: [RuleAction]) {
        state.withLock { ($0.queues, $0.actions) }
    }

    fileprivate typealias Waiter = @Sendable (WorkloadQueues.Entry?, SQLError?) -> Void
}

extension WorkloadManager.State {
    fileprivate mutating func takeWaiters(
        of started: [WorkloadQueues.Entry]
    ) -> [(WorkloadManager.Waiter, WorkloadQueues.Entry)] {
        started.compactMap { entry in waiters.removeValue(forKey: entry.request.query).map { ($0, entry) } }
    }
}
