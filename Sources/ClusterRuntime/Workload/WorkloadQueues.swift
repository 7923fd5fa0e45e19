/// Who runs and who waits, as a value: its owner does the waiting, and tells the time.
///
/// Each service class serves its queries in the order in which they came. A query that needs several slots is not passed
/// by others that need fewer. A session that holds a slot already runs its next query in it: else sessions that keep
/// results open could wait for one another. A query whose client rests between two fetches gives its slots back, and has
/// them again before others that have not begun.
struct WorkloadQueues {
    struct Request: Hashable, Sendable {
        var query: Int64
        var process: Int32
        var transaction: Int64
        var isSuperuser: Bool
        var userGroups: [String]
        /// `query_group`.
        var queryGroup: String
        /// `wlm_query_slot_count`.
        var slots: Int
        /// Expected to be over soon.
        var isShort: Bool
    }

    struct Entry: Hashable, Sendable {
        var request: Request
        var serviceClass: Int
        /// Those that it takes: 0 in a slot of its session's.
        var slots: Int
        /// Microseconds since 2000-01-01 00:00:00 UTC, as all times here.
        var queueStart: Int64
        /// nil while it waits.
        var runStart: Int64?
        /// Its client has what it asked for: its slots are others' meanwhile.
        var isSuspended = false
    }

    struct Counts: Hashable, Sendable {
        var serviced = 0
        var executed = 0
        var evicted = 0
    }

    let configuration: WorkloadConfiguration
    /// Of the configuration, and that of short queries.
    let classes: [ServiceClass]
    private(set) var running: [Int64: Entry] = [:]
    /// By class, who came first is first.
    private(set) var waiting: [Int: [Entry]] = [:]
    /// Suspended ones that are to go on, by class, who came first is first.
    private var resuming: [Int: [Int64]] = [:]
    private(set) var counts: [Int: Counts] = [:]

    init(_ configuration: WorkloadConfiguration) {
        self.configuration = configuration
        classes =
            configuration.classes + (configuration.acceleratesShortQueries ? [WorkloadConfiguration.shortQueryClass] : [])
    }

    func serviceClass(_ id: Int) -> ServiceClass? { classes.first { $0.id == id } }

    /// The entry as it begins to run, or to wait.
    mutating func enter(_ request: Request, at now: Int64) -> Entry {
        let own = route(request)
        let isInSession = running.values.contains { $0.request.process == request.process && !$0.isSuspended }
        var entry = Entry(
            request: request, serviceClass: own.id,
            slots: isInSession ? 0 : min(max(1, request.slots), own.concurrency), queueStart: now, runStart: nil)
        counts[own.id, default: Counts()].serviced += 1
        if entry.slots == 0
            || (waiting[own.id, default: []].isEmpty && resuming[own.id, default: []].isEmpty
                && usedSlots(own.id) + entry.slots <= own.concurrency)
        {
            entry.runStart = now
        } else if request.isShort, configuration.acceleratesShortQueries, own.id != ServiceClass.superuser,
            usedSlots(ServiceClass.shortQueries) < WorkloadConfiguration.shortQueryClass.concurrency
        {
            entry.serviceClass = ServiceClass.shortQueries
            entry.slots = 1
            entry.runStart = now
        }
        if entry.runStart == nil { waiting[own.id, default: []].append(entry) } else { running[request.query] = entry }
        return entry
    }

    /// The query is over, or does not want to wait any longer. Returns it, and who runs now because of that.
    mutating func leave(_ query: Int64, at now: Int64) -> (entry: Entry?, started: [Entry]) {
        if let entry = running.removeValue(forKey: query) {
            resuming[entry.serviceClass]?.removeAll { $0 == query }
            counts[entry.serviceClass, default: Counts()].executed += 1
            return (entry, start(entry.serviceClass, at: now))
        }
        for (id, queue) in waiting {
            guard let place = queue.firstIndex(where: { $0.request.query == query }) else { continue }
            let entry = waiting[id]?.remove(at: place)
            counts[id, default: Counts()].evicted += 1
            return (entry, start(id, at: now))
        }
        return (nil, [])
    }

    /// Gives a running query's slots back until `resume`. Returns who runs now because of that.
    mutating func suspend(_ query: Int64, at now: Int64) -> [Entry] {
        guard let entry = running[query], !entry.isSuspended else { return [] }
        running[query]?.isSuspended = true
        return start(entry.serviceClass, at: now)
    }

    /// False: it has to wait until it is started.
    mutating func resume(_ query: Int64) -> Bool {
        guard let entry = running[query], entry.isSuspended else { return true }
        let id = entry.serviceClass
        let limit = serviceClass(id)?.concurrency ?? 0
        guard resuming[id, default: []].isEmpty, usedSlots(id) + entry.slots <= limit else {
            resuming[id, default: []].append(query)
            return false
        }
        running[query]?.isSuspended = false
        return true
    }

    /// A running query goes on in the next class that would take it, behind its own, if it has a slot free; nil: there is
    /// none.
    mutating func hop(_ query: Int64, at now: Int64) -> (entry: Entry, started: [Entry])? {
        guard var entry = running[query], !entry.isSuspended, entry.serviceClass != ServiceClass.superuser,
            let own = configuration.classes.firstIndex(where: { $0.id == entry.serviceClass })
        else { return nil }
        let old = entry.serviceClass
        let last = configuration.classes.count - 1
        for index in configuration.classes.indices where index > own {
            let next = configuration.classes[index]
            let takes =
                index == last || next.takes(userGroups: entry.request.userGroups, queryGroup: entry.request.queryGroup)
            guard takes, usedSlots(next.id) + entry.slots <= next.concurrency else { continue }
            entry.serviceClass = next.id
            running[query] = entry
            counts[old, default: Counts()].evicted += 1
            counts[next.id, default: Counts()].serviced += 1
            return (entry, start(old, at: now))
        }
        return nil
    }

    func usedSlots(_ id: Int) -> Int {
        running.values.reduce(0) { $0 + ($1.serviceClass == id && !$1.isSuspended ? $1.slots : 0) }
    }

    private func route(_ request: Request) -> ServiceClass {
        if request.isSuperuser, request.queryGroup.lowercased() == "superuser",
            let own = configuration.classes.first(where: { $0.id == ServiceClass.superuser })
        {
            return own
        }
        let others = configuration.classes.filter { $0.id != ServiceClass.superuser }
        return others.first { $0.takes(userGroups: request.userGroups, queryGroup: request.queryGroup) }
            ?? others.last ?? WorkloadConfiguration.superuserClass
    }

    private mutating func start(_ id: Int, at now: Int64) -> [Entry] {
        guard let limit = serviceClass(id)?.concurrency else { return [] }
        var started: [Entry] = []
        while let first = resuming[id]?.first, let entry = running[first] {
            guard usedSlots(id) + entry.slots <= limit else { return started }
            resuming[id]?.removeFirst()
            running[first]?.isSuspended = false
            started.append(entry)
        }
        while var next = waiting[id]?.first, usedSlots(id) + next.slots <= limit {
            waiting[id]?.removeFirst()
            next.runStart = now
            running[next.request.query] = next
            started.append(next)
        }
        return started
    }
}
