import Catalog
import SQLTypes

extension SystemView {
    /// Tables that transactions write, and those that wait for them. Table 0 stands for schemas, users and
    /// privileges, a number below 0 for the name of a table or view that is being made, dropped or renamed.
    /// - Source: Redshift developer guide, "STV_LOCKS".
    static let stvLocks = SystemView(
        "stv_locks",
        [
            Column("table_id", .bigint), Column("last_commit", .timestamp), Column("last_update", .timestamp),
            Column("lock_owner", .bigint), Column("lock_owner_pid", .bigint), Column("lock_owner_start_ts", .timestamp),
            Column("lock_owner_end_ts", .timestamp), Column("lock_status", .char(length: 22)),
        ]
    ) { state in
        let live = state.live()
        return live.locks.map { lock in
            let session = live.session(ofTransaction: lock.owner)
            let start = session?.transactionStart.map { SQLValue.timestamp($0) } ?? .null
            return [
                .int(lock.table.rawValue), .null, .null, .int(lock.owner), session.map { .int($0.process) } ?? .null,
                start, .null, .text(lock.isGranted ? "Holding write lock" : "Waiting for write lock"),
            ]
        }
    }
}
