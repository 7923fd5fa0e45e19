import Catalog
import SQLTypes

extension SystemView {
    /// Tables that transactions write, and those that wait for them. - Source: PostgreSQL 8.0, "pg_locks".
    static let pgLocks = SystemView(
        "pg_locks",
        [
            Column("relation", .oid), Column("database", .oid), Column("transaction", .catalog(.xid)),
            Column("pid", .integer), Column("mode", .longText), Column("granted", .boolean),
        ]
    ) { state in
        let live = state.live()
        return live.locks.map { lock in
            let session = live.session(ofTransaction: lock.owner)
            // Table 0 stands for the definitions of all objects.
            let relation: SQLValue = lock.table.rawValue == 0 ? .null : .int(lock.table.rawValue)
            return [
                relation, .int(state.databaseNumber), .int(lock.owner & 0xFFFF_FFFF),
                session.map { .int($0.process) } ?? .null, .text("ShareRowExclusiveLock"), .boolean(lock.isGranted),
            ]
        }
    }
}
