/// Who may run next: the rule behind `RunPermits`, as a value without threads.
///
/// A task is ready when it has work. It may run when a permit is free and no other task of its slice runs (a slice is
/// one serial queue: a second task would only wait there, with a permit in its hand). Queries take turns, and within a
/// query the task that has been ready longest is first.
///
/// Invariants: permits in use ≤ `permits`; at most one running task per slice; a query is in `turns` exactly once if
/// and only if it has tasks in `ready`.
struct ReadyQueue<Task> {
    struct Entry {
        var query: Int64
        var slice: Int
        var task: Task
    }

    let permits: Int
    private(set) var runningCount = 0
    /// Ready tasks by query, oldest first; those in `behindSlice` not among them.
    private var ready: [Int64: Fifo<Entry>] = [:]
    private var turns = Fifo<Int64>()
    /// Slices of which a task runs, with the ready tasks that were passed over because of it.
    private var behindSlice: [Int: [Entry]] = [:]

    init(permits: Int) {
        precondition(permits >= 1, "\(permits) run permits")
        self.permits = permits
    }

    mutating func add(_ entry: Entry) {
        if ready[entry.query] == nil { turns.append(entry.query) }
        ready[entry.query, default: Fifo()].append(entry)
    }

    /// Takes a permit for the task that is next, if a permit is free and somebody may run.
    mutating func grant() -> Entry? {
        guard runningCount < permits else { return nil }
        guard let entry = takeNext() else { return nil }
        runningCount += 1
        behindSlice[entry.slice] = []
        return entry
    }

    /// The running task of the slice gives its permit back. Tasks of the same slice that were passed over are ready
    /// again, before anything that is added from now on.
    mutating func release(slice: Int) {
        guard let passedOver = behindSlice.removeValue(forKey: slice) else {
            assertionFailure("slice \(slice) gives back a permit that it does not hold")
            return
        }
        runningCount -= 1
        for entry in passedOver { add(entry) }
    }

    /// Queries in turn; tasks of slices that run are set aside behind their slice.
    private mutating func takeNext() -> Entry? {
        while let query = turns.popFirst() {
            guard var tasks = ready.removeValue(forKey: query) else { continue }
            var found: Entry?
            while found == nil, let entry = tasks.popFirst() {
                if behindSlice[entry.slice] == nil {
                    found = entry
                } else {
                    behindSlice[entry.slice]?.append(entry)
                }
            }
            if !tasks.isEmpty {
                ready[query] = tasks
                turns.append(query)
            }
            if let found { return found }
        }
        return nil
    }
}
