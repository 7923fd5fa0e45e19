import Catalog
import SQLTypes

extension SystemView {
    /// Transactions that are open, and the tables that they hold or wait for.
    /// - Source: Redshift developer guide, "SVV_TRANSACTIONS".
    static let svvTransactions = SystemView(
        "svv_transactions",
        [
            Column("txn_owner", .varchar(length: 128)), Column("txn_db", .varchar(length: 128)),
            Column("xid", .bigint), Column("pid", .integer), Column("txn_start", .timestamp),
            Column("lock_mode", .varchar(length: 64)), Column("lockable_object_type", .varchar(length: 32)),
            Column("relation", .integer), Column("granted", .varchar(length: 8)),
        ]
    ) { state in
        let live = state.live()
        return live.sessions.flatMap { session -> [[SQLValue]] in
            guard let number = session.transaction, let start = session.transactionStart else { return [] }
            func row(_ mode: String, _ type: String, _ relation: SQLValue, _ isGranted: Bool) -> [SQLValue] {
                [
                    .text(session.user), .text(session.database), .int(number), .int(session.process),
                    .timestamp(start), .text(mode), .text(type), relation, .text(isGranted ? "t" : "f"),
                ]
            }
            return [row("ExclusiveLock", "transactionid", .null, true)]
                + live.locks.filter { $0.owner == number && $0.table.rawValue != 0 }.map {
                    row("ShareRowExclusiveLock", "relation", .int($0.table.rawValue), $0.isGranted)
                }
        }
    }
}
