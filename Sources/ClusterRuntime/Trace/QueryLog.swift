import Dispatch
import QueryPlan
import SQLTypes
import Storage
import Synchronization

/// The statements that have ended, oldest first: in memory for the system tables, and in a file for the next process.
///
///     add ─▶ entries: as it is ──(own queue, off the query's path)──▶ packed ─▶ file
///
/// Both are bounded: by count, by bytes (of packed records; the file holds at least as many) and by age.
package final class QueryLog: Sendable {
    package struct Limits: Hashable, Sendable {
        package var count = 10_000
        /// Of packed records, in memory.
        package var bytes = 32 << 20
        /// Microseconds; Redshift keeps its STL tables for seven days.
        package var age: Int64 = 7 * 86_400 * 1_000_000

        package init() {}
    }

    private struct Entry {
        var query: LoggedQuery
        /// nil: not packed yet.
        var bytes: Int?
    }

    private struct State {
        /// Those before `first` are forgotten; dropped in bulk, since all others have to move.
        var entries: [Entry] = []
        var first = 0
        /// How many have ever been dropped from `entries`: entry i is number `dropped + i` of all.
        var dropped = 0
        /// How many of all have been packed.
        var packed = 0
        var bytes = 0
        var isPacking = false
        var failure: SQLError?

        mutating func trim(to limits: Limits, now: Int64) {
            while first < entries.count, isOver(limits, now) {
                bytes -= entries[first].bytes ?? 0
                first += 1
            }
            guard first > 64, first > entries.count / 8 else { return }
            entries.removeFirst(first)
            dropped += first
            first = 0
        }

        private func isOver(_ limits: Limits, _ now: Int64) -> Bool {
            entries.count - first > limits.count || bytes > limits.bytes
                || entries[first].query.summary.endTime < now - limits.age
        }
    }

    private let limits: Limits
    /// nil: the cluster is in memory.
    private let file: RecentRecords?
    private let queue = DispatchQueue(label: "blueshift.query-log", qos: .utility)
    private let state: Mutex<State>

    /// - Parameters:
    ///   - records: what the file has.
    ///   - now: microseconds since 2000-01-01 00:00:00 UTC.
    init(_ limits: Limits, file: RecentRecords?, records: [[UInt8]], now: Int64) {
        self.limits = limits
        self.file = file
        var state = State()
        for bytes in records.suffix(limits.count) {
            guard let (summary, end) = QueryRecord.summary(of: bytes) else { continue }
            state.entries.append(Entry(query: LoggedQuery(summary, packed: bytes, from: end), bytes: bytes.count))
            state.bytes += bytes.count
        }
        state.packed = state.entries.count
        state.trim(to: limits, now: now)
        self.state = Mutex(state)
    }

    /// Seen by all views from now on.
    func add(_ record: QueryRecord) {
        let mustStart = state.withLock { state in
            state.entries.append(Entry(query: LoggedQuery(record)))
            state.trim(to: limits, now: record.endTime)
            defer { state.isPacking = true }
            return !state.isPacking
        }
        if mustStart { queue.asyncAfter(deadline: .now() + QueryLog.delay) { self.packAll() } }
    }

    /// Records wait so long for others, which are packed with them: a short query takes less time than waking a thread
    /// for its record would.
    private static let delay = DispatchTimeInterval.milliseconds(100)

    /// Oldest first.
    var all: [LoggedQuery] { state.withLock { $0.entries[$0.first...].map(\.query) } }

    /// The greatest numbers of a query and of a transaction.
    var lastNumbers: (query: Int64, transaction: Int64) {
        all.reduce((0, 0)) { (max($0.0, $1.number), max($0.1, $1.summary.transaction)) }
    }

    /// Why records did not get into the file, once.
    func takeFailure() -> SQLError? {
        state.withLock { state in
            defer { if state.failure != nil { state.failure = nil } }
            return state.failure
        }
    }

    /// Returns when all that has been added is in the file.
    package func flush() async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            queue.async {
                self.packAll()
                done.resume()
            }
        }
    }

    // MARK: On the queue

    private func packAll() {
        while true {
            let (start, fresh) = state.withLock { state -> (Int, [LoggedQuery]) in
                let from = max(state.packed - state.dropped, state.first)
                let fresh = state.entries[from...].map(\.query)
                if fresh.isEmpty { state.isPacking = false }
                return (state.dropped + from, fresh)
            }
            guard !fresh.isEmpty else { return }
            let packed = fresh.map { $0.record.packed }
            write(packed.map(\.bytes))
            state.withLock { state in
                for (offset, (bytes, summaryEnd)) in packed.enumerated() {
                    let place = start + offset - state.dropped
                    guard place >= state.first else { continue }
                    let query = LoggedQuery(state.entries[place].query.summary, packed: bytes, from: summaryEnd)
                    state.entries[place] = Entry(query: query, bytes: bytes.count)
                    state.bytes += bytes.count
                }
                state.packed = start + packed.count
                if let now = fresh.last?.summary.endTime { state.trim(to: limits, now: now) }
            }
        }
    }

    private func write(_ records: [[UInt8]]) {
        guard let file else { return }
        do throws(SQLError) {
            try file.append(records)
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}

extension LoggedQuery {
    fileprivate convenience init(_ summary: QueryRecord, packed bytes: [UInt8], from end: Int) {
        // Nobody but this process's own memory has touched the bytes since they were written or checked.
        self.init(summary) { parts in summary.with(parts, of: bytes, from: end) ?? summary }
    }
}
