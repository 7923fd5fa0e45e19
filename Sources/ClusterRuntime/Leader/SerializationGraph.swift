import Catalog
import SQLTypes
import Synchronization

/// Which transaction must have come before which other one, for a database at isolation level SERIALIZABLE: a circle
/// means that no order of them, one after the other, gives what they saw and wrote. The one that would close it fails.
///
///     T read a table, C wrote it, and T does not see C         T before C
///     C read or wrote a table that T wrote; T comes later      C before T
///     C wrote a table that T read, and T sees C                C before T
///
/// Tables, not rows: what Redshift's error names. Kept are those that a transaction which still runs does not see, or
/// that ran beside such a one.
/// - Source: Redshift developer guide, "Serializable isolation"; Adya, "Weak Consistency", 1999 (serialization graphs).
final class SerializationGraph: Sendable {
    struct Access: Hashable, Sendable {
        var reads: Set<TableID> = []
        var writes: Set<TableID> = []
    }

    private struct Finished {
        var number: Int64
        var snapshot: Int64
        /// `.max` while it commits.
        var commit: Int64
        var access: Access
        /// Numbers of those that come after it.
        var after: Set<Int64> = []
    }

    private struct State {
        /// Snapshots of the transactions that run.
        var running: [Int64: Int64] = [:]
        /// In the order in which they were admitted.
        var finished: [Finished] = []
    }

    private let state = Mutex(State())

    /// - Parameter snapshot: the last commit that the transaction sees.
    func begin(_ number: Int64, snapshot: Int64) { state.withLock { $0.running[number] = snapshot } }

    /// Asked just before the commit.
    /// - Throws: error 1023, if the transaction would close a circle. Then, or if its commit fails, `end` forgets it.
    func admit(_ number: Int64, _ access: Access, process: Int32) throws(SQLError) {
        let circle: (members: [Int64], table: TableID)? = state.withLock { state in
            guard let snapshot = state.running[number] else { return nil }
            var own = Finished(number: number, snapshot: snapshot, commit: .max, access: access)
            var before: Set<Int64> = []
            for other in state.finished {
                let isSeen = other.commit <= snapshot
                if !isSeen, !access.reads.isDisjoint(with: other.access.writes) { own.after.insert(other.number) }
                let isRead = isSeen && !access.reads.isDisjoint(with: other.access.writes)
                let isWritten = !access.writes.isDisjoint(with: other.access.writes.union(other.access.reads))
                if isRead || isWritten { before.insert(other.number) }
            }
            if let members = Self.path(from: own, to: before, state.finished) {
                let others = state.finished.filter { members.contains($0.number) }
                let table = others.flatMap { access.reads.intersection($0.access.writes) }.min()
                return (members + [number], table ?? access.writes.min() ?? TableID(0))
            }
            for index in state.finished.indices where before.contains(state.finished[index].number) {
                state.finished[index].after.insert(number)
            }
            state.finished.append(own)
            return nil
        }
        if let circle { throw .serializationCircle(circle.members.sorted(), on: circle.table, process: process) }
    }

    /// Transactions on a way from `start` to one of `ends`; nil: there is no way.
    private static func path(from start: Finished, to ends: Set<Int64>, _ finished: [Finished]) -> [Int64]? {
        var seen: Set<Int64> = []
        var ways = start.after.sorted().map { [$0] }
        while let way = ways.popLast() {
            guard let last = way.last, seen.insert(last).inserted else { continue }
            if ends.contains(last) { return way }
            for next in finished.first(where: { $0.number == last })?.after.sorted() ?? [] { ways.append(way + [next]) }
        }
        return nil
    }

    /// - Parameter commit: its number; nil: it did not commit.
    func end(_ number: Int64, commit: Int64? = nil) {
        state.withLock { state in
            state.running[number] = nil
            if let index = state.finished.firstIndex(where: { $0.number == number && $0.commit == .max }) {
                if let commit {
                    state.finished[index].commit = commit
                } else {
                    state.finished.remove(at: index)
                    for other in state.finished.indices { state.finished[other].after.remove(number) }
                }
            }
            // Those that every running transaction sees, and every one that ran beside one that is kept saw, are over.
            guard var oldest = state.running.values.min() else {
                state.finished.removeAll { $0.commit != .max }
                return
            }
            while let older = state.finished.filter({ $0.commit > oldest }).map(\.snapshot).min(), older < oldest {
                oldest = older
            }
            state.finished.removeAll { $0.commit <= oldest }
        }
    }

    /// For tests.
    var finishedCount: Int { state.withLock { $0.finished.count } }
}

extension SQLError {
    /// - Source: Redshift's message, as AWS's knowledge centre quotes it.
    static func serializationCircle(_ members: [Int64], on table: TableID, process: Int32) -> SQLError {
        SQLError(
            .serializationFailure, "1023",
            detail:
                "Serializable isolation violation on table - \(table.rawValue), transactions forming the cycle are: "
                + members.map(String.init).joined(separator: ", ") + " (pid:\(process))",
            hint: "Run the transaction again, or lock the tables at its beginning.")
    }
}
