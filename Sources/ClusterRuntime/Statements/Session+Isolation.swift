import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage

// LOCK, ALTER DATABASE … ISOLATION LEVEL, and what a SERIALIZABLE database asks of each transaction.

extension DatabaseSession {
    /// Waits for the tables and keeps them until the transaction ends. The block sees what was committed before: its
    /// snapshot, unless it has one, is that of its next statement.
    func execute(_ lock: LockStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        guard let block = transaction else {
            // Nothing would be held by the time that the client can send its next statement.
            return StatementResult(
                tag: "LOCK TABLE",
                notices: [Notice(.warning, "LOCK TABLE can only be used in transaction blocks; it has no effect here")])
        }
        let planned = try plan(.lock(lock), run, block.version ?? current)
        guard case .lock(let tables) = planned else { throw SQLError.internalError("LOCK of no tables") }
        stopWaiting(whenCancelled: run, owner: block.number)
        for table in tables.sorted() { try await leader.lock(table, owner: block.number, run.control) }
        try run.control.check()
        return StatementResult(tag: "LOCK TABLE")
    }

    /// A cancelled statement must not go on waiting for a table.
    func stopWaiting(whenCancelled run: StatementRun, owner: Int64) {
        run.control.onCancel { [leader, weak control = run.control] in
            leader.stopWaiting(owner: owner, control?.error ?? .queryCanceled)
        }
    }

    // MARK: Serializable

    /// Transaction blocks, and statements that write, are followed as soon as they have a snapshot.
    func follow(_ number: Int64, _ version: DatabaseVersion) {
        guard version.catalog.isolation(of: record.database) == .serializable else { return }
        leader.serialization.begin(number, snapshot: version.commit)
    }

    /// What a plan reads counts as read by the block, or by the statement if there is none.
    func note(reads plan: QueryPlan) { access.reads.formUnion(plan.tables) }

    /// - Throws: error 1023, if this transaction and others cannot have run one after the other.
    func admit(_ changes: [CommitRecord.Change], by number: Int64) throws(SQLError) {
        var all = access
        all.writes.formUnion(changes.compactMap(\.writtenTable))
        try leader.serialization.admit(number, all, process: record.process)
    }
}

extension CommitRecord.Change {
    /// The table whose rows or definition change.
    fileprivate var writtenTable: TableID? {
        switch self {
        case .createTable(let table), .replaceTable(let table): table.id
        case .dropTable(let id), .append(let id, _, _), .replace(let id, _, _), .delete(let id, _, _): id
        default: nil
        }
    }
}
