import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_TRANSACTION_HISTORY".
    static let sysTransactionHistory = SystemView(
        "sys_transaction_history",
        [
            .int("user_id"), .big("transaction_id"), .text("isolation_level"), .text("status"),
            .time("transaction_start_time"), .time("commit_start_time"), .time("commit_end_time"),
            .big("blocks_committed"), .big("undo_transaction_id"),
        ]
    ) { state in
        state.events().transactions.map { transaction in
            [
                transaction.source.userValue, .int(transaction.source.transaction), .text(transaction.isolation),
                .text(transaction.isCommitted ? "committed" : "rolledback"), .timestamp(transaction.startTime),
                .timestamp(transaction.commitStart), .timestamp(transaction.commitEnd), .int(transaction.blocks),
                // Nothing is undone: what was not committed was never visible.
                .int(-1),
            ]
        }
    }
}
