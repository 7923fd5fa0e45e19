package import Catalog

/// A transaction that changed something, and its commit's stages; or one that was rolled back.
package struct TransactionEvent: LoggedEvent {
    package var source: EventSource
    package var isolation: String
    package var isCommitted: Bool
    package var startTime: Int64
    /// When it was asked for; of a rollback its beginning.
    package var commitStart: Int64
    package var commitEnd: Int64
    /// Blocks that it wrote, on all nodes.
    package var blocks: Int64

    package init(
        source: EventSource, isolation: String, isCommitted: Bool, startTime: Int64, commitStart: Int64,
        commitEnd: Int64, blocks: Int64
    ) {
        self.source = source
        self.isolation = isolation
        self.isCommitted = isCommitted
        self.startTime = startTime
        self.commitStart = commitStart
        self.commitEnd = commitEnd
        self.blocks = blocks
    }
}

/// A commit's way through the queue and onto the disk.
package struct CommitEvent: LoggedEvent {
    /// Blocks on one node.
    package struct Node: Hashable, Sendable {
        /// Before this commit.
        package var permanentBlocks: Int64
        /// Written by it.
        package var newBlocks: Int64

        package init(permanentBlocks: Int64, newBlocks: Int64) {
            self.permanentBlocks = permanentBlocks
            self.newBlocks = newBlocks
        }
    }

    package var source: EventSource
    /// It came to the queue; its turn came; the next version was made of it; the log was synced; it was visible.
    package var queuedTime: Int64
    package var workTime: Int64
    package var stagedTime: Int64
    package var syncedTime: Int64
    package var endTime: Int64
    /// Commits that were before it in the queue.
    package var queueLength: Int64
    /// That shared its sync, itself included.
    package var batched: Int64
    /// Bytes of the log record, those that share it together.
    package var logBytes: Int64
    /// By node.
    package var nodes: [Node]
    /// Transactions that wrote at the time, and the oldest of them.
    package var activeTransactions: Int64
    package var oldestTransaction: Int64

    package init(
        source: EventSource, queuedTime: Int64, workTime: Int64, stagedTime: Int64, syncedTime: Int64, endTime: Int64,
        queueLength: Int64, batched: Int64, logBytes: Int64, nodes: [Node], activeTransactions: Int64,
        oldestTransaction: Int64
    ) {
        self.source = source
        self.queuedTime = queuedTime
        self.workTime = workTime
        self.stagedTime = stagedTime
        self.syncedTime = syncedTime
        self.endTime = endTime
        self.queueLength = queueLength
        self.batched = batched
        self.logBytes = logBytes
        self.nodes = nodes
        self.activeTransactions = activeTransactions
        self.oldestTransaction = oldestTransaction
    }
}

/// A transaction that was refused because of what others have committed meanwhile: errors 1018 and 1023.
package struct ConflictEvent: LoggedEvent {
    package var source: EventSource
    package var startTime: Int64
    package var time: Int64
    package var table: TableID

    package init(source: EventSource, startTime: Int64, time: Int64, table: TableID) {
        self.source = source
        self.startTime = startTime
        self.time = time
        self.table = table
    }
}
