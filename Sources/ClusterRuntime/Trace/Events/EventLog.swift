import Dispatch
import QueryPlan
import SQLTypes
import Storage
import Synchronization

/// The logged events of a cluster: kept in memory, the latest of each kind, and written behind.
///
///     add(event)          any thread: in memory at once
///     … writeDelay        what came meanwhile goes together
///     RecentRecords       one file for each kind, without waiting for the disk
///
/// What a process that is killed has not yet written is gone: the last fraction of a second. Nothing depends on it.
final class EventLog: Sendable {
    private static let writeDelay = DispatchTimeInterval.milliseconds(200)

    private struct State {
        var history = EventHistory()
        /// Not yet in the files.
        var unwritten: [EventKind: [[UInt8]]] = [:]
        var isScheduled = false
        var isClosed = false
        var failure: SQLError?
    }

    private let state: Mutex<State>
    private let files: [EventKind: RecentRecords]
    private let queue = DispatchQueue(label: "blueshift.events")
    private let onFailure: @Sendable (SQLError) -> Void
    /// The highest numbers that processes before this one have given out, as far as is known.
    let lastQuery: Int64
    let lastTransaction: Int64

    /// - Parameters:
    ///   - stored: what the files have.
    ///   - onFailure: told once when events cannot be written any more.
    init(
        _ files: [EventKind: RecentRecords], stored: [EventKind: [[UInt8]]],
        onFailure: @escaping @Sendable (SQLError) -> Void
    ) {
        var history = EventHistory()
        var sources: [EventSource] = []
        for kind in EventKind.allCases { history.add(stored[kind] ?? [], of: kind, &sources) }
        lastQuery = sources.reduce(0) { max($0, $1.query) }
        lastTransaction = sources.reduce(0) { max($0, $1.transaction) }
        self.files = files
        self.onFailure = onFailure
        state = Mutex(State(history: history))
    }

    /// Reads the files of a cluster that is being opened.
    static func load(from storage: ClusterStorage) throws(SQLError) -> (
        files: [EventKind: RecentRecords], stored: [EventKind: [[UInt8]]]
    ) {
        var files: [EventKind: RecentRecords] = [:]
        var stored: [EventKind: [[UInt8]]] = [:]
        for kind in EventKind.allCases {
            let file = storage.recentRecords(kind.fileName, bytesMax: EventKind.fileBytesMax)
            stored[kind] = try file.load()
            files[kind] = file
        }
        return (files, stored)
    }

    var history: EventHistory { state.withLock { $0.history } }

    func add<Event: CodedEvent>(_ event: Event) { add([event]) }

    func add<Event: CodedEvent>(_ events: [Event]) {
        guard !events.isEmpty else { return }
        let encoded = events.map(\.encoded)
        let schedules = state.withLock { state in
            state.history.add(events)
            guard !state.isClosed, state.failure == nil else { return false }
            state.unwritten[Event.eventKind, default: []] += encoded
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard schedules else { return }
        // Weakly: a cluster that is dropped without being shut down writes nothing into a directory that is no longer its own.
        queue.asyncAfter(deadline: .now() + EventLog.writeDelay) { [weak self] in self?.write() }
    }

    /// Everything is in the files on return; what comes later goes nowhere. Waits for the disk: never called on the log's own
    /// queue, on a slice or an actor.
    func close() {
        queue.sync { write() }
        state.withLock { $0.isClosed = true }
    }

    private func write() {
        let batch = state.withLock { state in
            state.isScheduled = false
            defer { state.unwritten = [:] }
            return state.isClosed ? [:] : state.unwritten
        }
        for kind in EventKind.allCases {
            guard let records = batch[kind], let file = files[kind] else { continue }
            do throws(SQLError) {
                try file.append(records)
            } catch {
                let isFirst = state.withLock { state in
                    defer { state.failure = error }
                    return state.failure == nil
                }
                if isFirst { onFailure(error) }
                return
            }
        }
    }
}

extension EventHistory {
    fileprivate mutating func add<Event: CodedEvent>(_ events: [Event]) {
        let kept = Event.eventKind.keptMax
        self[keyPath: Event.place] += events
        let count = self[keyPath: Event.place].count
        // Dropped in bulk: the oldest of an array are moved over by all others.
        if count > kept + kept / 4 { self[keyPath: Event.place].removeFirst(count - kept) }
    }

    fileprivate mutating func add(_ records: [[UInt8]], of kind: EventKind, _ sources: inout [EventSource]) {
        switch kind {
        case .loads: add(records, LoadEvent.self, &sources)
        case .loadedFiles: add(records, LoadedFileEvent.self, &sources)
        case .replacements: add(records, ReplacementEvent.self, &sources)
        case .objectRequests: add(records, ObjectRequestEvent.self, &sources)
        case .unloads: add(records, UnloadEvent.self, &sources)
        case .unloadedFiles: add(records, UnloadedFileEvent.self, &sources)
        case .vacuums: add(records, VacuumEvent.self, &sources)
        case .analyzes: add(records, AnalyzeEvent.self, &sources)
        case .transactions: add(records, TransactionEvent.self, &sources)
        case .commits: add(records, CommitEvent.self, &sources)
        case .conflicts: add(records, ConflictEvent.self, &sources)
        case .connections: add(records, ConnectionEvent.self, &sources)
        case .sessions: add(records, SessionEvent.self, &sources)
        case .users: add(records, UserEvent.self, &sources)
        case .alerts: add(records, AlertEvent.self, &sources)
        }
    }

    private mutating func add<Event: CodedEvent>(
        _ records: [[UInt8]], _: Event.Type, _ sources: inout [EventSource]
    ) {
        let events = records.compactMap(Event.init(decoding:))
        sources += events.map(\.source)
        add(events)
    }
}
